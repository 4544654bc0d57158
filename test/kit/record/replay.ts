/** A recorded session once more, on a clock of its own, through emulator, rules and judgement as the daemon has them. */
import { XtermEmulator } from '../../../src/adapters/terminal/emulator.ts';
import { PaneVoice } from '../../../src/adapters/terminal/pane-voice.ts';
import { ScreenReader } from '../../../src/adapters/terminal/screen-reader.ts';
import type { PaneSignal } from '../../../src/adapters/terminal/api.ts';
import type { Source } from '../../../src/core/agents/board.ts';
import { looked, NO_STANDING, told, type Standing } from '../../../src/core/agents/standing.ts';
import { eventSaying, readyRules } from '../../../src/core/profile/match.ts';
import type { Profile } from '../../../src/core/profile/profile.ts';
import { wordsOf } from '../../../src/daemon/evidence/words.ts';
import type { Recording } from './recording.ts';

/** What was shown from a time on. */
export interface Shown {
  readonly at: number;
  readonly state: string;
  readonly waitingFor: string | null;
  readonly source: Source;
  readonly rule: string | null;
  readonly text: string;
}

export interface Replayed {
  readonly shown: readonly Shown[];
  /** CPU milliseconds that reading the screen took. */
  readonly readingMs: number;
  readonly lastMs: number;
}

/** Any moment will do. */
const EPOCH = Date.UTC(2026, 0, 5, 12);

export function replay(recording: Recording, profile: Profile, sources: readonly Source[]): Replayed {
  const { head, happenings } = recording;
  const emulator = new XtermEmulator(head.cols, head.rows);
  const signals: PaneSignal[] = [];
  const voice = new PaneVoice((some) => signals.push(...some));
  voice.queue = emulator.signals;
  const reader = new ScreenReader();
  reader.rules = { rules: profile.screen, version: head.version };
  const rules = {
    titles: readyRules(profile.titles, head.version),
    notifications: readyRules(profile.notifications, head.version),
  };
  const shown: Shown[] = [];
  let standing: Standing = NO_STANDING;
  let readingMs = 0;
  const clock = (now: number) => ({ now: EPOCH + now, zoneMinutes: 0 });
  const take = (next: Standing, now: number): void => {
    standing = next;
    const word = next.settled.shown;
    const before = shown.at(-1);
    if (word === null || (before?.state === word.state && before.waitingFor === word.waitingFor)) return;
    const { state, waitingFor, source, rule, text } = word;
    shown.push({ at: now, state, waitingFor, source, rule, text });
  };
  const hear = (source: Source, saying: Parameters<typeof told>[2], now: number): void => {
    if (sources.includes(source)) take(told(standing, source, saying, now), now);
  };
  const due = (): number => Math.min(voice.dueAt(), reader.dueAt(emulator), standing.dueAt ?? Number.POSITIVE_INFINITY);
  const tick = (now: number): void => {
    voice.tick(now);
    if (reader.dueAt(emulator) <= now) {
      const began = performance.now();
      const saying = reader.read(emulator, now, EPOCH + now, () => {});
      readingMs += performance.now() - began;
      if (saying !== undefined) signals.push({ kind: 'screen', saying });
    }
    for (const signal of signals.splice(0)) {
      for (const { source, saying } of wordsOf(signal, rules, clock(now))) hear(source, saying, now);
    }
    if (standing.dueAt !== null && standing.dueAt <= now) take(looked(standing, now), now);
  };
  for (const happening of happenings) {
    const [at, what] = happening;
    for (let next = due(); next < at; next = due()) tick(next);
    if (what === 'o') {
      emulator.parse(Buffer.from(happening[2], 'latin1'));
      emulator.takeReplies();
      voice.heard(at);
      reader.changed(at);
    } else if (what === 'r') {
      emulator.resize(happening[2], happening[3]);
      voice.resized(at);
      reader.changed(at);
    } else if (what === 'h') {
      const saying = eventSaying(profile.hooks, happening[2], happening[3], head.version, clock(at));
      if (saying) hear('hook', saying, at);
    } else if (what === 'e') {
      const saying = eventSaying(profile.api?.rules ?? [], happening[2], happening[3], head.version, clock(at));
      if (saying) hear('api', saying, at);
    }
    tick(at);
  }
  emulator.dispose();
  return { shown, readingMs, lastMs: happenings.at(-1)?.[0] ?? 0 };
}
