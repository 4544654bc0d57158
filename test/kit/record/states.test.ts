/** Recorded sessions of real agent CLIs: what is shown of their state against what was true. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadProfiles, type Profiles } from '../../../src/adapters/profiles/load.ts';
import { SOURCES } from '../../../src/core/agents/board.ts';
import { accuracyOf, type Accuracy } from './accuracy.ts';
import { readRecording, type Happening, type Recording } from './recording.ts';
import { replay } from './replay.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures/recordings');
const NAMES = readdirSync(FOLDER).map((file) => file.replace('.jsonl.gz', ''));
/** A waiting agent may be shown as anything else for this long. */
const HIDDEN_MS = 1_000;

let profiles: Profiles;
const figures: { readonly name: string; readonly all: Accuracy; readonly screen: Accuracy }[] = [];

beforeAll(async () => {
  profiles = await loadProfiles({ XDG_CONFIG_HOME: '/nonexistent' });
});

const share = ({ right, samples }: { right: number; samples: number }): string =>
  `${((100 * right) / samples).toFixed(1)} %`;
const sum = (of: readonly Accuracy[]): { right: number; samples: number } => ({
  right: of.reduce((total, { right }) => total + right, 0),
  samples: of.reduce((total, { samples }) => total + samples, 0),
});

/** Who waits for a login stands at no dialog; of others it is asked only that they wait. */
function onlyDialogs({ head, happenings }: Recording): Recording {
  const some = happenings.map((one): Happening => {
    if (one[1] !== 's') return one;
    return [one[0], 's', one[3] === 'login' ? null : one[2], null];
  });
  return { head, happenings: some };
}

describe('states of recorded agents', () => {
  it('have their profiles read without a problem', () => {
    expect(profiles.problems).toEqual([]);
  });

  it.each(NAMES)('%s', (name) => {
    const recording = readRecording(join(FOLDER, `${name}.jsonl.gz`));
    const profile = profiles.byId.get(recording.head.profile)!;
    const all = accuracyOf(recording, replay(recording, profile, SOURCES).shown);
    const screen = accuracyOf(recording, replay(recording, profile, ['screen']).shown);
    figures.push({ name, all, screen });
    expect(all.samples).toBeGreaterThan(10);
    expect({ flaps: all.flaps, wrong: all.wrong.slice(0, 5) }).toMatchObject({ flaps: 0 });
    expect(all.hiddenMs).toBeLessThanOrEqual(HIDDEN_MS);
    // What was wrong says more than how much of it there was.
    expect(all.right / all.samples < 0.97 ? all.wrong : []).toEqual([]);
    expect(screen.right / screen.samples < 0.93 ? screen.wrong : []).toEqual([]);
  });

  it('are right together: 99 of 100 samples with all evidence, 95 with the screen alone', () => {
    const all = sum(figures.map((one) => one.all));
    const screen = sum(figures.map((one) => one.screen));
    expect(all.right / all.samples).toBeGreaterThanOrEqual(0.99);
    expect(screen.right / screen.samples).toBeGreaterThanOrEqual(0.95);
  });

  it('are waiting also at a dialog that no rule knows: without those that name one', () => {
    const hidden = NAMES.flatMap((name) => {
      const recording = readRecording(join(FOLDER, `${name}.jsonl.gz`));
      const profile = profiles.byId.get(recording.head.profile)!;
      const screen = profile.screen.filter(
        ({ id, state }) => state !== 'waiting' || id === 'dialog' || id === 'choice',
      );
      const shown = replay(recording, { ...profile, screen }, ['screen']).shown;
      const { hiddenMs } = accuracyOf(onlyDialogs(recording), shown);
      return hiddenMs > HIDDEN_MS ? [`${name}: ${hiddenMs} ms`] : [];
    });
    expect(hidden).toEqual([]);
  });

  afterAll(() => {
    const rows = figures.map(({ name, all, screen }) => {
      const facts = `${all.flaps} flaps, waiting hidden ${all.hiddenMs} ms`;
      return `${name.padEnd(18)} all ${share(all)}, screen alone ${share(screen)}, ${facts}`;
    });
    const together = ['claude', 'codex', 'gemini', 'opencode', ''].map((cli) => {
      const of = figures.filter(({ name }) => name.startsWith(cli));
      const all = sum(of.map((one) => one.all));
      const screen = sum(of.map((one) => one.screen));
      return `${(cli || 'together').padEnd(18)} all ${share(all)}, screen alone ${share(screen)}, of ${all.samples} samples`;
    });
    console.log([...rows, ...together].join('\n'));
  });
});
