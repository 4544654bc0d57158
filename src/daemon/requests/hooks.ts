/** What an agent's own hooks ask and tell about the files it edits. */
import { isAbsolute, relative, sep } from 'node:path';
import type { Agent } from '../../core/model/agent.ts';
import type { State } from '../../core/model/state.ts';
import { holderOf } from '../../core/overlap/holders.ts';
import { policyFor } from '../../core/overlap/policy.ts';
import { oneLine } from '../../core/text.ts';
import type { MayWriteReply } from '../../protocol/messages.ts';
import { RequestError } from './failure.ts';

const FREE: MayWriteReply = { allowed: true, holder: null, reason: '' };

/**
 * The path as git has it in the tree that the agent works in.
 * @param file absolute
 * @returns null where it lies outside of the tree: nobody's business here
 */
export function pathOfAgent(state: State, agent: Agent, file: string): string | null {
  const path = relative(agent.tree?.dir ?? state.session.repo, file);
  if (path === '' || isAbsolute(path) || path === '..' || path.startsWith(`..${sep}`)) return null;
  return sep === '/' ? path : path.replaceAll(sep, '/');
}

/** Asks only, and takes no lock: an edit that a person then refuses must not hold the file for longer than AgentFiles promises it. */
export function mayWrite(state: State, agent: Agent, file: string): MayWriteReply {
  const path = pathOfAgent(state, agent, file);
  if (path === null) return FREE;
  const holder = holderOf(state.locks, path)?.holder ?? null;
  const mine = holder === null || holder === agent.spec.id || !Object.hasOwn(state.agents, holder);
  // A claim without a lock is for the agent to see: it keeps nobody off.
  if (mine || policyFor(state.mergePolicy, path) !== 'lock') return { ...FREE, holder };
  const reason = `${oneLine(path, 200)} is held by ${holder} (policy: lock): leave it alone until it is free, and do something else meanwhile`;
  return { allowed: false, holder, reason };
}

/**
 * What an agent claims or lets go, as git has it in its tree.
 * @param files absolute; folders with `/` behind
 * @throws RequestError naming the first that lies outside of its tree
 */
export function claimedPaths(state: State, agent: Agent, files: readonly string[]): readonly string[] {
  return files.map((file) => {
    const path = file.includes('\0') ? null : pathOfAgent(state, agent, file);
    if (path === null) {
      const top = oneLine(agent.tree?.dir ?? state.session.repo, 300);
      throw new RequestError('invalid', `${oneLine(file, 300)} is not below ${top}, where ${agent.spec.id} works`);
    }
    return file.endsWith('/') ? `${path}/` : path;
  });
}
