/**
 * `npm run bench -- evidence`: what it costs to know an agent's state. Recorded sessions of agent CLIs are played with all evidence
 * and with none; the difference, over the time that the sessions took, is the share of a core for each busy agent.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadProfiles } from '../../src/adapters/profiles/load.ts';
import { SOURCES } from '../../src/core/agents/board.ts';
import type { Profile } from '../../src/core/profile/profile.ts';
import { readRecording, type Recording } from '../kit/record/recording.ts';
import { replay } from '../kit/record/replay.ts';

export type EvidenceFigures = Readonly<Record<string, number>>;

const FOLDER = join(import.meta.dirname, '../fixtures/recordings');
const WARM = 2;
const ROUNDS = 5;
/** Percent of a core. */
const MOST = 0.5;

export async function benchEvidence(quick: boolean): Promise<{ results: EvidenceFigures; table: string }> {
  const { byId } = await loadProfiles({ XDG_CONFIG_HOME: '/nonexistent' });
  const names = readdirSync(FOLDER).filter((name) => !quick || name.includes('-edit'));
  const figures: Record<string, number> = {};
  for (const name of names) {
    const recording = readRecording(join(FOLDER, name));
    const profile = byId.get(recording.head.profile)!;
    const mute: Profile = { ...profile, screen: [], titles: [], notifications: [], hooks: [], api: null };
    for (let n = 0; n < WARM; n++) played(recording, profile, mute);
    let ms = 0;
    let seconds = 0;
    for (let n = 0; n < ROUNDS; n++) {
      ms += played(recording, profile, mute);
      seconds += recording.happenings.at(-1)![0] / 1000;
    }
    figures[name.replace('.jsonl.gz', '')] = ms / 10 / seconds;
  }
  return { results: figures, table: evidenceTable(figures) };
}

/** @returns CPU milliseconds that evidence took */
function played(recording: Recording, profile: Profile, mute: Profile): number {
  const from = process.cpuUsage();
  replay(recording, profile, SOURCES);
  const between = process.cpuUsage();
  replay(recording, mute, []);
  const after = process.cpuUsage(between);
  const all = between.user + between.system - from.user - from.system;
  return (all - after.user - after.system) / 1000;
}

function evidenceTable(figures: EvidenceFigures): string {
  const rows = Object.entries(figures).map(
    ([name, percent]) => `| ${name} | ${percent.toFixed(3)} | ≤ ${MOST} % | ${percent <= MOST ? 'yes' : 'no'} |`,
  );
  return ['| session | % of a core | target | met |', '|---|---:|---|---|', ...rows].join('\n');
}
