/** What a program says about itself in OSC sequences and bells, as signals. None of it ever reaches a terminal raw. */
import { showControls } from '../../core/text.ts';
import type { PaneSignal } from './api.ts';
import { TextSink } from './sinks.ts';
import type { XtermCore } from './xterm-internals.ts';

const TEXT_LIMIT = 500;
/** Signals of a kind that may wait together; a flood of them keeps only the newest. */
const QUEUE_LIMIT = 16;

type Status = Extract<PaneSignal, { kind: 'status' }>;
type Progress = Extract<PaneSignal, { kind: 'progress' }>;

/** Collects signals between two flushes: of titles, bells and progress only the last counts. */
export class SignalQueue {
  #muted = false;
  #bell = false;
  #title: string | null = null;
  #sentTitle = '';
  #progress: Progress | null = null;
  #listed: PaneSignal[] = [];

  /** While old output is parsed again: its signals have been given before. */
  set muted(muted: boolean) {
    this.#muted = muted;
  }

  get empty(): boolean {
    return !this.#bell && this.#title === null && this.#progress === null && this.#listed.length === 0;
  }

  /** The last title, as it is shown. */
  get title(): string {
    return this.#title ?? this.#sentTitle;
  }

  push(signal: PaneSignal): void {
    if (this.#muted) {
      if (signal.kind === 'title') this.#sentTitle = signal.text;
      return;
    }
    switch (signal.kind) {
      case 'bell':
        this.#bell = true;
        return;
      case 'title':
        this.#title = signal.text === this.#sentTitle ? null : signal.text;
        return;
      case 'progress':
        this.#progress = signal;
        return;
      default:
        this.#listed.push(signal);
        if (this.#listed.length > QUEUE_LIMIT) this.#listed.shift();
    }
  }

  take(): PaneSignal[] {
    const signals = this.#listed;
    if (this.#title !== null) {
      this.#sentTitle = this.#title;
      signals.push({ kind: 'title', text: this.#title });
    }
    if (this.#progress) signals.push(this.#progress);
    if (this.#bell) signals.push({ kind: 'bell' });
    this.#listed = [];
    this.#title = null;
    this.#progress = null;
    this.#bell = false;
    return signals;
  }
}

/** Takes the place of xterm's own handlers, which keep titles of any length and links for ever. */
export function collectEvidence(core: XtermCore, queue: SignalQueue): void {
  const parser = core._inputHandler._parser;
  const on = (id: number, done: (text: string) => void): void => {
    parser.clearOscHandler(id);
    parser.registerOscHandler(id, new TextSink(done));
  };
  const title = (text: string): void => queue.push({ kind: 'title', text: shorten(text) });
  on(0, title);
  on(2, title);
  on(9, (text) => queue.push(parseOsc9(text)));
  on(777, (text) => {
    const [verb, heading, ...body] = text.split(';');
    if (verb === 'notify') {
      queue.push({ kind: 'notification', title: shorten(heading ?? ''), text: shorten(body.join(';')) });
    }
  });
  // Icon names, links and the clipboard: xterm would remember every link's address for ever; OSC 52 stays in the pane.
  for (const id of [1, 8, 52]) on(id, () => {});
  core.onBell(() => queue.push({ kind: 'bell' }));
}

/** OSC 9 is a notification, or with `4;` ConEmu's progress: state 0 none, 1 normal, 2 error, 3 indeterminate, 4 paused. */
function parseOsc9(text: string): PaneSignal {
  const match = /^4;(\d)(?:;(\d{1,3}))?$/.exec(text);
  if (!match) return { kind: 'notification', title: '', text: shorten(text) };
  const state = PROGRESS[Number(match[1])] ?? 'none';
  const percent = match[2] === undefined || state === 'none' || state === 'indeterminate' ? null : Number(match[2]);
  return { kind: 'progress', state, percent: percent === null ? null : Math.min(percent, 100) };
}

const PROGRESS: readonly Progress['state'][] = ['none', 'normal', 'error', 'indeterminate', 'warning'];
const STATES: ReadonlySet<string> = new Set<Status['state']>(['idle', 'working', 'blocked', 'done', 'error', 'clear']);

/**
 * A report of the Program Status Protocol: `key=value` pairs joined by colons, the message in base64.
 * @returns null for a report without a known state
 */
export function parseStatus(payload: string): Status | null {
  const fields = new Map<string, string>();
  for (const pair of payload.split(':')) {
    const at = pair.indexOf('=');
    if (at > 0) fields.set(pair.slice(0, at), pair.slice(at + 1));
  }
  const state = fields.get('state') ?? '';
  if (!STATES.has(state)) return null;
  const id = fields.get('id');
  return {
    kind: 'status',
    state: state as Status['state'],
    reason: shorten(fields.get('kind') ?? ''),
    message: shorten(Buffer.from(fields.get('msg') ?? '', 'base64').toString('utf8')),
    subject: id ? shorten(id) : null,
  };
}

function shorten(text: string): string {
  const shown = showControls(text);
  return shown.length > TEXT_LIMIT ? `${shown.slice(0, TEXT_LIMIT - 1)}…` : shown;
}
