/** Whom a failure concerns: by the files in its trace, the plan's ownership, and who landed there last. */
import type { AgentId } from '../model/agent.ts';
import type { HealthCheck, OwnedFailure } from '../model/health.ts';
import type { State } from '../model/state.ts';
import { standingOf, agentFor } from '../schedule/standing.ts';
import { oneLine } from '../text.ts';
import type { Failure } from './failures.ts';

interface Owner {
  readonly agent: AgentId;
  readonly why: string;
}

/** @param landedBy file → landing that touched it last on the integration branch */
export function withOwner(
  state: State,
  check: HealthCheck,
  failure: Failure,
  landedBy: Readonly<Record<string, string>>,
): OwnedFailure {
  const found =
    inItsTree(state, check) ?? routed(state, failure) ?? byTask(state, failure) ?? byLanding(state, failure, landedBy);
  return { ...failure, owner: found?.agent ?? null, why: found?.why ?? whyNobody(failure) };
}

/** A check of one agent's worktree is about that agent's work. */
function inItsTree(state: State, { agent }: HealthCheck): Owner | null {
  return agent !== undefined && Object.hasOwn(state.agents, agent) ? { agent, why: 'it is its worktree' } : null;
}

/** The plan says who is told of failures of this kind. */
function routed(state: State, { to, kind }: Failure): Owner | null {
  if (to === undefined || !Object.hasOwn(state.agents, to)) return null;
  return { agent: to, why: `the plan sends ${kind} failures there` };
}

/** The nearest file of the trace that exactly one agent's tasks claim. */
function byTask(state: State, { files }: Failure): Owner | null {
  const standing = standingOf(state);
  if (!standing) return null;
  for (const file of files) {
    const claiming = standing.work.plan.tasks.filter((task) => task.files.some((path) => covers(path, file)));
    const agents = new Set(claiming.flatMap(({ id }) => agentFor(standing, id) ?? []));
    const [agent] = agents;
    if (agents.size === 1 && agent !== undefined && Object.hasOwn(state.agents, agent)) {
      return { agent, why: `its task ${claiming[0]!.id} has ${oneLine(file, 100)}` };
    }
  }
  return null;
}

function byLanding(state: State, { files }: Failure, landedBy: Readonly<Record<string, string>>): Owner | null {
  for (const file of files) {
    const id = Object.hasOwn(landedBy, file) ? landedBy[file] : undefined;
    const landing = state.landings.find((one) => one.id === id);
    if (landing && Object.hasOwn(state.agents, landing.agent)) {
      return { agent: landing.agent, why: `it was the last to land in ${oneLine(file, 100)}` };
    }
  }
  return null;
}

/** `src/` and `src/a.c` both cover `src/a.c`. */
function covers(path: string, file: string): boolean {
  const plain = path.replace(/^\.\//, '').replace(/\/?\*\*?$/, '/');
  return plain === file || file.startsWith(plain.endsWith('/') ? plain : `${plain}/`);
}

function whyNobody({ files }: Failure): string {
  return files.length === 0 ? 'it names no file' : 'no task has its files, and nobody landed there';
}
