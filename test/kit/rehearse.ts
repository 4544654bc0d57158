/** Rehearsals in a scenario's own folders. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { RehearsalReport } from '../../src/core/rehearse/report.ts';
import type { Room } from './room.ts';
import { PROJECT } from './temp.ts';

/** Far above what any of them takes on two quiet cores. */
export const REHEARSAL_MS = 280_000;

/** One of the plans that come with llmctl. */
export const shippedPlan = (name: string): string => join(PROJECT, 'plans', `${name}.yaml`);

/** @throws Error where it prints no report */
export async function rehearse(
  room: Room,
  ...args: string[]
): Promise<{ readonly code: number | null; readonly report: RehearsalReport }> {
  const { code, stdout, stderr } = await room.cliWith({ timeoutMs: REHEARSAL_MS }, 'rehearse', '--json', ...args);
  if (stdout === '') throw new Error(`rehearse ${args.join(' ')}: exit ${code}: ${stderr}`);
  return { code, report: JSON.parse(stdout) as RehearsalReport };
}

/** What rehearsals left in the scenario's folders. */
export function leftByRehearsals(room: Room): readonly string[] {
  const state = join(room.place.state, 'llmctl');
  return [
    ...readdirSync(room.place.home).filter((name) => name.startsWith('llmctl-rehearsal-')),
    ...(existsSync(state) ? readdirSync(state).filter((name) => name.startsWith('scratch-')) : []),
    ...room.sockets.map((path) => basename(path)),
  ];
}
