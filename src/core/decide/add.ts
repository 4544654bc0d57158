/** Adding an agent: what its name and its command may be. */
import type { Actor, AgentSpec } from '../model/agent.ts';
import type { State } from '../model/state.ts';
import { oneLine } from '../text.ts';
import { agentOf, quoted, refuse, type Decision } from './refuse.ts';

/** Safe as a file name, a branch, a word on a command line: no leading dash or dot. */
export const AGENT_ID = /^[a-z0-9][a-z0-9._-]{0,39}$/i;

export function decideAdd(state: State, request: AgentSpec, start: boolean, by: Actor): Decision {
  const problem = problemOf(request);
  if (problem !== null) return refuse('invalid', problem);
  const twin = agentOf(state, request.id) ?? sameButForCase(state, request.id);
  if (twin !== undefined) {
    return refuse(
      'duplicate',
      `an agent named ${quoted(twin.spec.id)} is here already: take another name, or remove it first`,
    );
  }
  const { id } = request;
  const spec: AgentSpec = {
    ...request,
    name: oneLine(request.name, 60) || id,
    profile: oneLine(request.profile, 60),
    task: request.task === null ? null : oneLine(request.task, 200),
  };
  const added = { type: 'agent.added', spec, pane: state.nextPane, by } as const;
  return start ? [added, { type: 'agent.starting', agent: id, reason: startedBy(by), by }] : [added];
}

export function startedBy(by: Actor): string {
  return `started by ${by.kind === 'coordinator' ? 'the plan' : by.name}`;
}

/** Ids become file names and branches, and some file systems take `Ana` and `ana` for one. */
function sameButForCase(state: State, id: string) {
  const lower = id.toLowerCase();
  const twin = state.order.find((known) => known.toLowerCase() === lower);
  return twin === undefined ? undefined : agentOf(state, twin);
}

function problemOf({ id, command, cwd, env, prompt }: AgentSpec): string | null {
  if (!AGENT_ID.test(id)) {
    return `${quoted(id)} can't be an agent's name: use letters, digits, dots, dashes and underscores, at most 40, beginning with a letter or digit`;
  }
  if (command.length === 0 || command[0] === '') return `agent ${id} has no command`;
  const words = [...command, cwd, prompt ?? '', ...Object.keys(env), ...Object.values(env)];
  // prompt is typed, not exec'ed, but a NUL in it is as surely a mistake.
  if (words.some((word) => word.includes('\0')))
    return `agent ${id}: a NUL character in its command, folder, prompt or environment`;
  if (!cwd.startsWith('/')) return `agent ${id}: its folder must be an absolute path, not ${quoted(cwd)}`;
  return null;
}
