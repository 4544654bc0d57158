/** Agents' worktrees as a scenario sees them: files written by an agent's own hands, and what lies in them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Round } from '../../src/core/merge/round.ts';
import type { Overlap } from '../../src/core/model/overlap.ts';
import type { State } from '../../src/core/model/state.ts';
import type { Room } from './room.ts';
import { writeFiles } from './temp.ts';
import { until } from './wait.ts';

export function treeOf(room: Room, agent: string): string {
  return join(room.repo, '.llmctl/worktrees', agent);
}

export function read(room: Room, agent: string, path: string): string {
  return readFileSync(join(treeOf(room, agent), path), 'utf8');
}

/** Has a shell agent put a file in place, in one step as editors do, and waits until it is there. */
export async function agentWrites(room: Room, agent: string, path: string, text: string): Promise<void> {
  const draft = room.path(`draft-${agent}`);
  writeFiles(room.dir, { [`draft-${agent}`]: text });
  await room.ok('send', agent, `mv '${draft}' '${path}'`);
  await until(`${path} of ${agent}`, () => !existsSync(draft) && read(room, agent, path) === text);
}

/** Lines `line 1` to `line 30`, with some of them put otherwise. */
export function lines(changes: Readonly<Record<number, string>> = {}): string {
  return Array.from({ length: 30 }, (_, i) => `${changes[i + 1] ?? `line ${i + 1}`}\n`).join('');
}

/** The newest overlap of a path. */
export function overlapOf({ overlaps }: State, path: string): Overlap | undefined {
  return Object.values(overlaps)
    .filter((overlap) => overlap.path === path)
    .toSorted((a, b) => b.since - a.since)[0];
}

export function onlyRound({ rounds }: State): Round | undefined {
  return Object.values(rounds)[0];
}
