/** One scripted agent: its screen, its box, and the person in front of it. The player tells it what to do. */
import { setTimeout as delay } from 'node:timers/promises';
import { personSaid } from './blocks.ts';
import { draw, SPINNER_MS, type Doing } from './face.ts';
import type { Key } from './keys.ts';
import { Screen, type Terminal } from './screen.ts';
import type { Script } from './script.ts';
import type { Line } from './wrap.ts';
import type { Words } from './words.ts';

const HINT = 'Type to talk to it · esc or Ctrl+C interrupts';
const AGAIN_MS = 2_000;

export class Agent {
  readonly script: Script;
  readonly words: Words;
  readonly #screen: Screen;
  readonly #terminal: Terminal;
  readonly #speed: number;
  readonly #random: () => number;
  #doing: Doing = { kind: 'idle' };
  #draft = '';
  #queued: string[] = [];
  #pending: readonly Line[] = [];
  #hint = HINT;
  #spinner: NodeJS.Timeout | null = null;
  #turn = new AbortController();
  #wake: (() => void) | null = null;
  #answer: ((yes: boolean) => void) | null = null;
  #interruptedAt = 0;

  constructor(script: Script, terminal: Terminal, words: Words, speed: number, random: () => number) {
    this.script = script;
    this.words = words;
    this.#terminal = terminal;
    this.#screen = new Screen(terminal);
    this.#speed = speed;
    this.#random = random;
  }

  /** Aborted when a person interrupts; a new one for every turn. */
  get signal(): AbortSignal {
    return this.#turn.signal;
  }

  get cols(): number {
    return this.#terminal.size().cols;
  }

  random(): number {
    return this.#random();
  }

  print(lines: readonly Line[]): void {
    this.#pending = [];
    this.#screen.live(this.#live());
    this.#screen.print(lines);
  }

  /** Shown below the transcript until the next print. */
  pending(lines: readonly Line[]): void {
    this.#pending = lines;
    this.#refresh();
  }

  busy(about: string, note = ''): void {
    const sinceMs = this.#doing.kind === 'busy' && this.#doing.about === about ? this.#doing.sinceMs : Date.now();
    this.#doing = { kind: 'busy', about, sinceMs, note };

    this.#spinner ??= setInterval(() => this.#refresh(), SPINNER_MS);
    this.#refresh();
  }

  idle(hint = HINT): void {
    this.#doing = { kind: 'idle' };
    this.#hint = hint;
    if (this.#spinner) clearInterval(this.#spinner);
    this.#spinner = null;
    this.#refresh();
  }

  /** Waits; ends at once when a person interrupts. Seconds are at speed 1. */
  async pause(seconds: number): Promise<void> {
    await delay((seconds * 1000) / this.#speed, undefined, { signal: this.signal }).catch(() => undefined);
  }

  /** The dialog; resolves with the person's answer, or with false when interrupted. */
  async ask(command: string): Promise<boolean> {
    this.#doing = { kind: 'asking', command, choice: 0 };
    if (this.#spinner) clearInterval(this.#spinner);
    this.#spinner = null;
    this.words.title(`asks to run ${command}`);
    this.words.state('permission', `may I run ${command}?`);
    this.#refresh();
    const yes = await new Promise<boolean>((resolve) => (this.#answer = resolve));
    this.#answer = null;
    this.words.state('working', this.script.task);
    return yes;
  }

  /** The oldest message that wasn't answered yet. */
  takeMessage(): string | undefined {
    const message = this.#queued.shift();
    if (message !== undefined) this.print(personSaid(message));
    return message;
  }

  /** Waits for a message, at most so many seconds: real ones, for whoever sends it knows nothing of our speed. */
  async untilMessage(seconds = Number.POSITIVE_INFINITY): Promise<void> {
    if (this.#queued.length > 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (Number.isFinite(seconds)) timer = setTimeout(resolve, seconds * 1000);
    });
    clearTimeout(timer);
    this.#wake = null;
  }

  newTurn(): void {
    this.#turn = new AbortController();
  }

  redraw(): void {
    this.#screen.live(this.#live());
    this.#screen.redraw();
  }

  /** @returns false when the person wants to leave */
  press(key: Key): boolean {
    if (this.#doing.kind === 'asking') return this.#pressInDialog(key);
    switch (key.key) {
      case 'text':
        this.#draft += key.text;
        break;
      case 'backspace':
        this.#draft = [...this.#draft].slice(0, -1).join('');
        break;
      case 'clear':
        this.#draft = '';
        break;
      case 'enter':
        this.#submit();
        break;
      case 'escape':
        this.#interrupt();
        break;
      case 'interrupt':
        return this.#interruptOrLeave();
      case 'end':
        return this.#draft !== '';
      case 'up':
      case 'down':
        break;
    }
    this.#refresh();
    return true;
  }

  #pressInDialog(key: Key): boolean {
    if (this.#doing.kind !== 'asking') return true;
    const { choice } = this.#doing;
    if (key.key === 'up' || key.key === 'down') this.#doing = { ...this.#doing, choice: key.key === 'up' ? 0 : 1 };
    else if (key.key === 'enter') this.#answer?.(choice === 0);
    else if (key.key === 'escape' || key.key === 'interrupt') this.#answer?.(false);
    else if (key.key === 'text' && /^[y1]$/i.test(key.text)) this.#answer?.(true);
    else if (key.key === 'text' && /^[n2]$/i.test(key.text)) this.#answer?.(false);
    this.#refresh();
    return true;
  }

  #submit(): void {
    const message = this.#draft.trim();
    this.#draft = '';
    if (message === '') return;
    this.#queued.push(message);
    this.#wake?.();
  }

  #interrupt(): void {
    if (this.#doing.kind === 'busy') this.#turn.abort();
    else this.#draft = '';
  }

  /** Ctrl+C: interrupts; clears the box; twice with nothing to interrupt leaves. */
  #interruptOrLeave(): boolean {
    const idle = this.#doing.kind === 'idle' && this.#draft === '';
    const again = Date.now() - this.#interruptedAt < AGAIN_MS;
    this.#interruptedAt = Date.now();
    if (idle && again) return false;
    if (idle) this.#hint = 'Ctrl+C again to leave';
    this.#interrupt();
    this.#refresh();
    return true;
  }

  #refresh(): void {
    this.#screen.live(this.#live());
  }

  #live() {
    const state = {
      doing: this.#doing,
      draft: this.#draft,
      queued: this.#queued,
      pending: this.#pending,
      hint: this.#hint,
    };
    return draw(state, Date.now(), this.script.color, this.#terminal.size());
  }
}
