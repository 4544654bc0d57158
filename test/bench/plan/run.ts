/**
 * `npm run bench -- plan`: what a plan of 2,000 tasks and 10,000 dependencies costs: to be checked, to be taken, and for every
 * event of its agents. Writes bench/DATE-plan.json and prints a table.
 */
import { parsePlan } from '../../../src/adapters/planfile/load.ts';
import { decide } from '../../../src/core/decide.ts';
import { isRefusal } from '../../../src/core/decide/refuse.ts';
import { evolve } from '../../../src/core/evolve.ts';
import type { Command } from '../../../src/core/model/commands.ts';
import { emptyState, type State } from '../../../src/core/model/state.ts';
import { isInHand } from '../../../src/core/model/work.ts';
import type { Plan } from '../../../src/core/plan/model.ts';
import { quantile, short } from '../figures.ts';

const TASKS = 2_000;
const EACH = 5;
const AGENTS = ['ana', 'ben', 'cleo', 'dan'];

export type PlanFigures = Readonly<Record<string, number>>;

/** The same on every machine: a linear congruential generator (Numerical Recipes). */
function numbers(seed: number): (below: number) => number {
  let at = seed;
  return (below) => {
    at = (Math.imul(at, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((at / 2 ** 32) * below);
  };
}

function planText(): string {
  const pick = numbers(1);
  const tasks = Array.from({ length: TASKS }, (_, at) => {
    const before = new Set<string>();
    // The first ones have fewer before them: the others make up for it.
    while (before.size < Math.min(at, EACH + 1) && before.size < (at < 20 ? at : EACH)) before.add(`t${pick(at)}`);
    const agent = AGENTS[at % AGENTS.length];
    return {
      id: `t${at}`,
      agent,
      estimateHours: [1, 3],
      dependsOn: [...before],
      deliverables: ['a', 'b'],
      acceptance: ['c'],
    };
  });
  const agents = AGENTS.map((id) => ({ id, profile: 'claude' }));
  return JSON.stringify({ version: 1, name: 'large', agents, tasks }, null, 1);
}

/** Asks as the daemon does: decided, then folded. */
class Desk {
  state: State = emptyState({ id: 's', repo: '/r', git: true, startedAt: 0, plan: null, planName: '', pid: 1 });
  #ids = 0;

  /** @returns milliseconds that it took to decide */
  ask(command: Command): number {
    const now = this.state.seq;
    const from = performance.now();
    const decision = decide(this.state, command, { now, newId: () => `i${++this.#ids}` });
    const ms = performance.now() - from;
    if (isRefusal(decision)) throw new Error(decision.refused);
    for (const event of decision) this.state = evolve(this.state, { seq: this.state.seq + 1, at: now, event });
    return ms;
  }
}

function runThrough(plan: Plan): PlanFigures {
  const desk = new Desk();
  for (const id of AGENTS) {
    const where = { cwd: '/r', worktree: null, env: {}, prompt: null, task: null, origin: 'plan' } as const;
    desk.ask({ type: 'agent.add', agent: { id, name: id, profile: 'claude', command: ['c'], ...where }, start: false });
  }
  const taken = desk.ask({ type: 'plan.take', plan, path: null });
  const times: number[] = [];
  for (;;) {
    const hand = Object.values(desk.state.work!.tasks).find((task) => task.agent !== null && isInHand(task));
    if (!hand?.agent) break;
    const agent = hand.agent;
    if (desk.state.agents[agent]!.run === null) desk.ask({ type: 'pty.spawned', agent, pid: 1, token: agent });
    times.push(desk.ask({ type: 'agent.report', agent, kind: 'progress', percent: 50, text: '' }));
    times.push(desk.ask({ type: 'agent.report', agent, kind: 'done', percent: null, text: '' }));
  }
  const done = Object.values(desk.state.work!.tasks).filter(({ stage }) => stage === 'done').length;
  if (done !== TASKS) throw new Error(`only ${done} of ${TASKS} tasks were done`);
  return {
    'take ms': taken,
    'event p50': quantile(times, 0.5),
    'event p95': quantile(times, 0.95),
    'event max': Math.max(...times),
  };
}

export function benchPlan(): { results: PlanFigures; table: string } {
  const text = planText();
  const from = performance.now();
  const loaded = parsePlan(text, 'large.yaml');
  const checkMs = performance.now() - from;
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('\n'));
  const dependencies = loaded.plan.tasks.reduce((sum, { dependsOn }) => sum + dependsOn.length, 0);
  const results = { tasks: TASKS, dependencies, 'check ms': checkMs, ...runThrough(loaded.plan) };
  return { results, table: planTable(results) };
}

const LINES: readonly { readonly label: string; readonly figure: string; readonly limit?: number }[] = [
  { label: 'check', figure: 'check ms', limit: 1_000 },
  { label: 'taken into the session', figure: 'take ms' },
  { label: 'an event p50', figure: 'event p50' },
  { label: 'an event p95', figure: 'event p95', limit: 50 },
  { label: 'an event, the slowest', figure: 'event max' },
];

function planTable(results: PlanFigures): string {
  const rows = LINES.map(({ label, figure, limit }) => {
    const value = results[figure] ?? Number.NaN;
    const held = limit === undefined ? '' : value <= limit ? 'yes' : 'no';
    return `| ${label}, ms | ${short(value)} | ${limit === undefined ? '' : `≤ ${limit} ms`} | ${held} |`;
  });
  const head = `${results.tasks} tasks, ${results.dependencies} dependencies`;
  return [`| | ${head} | target | met |`, '|---|---:|---|---|', ...rows].join('\n');
}
