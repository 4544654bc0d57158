/** A terminal that stops reading: who else suffers, and how soon it is current once it reads again. */
import { join } from 'node:path';
import { stream, type Command } from '../kit/agents.ts';
import { OuterTerminal } from '../kit/outer.ts';
import { PROJECT } from '../kit/temp.ts';
import type { Figures, Plan } from './measures.ts';
import type { Subject } from './subject.ts';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const clock: Command = [process.execPath, join(PROJECT, 'test/fixtures/agents/clock.mjs')];

/** The newest time that the clock pane shows, in ms since 1970; 0 where it shows none. */
function shown(outer: OuterTerminal): number {
  const times = [...outer.screen().matchAll(/<t=(\d{13})>/g)].map((match) => Number(match[1]));
  return Math.max(0, ...times);
}

/**
 * `other lag ms`: the worst that another client's clock was behind during the stall. `wake ms`,
 * `wake kB`: until the stalled client shows a time after its waking.
 */
export async function stalling(subject: Subject, plan: Plan): Promise<Figures> {
  const commands = [clock, ...Array.from({ length: 5 }, (_, n) => stream('agent', '--seed', String(n + 1)))];
  const session = await subject.start(commands, plan.size);
  const { file, args, env } = session.client;
  const open = (): OuterTerminal =>
    new OuterTerminal(file, args, { ...plan.size, env: { COLORTERM: 'truecolor', ...env } });
  const [asleep, other] = [open(), open()];
  try {
    await Promise.all([asleep, other].map((outer) => outer.until('the clock', () => shown(outer) > 0)));
    await sleep(1_500);
    asleep.stopReading();
    let lag = 0;
    const end = performance.now() + plan.stallMs;
    while (performance.now() < end) {
      await sleep(20);
      lag = Math.max(lag, Date.now() - shown(other));
    }
    const [woken, bytes] = [Date.now(), asleep.bytes];
    asleep.goOnReading();
    await asleep.until('the clock to be current', () => shown(asleep) >= woken, 120_000);
    return {
      'other lag ms': lag,
      'wake ms': Date.now() - woken,
      'wake kB': (asleep.bytes - bytes) / 1024,
    };
  } finally {
    for (const outer of [asleep, other]) {
      outer.dispose();
      await outer.exited;
    }
    await session.stop();
  }
}
