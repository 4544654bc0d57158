/** Runs a program in a terminal by a script of steps, and writes down all that happens. */
import { spawn as spawnPty } from 'node-pty';
import { setTimeout as sleep } from 'node:timers/promises';
import { XtermEmulator } from '../../../src/adapters/terminal/emulator.ts';
import { keysToBytes } from '../../../src/daemon/keys.ts';
import { pasteBytes } from '../../../src/daemon/paste.ts';
import type { Happening } from './recording.ts';

export type Step =
  /** Bracketed paste, a moment, Enter. What follows from it nobody can tell before there is a sign of it. */
  | { readonly say: string }
  | { readonly keys: readonly string[] }
  /** Until it stands on the screen, blanks and line ends as one blank. */
  | { readonly wait: RegExp; readonly ms?: number }
  | { readonly gone: RegExp; readonly ms?: number }
  | { readonly sleep: number }
  /** Until all that the last message led to is answered by the model: a turn's end is known without a look at the screen. */
  | { readonly served: true }
  | { readonly size: readonly [cols: number, rows: number] }
  /** What is true from now on; null: nobody is asked. */
  | { readonly state: string | null; readonly for?: string };

export interface Play {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cols: number;
  readonly rows: number;
  readonly steps: readonly Step[];
  /** Requests that the model answers now, and all that it ever got. */
  readonly model: () => { readonly open: number; readonly all: number };
}

const ENTER_MS = 200;
const LOOK_MS = 10;
const WAIT_MS = 60_000;
/** What comes this soon after another piece is one with it. */
const JOIN_MS = 4;

export async function play(play: Play, log: (line: string) => void): Promise<Happening[]> {
  const { cols, rows } = play;
  const emulator = new XtermEmulator(cols, rows);
  const happenings: Happening[] = [];
  const began = performance.now();
  const now = (): number => Math.round(performance.now() - began);
  const program = spawnPty(play.file, [...play.args], {
    cols,
    rows,
    cwd: play.cwd,
    env: { ...play.env },
    encoding: null,
  });
  let ended = false;
  let before = 0;
  program.onExit(() => (ended = true));
  program.onData((data) => {
    const bytes = data as unknown as Buffer;
    emulator.parse(bytes);
    const replies = emulator.takeReplies();
    if (replies !== '') program.write(Buffer.from(replies, 'utf8'));
    const last = happenings.at(-1);
    const at = now();
    if (last?.[1] === 'o' && at - last[0] <= JOIN_MS) {
      happenings[happenings.length - 1] = [last[0], 'o', last[2] + bytes.toString('latin1')];
    } else happenings.push([at, 'o', bytes.toString('latin1')]);
  });
  const text = (): string =>
    Array.from({ length: emulator.rows }, (_, y) => emulator.row(y).translateToString(true))
      .join('\n')
      .replaceAll(/\s+/g, ' ');
  const screen = (): string =>
    Array.from({ length: emulator.rows }, (_, y) => emulator.row(y).translateToString(true).trimEnd())
      .join('\n')
      .replaceAll(/\n{2,}/g, '\n');
  const press = (keys: readonly string[]): void => {
    const { flags, kittyFlags } = emulator.state();
    const bytes = keysToBytes(keys, { flags, kittyFlags });
    if (bytes.ok) program.write(Buffer.from(bytes.bytes));
  };
  const until = async (holds: () => boolean, what: string, ms = WAIT_MS): Promise<void> => {
    const limit = performance.now() + ms;
    while (!holds()) {
      if (ended || performance.now() > limit) {
        throw new Error(`${ended ? 'it ended' : 'nothing came'} while waiting for ${what}\n${screen()}`);
      }
      await sleep(LOOK_MS);
    }
  };
  try {
    for (const step of play.steps) {
      log(`${now()} ${JSON.stringify(step, (_, value: unknown) => (value instanceof RegExp ? String(value) : value))}`);
      if ('say' in step) {
        before = play.model().all;
        program.write(Buffer.from(pasteBytes(step.say, emulator.state().flags)));
        await sleep(ENTER_MS);
        press(['Enter']);
        happenings.push([now(), 's', null, null]);
      } else if ('keys' in step) press(step.keys);
      else if ('wait' in step) await until(() => step.wait.test(text()), String(step.wait), step.ms);
      else if ('gone' in step) await until(() => !step.gone.test(text()), `no ${String(step.gone)}`, step.ms);
      else if ('served' in step) {
        await until(() => play.model().open === 0 && play.model().all > before, 'the end of the answer');
      } else if ('sleep' in step) {
        await sleep(step.sleep);
        if (process.env['SHOW_SCREEN']) log(screen());
      } else if ('size' in step) {
        const [wide, high] = step.size;
        program.resize(wide, high);
        emulator.resize(wide, high);
        happenings.push([now(), 'r', wide, high]);
      } else {
        happenings.push([now(), 's', step.state, step.for ?? null]);
        if (process.env['SHOW_SCREEN']) log(screen());
      }
    }
    happenings.push([now(), 's', null, null]);
  } finally {
    if (!ended) program.kill('SIGKILL');
    emulator.dispose();
  }
  return happenings;
}
