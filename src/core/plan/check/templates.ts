/** Names in prompts and other templates: one that nothing answers to is told with its own place. */
import type { Plan, PlanAgent } from '../model.ts';
import { didYouMean } from '../../nearest.ts';
import type { Places } from '../places.ts';
import { needsTask } from '../prompt/brief.ts';
import { parseTemplate } from '../prompt/template.ts';
import { templateValues } from '../prompt/values.ts';
import type { TemplateSubject } from '../prompt/values.ts';
import { shorten } from '../reader.ts';
import type { PlanPrompt } from '../sections/prompt.ts';
import type { PlanTask } from '../sections/task.ts';
import type { Place, ProblemList } from '../tree.ts';

export function checkTemplates(plan: Plan, places: Places, problems: ProblemList): void {
  const checker = new TemplateChecker(plan, places, problems);
  const anyTask = plan.tasks[0] ?? ANY_TASK;
  const anyAgent = plan.agents[0] ?? null;
  for (const [name, prompt] of Object.entries(plan.prompts)) {
    if (prompt.kind === 'use') {
      problems.error(places.of(prompt), `"${name}" of "prompts" must be a text or a file; write it out`);
    } else {
      checker.prompt(prompt, { agent: anyAgent, task: anyTask }, `prompt "${name}"`);
    }
  }
  for (const agent of plan.agents) {
    const task = plan.tasks.find((candidate) => candidate.agent === agent.id) ?? null;
    checker.prompt(agent.prompt, { agent, task }, `the prompt of agent "${agent.id}"`);
  }
  for (const task of plan.tasks) {
    const agent = agentOf(plan, task.agent);
    const what = `the prompt of task "${task.id}"`;
    checker.prompt(task.prompt, { agent, task }, what);
    checker.text(task.commit, places.field(task, 'commit'), { agent, task }, `"commit" of task "${task.id}"`);
  }
  const general = { agent: anyAgent, task: anyTask };
  checker.text(
    plan.commits?.template ?? null,
    plan.commits && places.field(plan.commits, 'template'),
    general,
    '"template" of "commits"',
  );
  for (const milestone of plan.milestones) {
    const at = places.field(milestone, 'commit');
    const owner = { agent: agentOf(plan, milestone.owner), task: null, milestone };
    checker.text(milestone.commit?.message ?? null, at, owner, `"commit" of milestone "${milestone.id}"`);
  }
  for (const template of plan.github?.issueTemplates ?? []) {
    const subject = template.id === 'milestone' ? milestoneSubject(plan) : general;
    const what = `issue template "${template.id}"`;
    checker.prompt(template.body, subject, what);
    checker.text(template.title, places.field(template, 'title'), subject, `"title" of ${what}`);
  }
}

/** Issues of milestones are about none of their tasks. */
function milestoneSubject(plan: Plan): TemplateSubject {
  const [milestone] = plan.milestones;
  return { agent: plan.agents[0] ?? null, task: null, ...(milestone ? { milestone } : {}) };
}

/** For texts that are meant for any task, in a plan that has none yet. */
const ANY_TASK: PlanTask = {
  id: 'any',
  title: null,
  agent: null,
  phase: null,
  dependsOn: [],
  runsBeside: [],
  estimateHours: null,
  files: [],
  inputs: [],
  references: [],
  deliverables: [],
  acceptance: [],
  validation: [],
  prompt: null,
  priority: 'medium',
  labels: [],
  issue: null,
  commit: null,
  notes: null,
  stuckAfter: null,
  done: false,
};

function agentOf(plan: Plan, id: string | null): PlanAgent | null {
  return plan.agents.find((agent) => agent.id === id) ?? null;
}

class TemplateChecker {
  readonly #plan: Plan;
  readonly #places: Places;
  readonly #problems: ProblemList;
  /** Names are the same for all tasks: they are made once for each kind of subject. */
  readonly #names = new Map<string, ReadonlySet<string>>();

  constructor(plan: Plan, places: Places, problems: ProblemList) {
    this.#plan = plan;
    this.#places = places;
    this.#problems = problems;
  }

  prompt(prompt: PlanPrompt | null, subject: TemplateSubject, what: string): void {
    if (prompt === null) return;
    if (prompt.kind === 'use') {
      const named = this.#plan.prompts[prompt.name];
      const at = this.#places.of(prompt);
      if (!named) {
        const known = Object.keys(this.#plan.prompts);
        const remedy = didYouMean(prompt.name, known) || '; write it under "prompts:"';
        this.#problems.error(at, `${what} is "${shorten(prompt.name)}", which is none of "prompts"${remedy}`);
      } else if (named.kind === 'text') {
        this.#taskless(named.text, subject, at, what);
      }
      return;
    }
    this.#check(prompt.text, subject, what, (offset) => this.#places.locate(prompt, offset));
  }

  text(text: string | null, at: Place | null, subject: TemplateSubject, what: string): void {
    if (text !== null && at !== null) this.#check(text, subject, what, () => at);
  }

  /** A shared prompt is right by itself, but an agent without a task can't be told about one. */
  #taskless(text: string, { task }: TemplateSubject, at: Place, what: string): void {
    if (task !== null || !needsTask(text)) return;
    this.#problems.error(at, `${what} speaks of a task, but its agent has none; give it one, or use another prompt`);
  }

  #check(text: string, subject: TemplateSubject, what: string, place: (offset: number) => Place): void {
    for (const part of parseTemplate(text)) {
      if (part.kind === 'broken') {
        const remedy = 'write {{task.title}} or the like, or \\{{ for two braces';
        this.#problems.error(place(part.at), `"{{" in ${what} ${part.why}; ${remedy}`);
      } else if (part.kind === 'name') {
        const known = this.#known(subject);
        const { name, at } = part.name;
        if (known.has(name)) continue;
        this.#problems.error(
          place(at),
          `{{${shorten(name)}}} in ${what} is unknown${this.#remedy(name, subject, known)}`,
        );
      }
    }
  }

  #remedy(name: string, { task }: TemplateSubject, known: ReadonlySet<string>): string {
    if (task === null && (name.startsWith('task.') || name.startsWith('dependencies.'))) {
      return ': its agent has no task; give it one in "tasks"';
    }
    const near = didYouMean(name, known);
    if (near !== '') return near;
    const group = `${name.split('.')[0]}.`;
    const like = [...known].filter((candidate) => candidate.startsWith(group));
    return `; known here: ${(like.length > 0 ? like : [...known]).slice(0, 12).join(', ')}`;
  }

  #known(subject: TemplateSubject): ReadonlySet<string> {
    const key = `${subject.agent !== null}${subject.task !== null}${subject.milestone !== undefined}`;
    const known = this.#names.get(key) ?? new Set(templateValues(this.#plan, subject).keys());
    this.#names.set(key, known);
    return known;
  }
}
