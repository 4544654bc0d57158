/** Tools that tell an agent where it stands, and who does what. */
import { z } from 'zod';
import type { Agent } from '../../core/model/agent.ts';
import { taskBrief } from '../../core/plan/prompt/brief.ts';
import { inHandOf } from '../../core/schedule/standing.ts';
import type { State } from '../../core/model/state.ts';
import type { Seen, StatusDocument } from './agent-session.ts';
import { tool } from './tool.ts';

const NOTHING = z.strictObject({});
/** A model's window is dear: past this many paths a count has to do. */
const PATHS = 60;
const TASKS = 150;

export const myTask = tool(
  {
    name: 'my_task',
    title: 'My task',
    description:
      'What you are asked to do: the prompt, your task with its files, acceptance criteria and dependencies, your open todos with the ids that tick_todo takes, and the files that you hold. Read it when you start and whenever you are unsure.',
    input: NOTHING,
    readOnly: true,
  },
  async ({ see }) => taskOf(await see()),
);

export const planOverview = tool(
  {
    name: 'plan_overview',
    title: 'The plan',
    description:
      'The whole plan at a glance: every task with its agent, state and dependencies, milestones, gates, and whether build and tests are green. Use it to see what waits for you and what you wait for.',
    input: NOTHING,
    readOnly: true,
  },
  async ({ see }) => {
    const { state, status } = await see();
    const { milestones, gates, health, todos, session } = status;
    const left = status.tasks.filter((task) => task.state !== 'done');
    const open = todos.filter(({ done }) => !done).length;
    return {
      plan: state.session.planName,
      base: session.base,
      integration: session.integration,
      tasksDone: status.tasks.length - left.length,
      tasksLeft: left.slice(0, TASKS).map(briefly),
      ...(left.length > TASKS ? { andMoreLeft: left.length - TASKS } : {}),
      milestones: milestones.map(({ id, title, owner, state: stands }) => ({ id, title, owner, state: stands })),
      gates: gates.map(({ id, title, state: stands, reason, after, before }) => ({
        id,
        title,
        state: stands,
        reason,
        after,
        before,
      })),
      health,
      todos: { open, done: todos.length - open },
    };
  },
);

export const whoWorksOnWhat = tool(
  {
    name: 'who_works_on_what',
    title: 'Who works on what',
    description:
      'The other agents: state, what each is at, its task, the files that it has changed and the ones it has claimed. Look here before you touch a file that may be somebody else’s.',
    input: NOTHING,
    readOnly: true,
  },
  async ({ see, agent }) => {
    const { status } = await see();
    return { you: agent, agents: status.agents.map((one) => agentOf(one)) };
  },
);

export const overlaps = tool(
  {
    name: 'overlaps',
    title: 'Overlaps',
    description:
      'Files that both you and another agent have changed, and whether git can combine the changes. llmctl merges what combines by itself; a conflict is settled by a person.',
    input: z.strictObject({
      everyone: z.boolean().default(false).describe('Those between other agents too; by default only yours'),
    }),
    readOnly: true,
  },
  async ({ see, agent }, { everyone }) => {
    const { status } = await see();
    const open = status.overlaps.filter(
      ({ state, agents }) => state !== 'resolved' && (everyone || agents.includes(agent)),
    );
    if (open.length === 0)
      return everyone ? 'no two agents have changed the same file' : 'nobody changed a file of yours';
    return {
      overlaps: open.map(({ path, agents, state, verdict, reason }) => ({ path, agents, state, verdict, reason })),
    };
  },
);

function taskOf({ state, status, me }: Seen) {
  const { id, name } = me.spec;
  const doc = status.agents.find((one) => one.id === id);
  const hand = inHandOf(state.work, id);
  const mine = status.tasks.filter((task) => task.agent === id && task.state !== 'done');
  return {
    agent: id,
    name,
    folder: folderOf(me, status),
    branch: doc?.branch ?? '',
    prompt: promptOf(state, me, hand?.id ?? null),
    task: mine.find((task) => task.id === hand?.id) ?? null,
    later: mine.filter((task) => task.id !== hand?.id).map(briefly),
    todos: status.todos
      .filter((todo) => todo.agent === id && !todo.done)
      .map(({ id: todo, text, task, proof }) => ({ id: todo, text, task, proof })),
    holds: doc?.claims ?? [],
  };
}

/** What it was told, without what is put around it for a program that is no coding agent. */
function promptOf({ work }: State, { spec }: Agent, task: string | null): string | null {
  const planned = work?.plan.tasks.find(({ id }) => id === task);
  return work && planned ? taskBrief(work.plan, planned, spec.id) : spec.prompt;
}

function briefly({ id, title, agent, state, progress, dependsOn, waitsFor }: StatusDocument['tasks'][number]) {
  return { id, title, agent, state, progress, dependsOn, waitsFor };
}

/** Top of the tree that it works in: what its paths are relative to. */
export function folderOf({ tree }: Agent, { session }: StatusDocument): string {
  return tree?.dir ?? session.repo;
}

function agentOf({
  id,
  name,
  state,
  since,
  reason,
  activity,
  task,
  branch,
  progress,
  changed,
  claims,
}: StatusDocument['agents'][number]) {
  const more = changed.length > PATHS ? { andMoreChanged: changed.length - PATHS } : {};
  return {
    id,
    name,
    state,
    since,
    reason,
    activity,
    task,
    branch,
    progress,
    changed: changed.slice(0, PATHS),
    ...more,
    claims,
  };
}
