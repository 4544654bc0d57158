/** A session with a plan, as the daemon folds it; what the daemon would do is told by hand. */
import { decide } from './decide.ts';
import { isRefusal } from './decide/refuse.ts';
import { evolve } from './evolve.ts';
import { assertInvariants } from './invariants.ts';
import { isOpen } from './landing/landing.ts';
import type { ClientCommand, Command } from './model/commands.ts';
import type { Effect } from './model/effects.ts';
import type { JournalEntry } from './model/events.ts';
import { emptyState, type State } from './model/state.ts';
import type { TaskStateName, TaskWork } from './model/work.ts';
import type { Plan } from './plan/model.ts';
import { validatePlan } from './plan/validate.ts';
import type { Tree } from './plan/tree.ts';
import { react } from './react.ts';
import { isReached } from './schedule/follow-gates.ts';
import { isSettled } from './schedule/needs.ts';
import { planIndex } from './schedule/plan-index.ts';
import { agentFor, standingOf, taskState } from './schedule/standing.ts';

const AT = { line: 1, column: 1 };

/** Data as a document that was read. */
function treeOf(value: unknown): Tree {
  if (Array.isArray(value)) return { kind: 'list', at: AT, items: value.map(treeOf) };
  switch (typeof value) {
    case 'string':
      return { kind: 'text', at: AT, value };
    case 'number':
      return { kind: 'number', at: AT, value, source: String(value) };
    case 'boolean':
      return { kind: 'flag', at: AT, value, source: String(value) };
    default:
      break;
  }
  if (value === null || value === undefined) return { kind: 'nothing', at: AT };
  const entries = Object.entries(value).flatMap(([key, one]) =>
    one === null ? [] : [{ key, keyAt: AT, value: treeOf(one) }],
  );
  return { kind: 'map', at: AT, entries };
}

export const AGENTS = ['ana', 'ben', 'cleo'] as const;

/** A plan as its file says it, without version, name and agents. @throws Error with what is wrong with it */
export function planOf(parts: Readonly<Record<string, unknown>>): Plan {
  const agents = AGENTS.map((id) => ({ id, profile: 'claude' }));
  const { plan, problems } = validatePlan(treeOf({ version: 1, name: 'test', agents, ...parts }), 'plan');
  if (plan === null) throw new Error(problems.map(({ message }) => message).join('\n'));
  return plan;
}

export class WorkSession {
  state: State = emptyState({ id: 's', repo: '/r', git: true, startedAt: 0, plan: null, planName: '', pid: 1 });
  readonly journal: JournalEntry[] = [];
  readonly effects: Effect[] = [];
  /** Stages of tasks and states of gates that there ever were. */
  readonly seen = new Set<string>();
  #ids = 0;
  #at = 0;
  readonly #from: number;

  /** @param from - milliseconds since 1970 at which it begins */
  constructor(plan: Plan, trees = true, from = 0) {
    this.#from = from;
    for (const { id } of plan.agents) {
      const worktree = trees ? `/r/.llmctl/worktrees/${id}` : null;
      const where = { cwd: worktree ?? '/r', worktree, env: {}, prompt: null, task: null };
      const agent = { id, name: id, profile: 'claude', command: ['claude'], ...where, origin: 'plan' } as const;
      this.ask({ type: 'agent.add', agent, start: false });
    }
    this.ask({ type: 'plan.take', plan, path: '/r/llmctl.yaml' });
  }

  /** Time passes, and the session looks what is due. */
  wait(ms: number): void {
    this.#at += ms / 1000;
    this.ask({ type: 'watch.look' });
  }

  get now(): number {
    return this.#from + this.#at * 1000;
  }

  /** @returns the refusal; null where it was done */
  ask(command: Command): string | null {
    const now = this.#from + ++this.#at * 1000;
    const decision = decide(this.state, command, { now, newId: () => `i${++this.#ids}` });
    if (isRefusal(decision)) return decision.refused;
    for (const event of decision) {
      const before = this.state;
      const entry = { seq: before.seq + 1, at: now, event };
      this.state = evolve(before, entry);
      this.journal.push(entry);
      assertInvariants(this.state, before);
      for (const { stage } of Object.values(this.state.work?.tasks ?? {})) this.seen.add(stage);
      for (const { state } of Object.values(this.state.work?.gates ?? {})) this.seen.add(state);
      this.effects.push(...react(this.state, event));
    }
    return null;
  }

  spawned(id: string): void {
    const dir = `/r/.llmctl/worktrees/${id}`;
    if (this.state.agents[id]?.spec.worktree) {
      const tree = { dir, branch: `llmctl/${id}`, portBase: null, made: 'new' } as const;
      this.ask({ type: 'agent.placed', agent: id, tree });
    }
    this.ask({ type: 'pty.spawned', agent: id, pid: 1, token: id });
  }

  report(
    agent: string,
    kind: Extract<ClientCommand, { type: 'agent.report' }>['kind'],
    text = '',
    percent: number | null = null,
  ): string | null {
    return this.ask({ type: 'agent.report', agent, kind, percent, text });
  }

  /** Results of the verification that is under way. */
  checked(task: string, ok: readonly boolean[], reason = 'no'): void {
    const run = this.task(task)?.run ?? '';
    this.ask({ type: 'task.checked', task, run, outcomes: ok.map((one, index) => outcome(index, one, reason)) });
  }

  gateChecked(gate: string, ok: readonly boolean[], output: readonly string[] = []): void {
    const run = this.state.work?.gates[gate]?.run ?? '';
    const outcomes = ok.map((one, index) => ({ ...outcome(index, one, 'no'), output }));
    this.ask({ type: 'gate.checked', gate, run, outcomes });
  }

  /** Its work goes through the queue. @param fault that it fails with; null: it lands */
  landed(task: string, fault: 'own' | 'tip' | null = null): void {
    const { agent } = this.task(task)!;
    this.ask({ type: 'landing.ready', agent: agent!, landing: `l${++this.#ids}`, commit: 'c' });
    const landing = this.state.landings.findLast((one) => one.task === task && isOpen(one))!.id;
    const failed = { fault: fault ?? 'own', partner: null, reason: 'broken', firstError: null } as const;
    this.ask({
      type: 'landing.fact',
      fact:
        fault === null
          ? { type: 'landing.landed', landing, merge: `m-${task}` }
          : { type: 'landing.failed', landing, ...failed },
    });
  }

  /** Agents of the plan that were taken out are added again. */
  bringBack(): void {
    for (const { id } of this.state.work?.plan.agents ?? []) {
      if (this.state.agents[id]) continue;
      const where = { cwd: '/r', worktree: null, env: {}, prompt: null, task: null };
      const agent = { id, name: id, profile: 'claude', command: ['claude'], ...where, origin: 'plan' } as const;
      this.ask({ type: 'agent.add', agent, start: false });
    }
  }

  /** Everybody does what the plan has for them, until nothing is left to do. */
  finish(): void {
    for (let turn = 0; turn < 5_000; turn++) if (!this.#step()) return;
    throw new Error(`does not end: ${JSON.stringify([this.states(), this.state.work?.gates, this.journal.slice(-6)])}`);
  }

  #step(): boolean {
    return this.#stepAgents() || this.#stepGates() || this.#stepTasks();
  }

  #stepAgents(): boolean {
    const states = this.states();
    const wanted = new Set<string>();
    const standing = standingOf(this.state);
    for (const [id, state] of Object.entries(states)) {
      const agent = this.task(id)!.agent ?? agentFor(standing!, id);
      if (agent !== null && ['ready', 'running', 'blocked'].includes(state)) wanted.add(agent);
    }
    for (const { spec, status, pending } of Object.values(this.state.agents)) {
      const { id } = spec;
      if (status.state === 'starting') this.spawned(id);
      else if (pending === 'pausing') this.ask({ type: 'tree.pause-failed', agent: id, reason: 'no' });
      else if (pending === 'stopping' || pending === 'restarting') this.exited(id, 0);
      else if (status.state === 'paused') {
        if (pending === null) this.ask({ type: 'agent.resume', agent: id });
        this.ask({ type: 'tree.resumed', agent: id, by: { kind: 'person', name: 'ana' } });
      } else if (['stopped', 'failed', 'done'].includes(status.state) && wanted.has(id) && this.#isOut(id))
        this.ask({ type: 'agent.restart', agent: id });
      else continue;
      return true;
    }
    return false;
  }

  #isOut(agent: string): boolean {
    return this.state.agents[agent]!.run === null;
  }

  #stepGates(): boolean {
    const standing = standingOf(this.state);
    for (const [id, gate] of Object.entries(this.state.work?.gates ?? {})) {
      if (gate.state === 'running')
        this.gateChecked(
          id,
          gate.checks.map(() => true),
        );
      else if (gate.asked && this.#isReached(id)) this.ask({ type: 'gate.pass', gate: id, reason: '', force: false });
      else if (gate.state === 'failed' && !isSettled(standing!, id) && !this.#isFallback(id)) {
        this.ask({ type: 'gate.waive', gate: id, reason: '' });
      } else continue;
      return true;
    }
    return false;
  }

  #isReached(gate: string): boolean {
    const standing = standingOf(this.state)!;
    return isReached(standing, standing.index.gates.get(gate)!);
  }

  #isFallback(gate: string): boolean {
    return planIndex(this.state.work!.plan).gates.get(gate)!.onFail.kind === 'fallback';
  }

  #stepTasks(): boolean {
    const states = this.states();
    for (const [id, task] of Object.entries(this.state.work?.tasks ?? {})) {
      if (task.stage === 'verifying') this.checked(id, [true]);
      else if (task.stage === 'landing') this.landed(id);
      else if (task.stage === 'blocked' || task.stage === 'failed')
        this.ask({ type: 'task.retry', task: id, force: true });
      else if (task.stage === 'running' && task.agent !== null) this.report(task.agent, 'done');
      else if (task.stage === 'running' || (task.offered && states[id] === 'ready'))
        this.ask({ type: 'task.done', task: id, force: false });
      else continue;
      return true;
    }
    return false;
  }

  exited(agent: string, code: number): void {
    this.ask({ type: 'pty.exited', agent, exit: { code, signal: null, at: this.#at * 1000 } });
  }

  task(id: string): TaskWork | undefined {
    return this.state.work?.tasks[id];
  }

  states(): Record<string, TaskStateName> {
    const standing = standingOf(this.state);
    const ids = Object.keys(this.state.work?.tasks ?? {});
    return Object.fromEntries(ids.map((id) => [id, taskState(standing!, id)]));
  }

  /** The last effect of that kind. */
  effect<T extends Effect['type']>(type: T): Extract<Effect, { type: T }> | undefined {
    return this.effects.findLast((one): one is Extract<Effect, { type: T }> => one.type === type);
  }
}

function outcome(index: number, ok: boolean, reason: string) {
  return { index, ok, reason: ok ? '' : reason, output: [], baseline: null };
}
