import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn } from 'node-pty';
import { afterEach, describe, expect, it } from 'vitest';
import { OuterTerminal } from '../paint/outer-terminal.testkit.ts';

const PROGRAM = fileURLToPath(new URL('session.testkit.ts', import.meta.url));
const COLS = 60;
const ROWS = 15;

/** The client in a PTY, and a terminal that draws what it writes and answers what it asks. */
class Session {
  readonly outer = new OuterTerminal(COLS, ROWS);
  raw = '';
  status: number | null = null;
  #pty;
  #turnsFile = join(mkdtempSync(join(tmpdir(), 'llmctl-open-')), 'turns');
  #checks = new Set<() => void>();

  constructor(term = 'xterm-256color') {
    const env = {
      ...process.env,
      TURNS_FILE: this.#turnsFile,
      TERM: term,
      COLORTERM: 'truecolor',
      NODE_NO_WARNINGS: '1',
      FORCE_COLOR: '3',
    };
    this.#pty = spawn(process.execPath, [PROGRAM], { cols: COLS, rows: ROWS, name: term, encoding: null, env });
    this.#pty.onData((chunk) => this.#take(chunk as unknown as Buffer));
    this.#pty.onExit(({ exitCode, signal }) => {
      this.status = signal ? 128 + signal : exitCode;
      this.#check();
    });
    this.outer.terminal.onData((data) => this.type(data));
  }

  type(text: string): void {
    if (this.status === null) this.#pty.write(text);
  }

  kill(signal: string): void {
    this.#pty.kill(signal);
  }

  resize(cols: number, rows: number): void {
    this.outer.terminal.resize(cols, rows);
    this.#pty.resize(cols, rows);
  }

  pauseReading(): void {
    this.#pty.pause();
  }

  resumeReading(): void {
    this.#pty.resume();
  }

  screen(): string {
    return Array.from({ length: this.outer.terminal.rows }, (_, y) => this.outer.text(y)).join('\n');
  }

  async until(what: string, holds: () => boolean, ms = 10_000): Promise<void> {
    if (holds()) return;
    await new Promise<void>((resolve, reject) => {
      const check = (): void => {
        if (!holds()) return;
        clearTimeout(timer);
        clearInterval(poll);
        this.#checks.delete(check);
        resolve();
      };
      const poll = setInterval(check, 50);
      const timer = setTimeout(() => {
        clearInterval(poll);
        this.#checks.delete(check);
        reject(
          new Error(`waited for ${what}; the screen was:\n${this.screen()}\n${JSON.stringify(this.raw.slice(-400))}`),
        );
      }, ms);
      this.#checks.add(check);
    });
  }

  shows(text: string): Promise<void> {
    return this.until(text, () => this.screen().includes(text));
  }

  ends(): Promise<void> {
    return this.until('the end', () => this.status !== null);
  }

  /** How often the program's loop turned since its flood began. */
  turns(): number {
    try {
      return Number(readFileSync(this.#turnsFile, 'utf8'));
    } catch {
      return 0;
    }
  }

  close(): void {
    rmSync(dirname(this.#turnsFile), { recursive: true, force: true });
    if (this.status === null) this.#pty.kill('SIGKILL');
  }

  #take(chunk: Buffer): void {
    this.raw += chunk.toString('latin1');
    this.outer.write(chunk);
    this.#check();
  }

  #check(): void {
    for (const check of this.#checks) check();
  }
}

const sessions: Session[] = [];

async function open(term?: string): Promise<Session> {
  const session = new Session(term);
  sessions.push(session);
  await session.shows('ready');
  return session;
}

afterEach(() => {
  for (const session of sessions.splice(0)) session.close();
});

/** All that may be set is taken back, and the cursor is there again. */
function expectRestored(session: Session): void {
  const { terminal } = session.outer;
  const { modes } = terminal;
  expect({
    screen: terminal.buffer.active.type,
    paste: modes.bracketedPasteMode,
    mouse: modes.mouseTrackingMode,
    focus: modes.sendFocusMode,
    cursorKeys: modes.applicationCursorKeysMode,
    keypad: modes.applicationKeypadMode,
    wrap: modes.wraparoundMode,
    sync: modes.synchronizedOutputMode,
  }).toEqual({
    screen: 'normal',
    paste: false,
    mouse: 'none',
    focus: false,
    cursorKeys: false,
    keypad: false,
    wrap: true,
    sync: false,
  });
  expect(session.raw.lastIndexOf('\x1b[?25h')).toBeGreaterThan(session.raw.lastIndexOf('\x1b[?25l'));
}

describe('openTerminal in a real PTY', () => {
  it('draws Ink and the pane, echoes keys in pane mode, mirrors the program’s modes, and leaves by the chord', async () => {
    const session = await open();
    expect(session.screen()).toContain(`room ${COLS}x${ROWS} 日本`);
    session.type('k');
    await session.shows('key k');
    session.type('i');
    await session.until('modes', () => session.outer.terminal.modes.mouseTrackingMode === 'any');
    expect(session.outer.terminal.modes.applicationCursorKeysMode).toBe(true);
    session.type('hello\x1bOA');
    await session.shows('hello^[OA');
    session.type('\x1b[<0;4;4M');
    await session.shows('^[[<0;2;2M');
    session.type('\x11');
    await session.shows('left the pane');
    expect(session.outer.terminal.modes.applicationCursorKeysMode).toBe(false);
    session.type('\x1b[200~two words\x1b[201~');
    await session.shows('paste two words');
    session.type('\x1b[<0;4;4M');
    await session.shows('mouse press 3,3');
    session.type('x');
    await session.ends();
    expect([session.status, session.outer.text(0)]).toEqual([0, 'bye']);
    expectRestored(session);
  });

  for (const [way, status] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ] as const) {
    it(`gives the terminal back on ${way}`, async () => {
      const session = await open();
      session.type('i');
      await session.until('modes', () => session.outer.terminal.modes.mouseTrackingMode === 'any');
      session.kill(way);
      await session.ends();
      expect(session.status).toBe(status);
      expectRestored(session);
    });
  }

  for (const [key, message] of [
    ['c', 'broken on purpose'],
    ['r', 'rejected on purpose'],
    ['e', 'drawn on purpose'],
  ] as const) {
    it(`gives the terminal back when the program breaks: ${message}`, async () => {
      const session = await open();
      session.type(key);
      await session.ends();
      expect(session.status).toBe(1);
      expectRestored(session);
      expect(session.screen().replaceAll('\n', '')).toMatch(
        new RegExp(`^llmctl: the screen failed: ${message}( with a second line)?$`),
      );
    });
  }

  it('follows the window’s size', async () => {
    const session = await open();
    session.resize(40, 10);
    await session.shows('room 40x10');
    session.resize(100, 30);
    await session.shows('room 100x30');
    session.type('k');
    await session.shows('key k');
    expect(session.outer.text(0)).toBe('room 100x30 日本');
  });

  it('turns on while the terminal stopped reading, with little under way, and is current when it reads again', async () => {
    const session = await open();
    session.type('f');
    await session.shows('flood');
    session.pauseReading();
    const before = session.raw.length;
    const from = session.turns();
    await session.until('a hundred turns', () => session.turns() >= from + 100);
    session.resumeReading();
    const now = session.turns();
    await session.until('output of now', () => Number(/flood (\d+)/.exec(session.screen())?.[1] ?? 0) >= now);
    expect(session.raw.length - before).toBeLessThan(16_000);
    session.type('x');
    await session.ends();
    expectRestored(session);
  });

  it('asks a Linux console nothing that it would print, and uses no mouse there', async () => {
    const session = await open('linux');
    expect(session.raw).not.toMatch(/\$p|\[\?u|\[\?100|\[\?1006|\[\?2026| q/);
    session.type('x');
    await session.ends();
    expectRestored(session);
  });

  it('copies through the terminal', async () => {
    const session = await open();
    session.type('y');
    await session.until('OSC 52', () => session.raw.includes('\x1b]52;'));
    expect(session.raw).toContain(`\x1b]52;c;${Buffer.from('copied').toString('base64')}\x1b\\`);
  });
});
