/** What the terminal can do: guessed from the environment at once, corrected by its own answers a moment later. */
import type { TerminalReply } from '../input/replies.ts';
import { detectColorDepth } from '../paint/colors.ts';
import type { PaintFeatures } from '../paint/frame-encoder.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface Capabilities {
  readonly paint: PaintFeatures;
  readonly mouse: boolean;
  readonly cursorStyle: boolean;
  readonly kitty: boolean;
  /** Questions may be asked: the terminal doesn't print what it doesn't know. */
  readonly queries: boolean;
}

const SYNC_MODE = 2026;
/** DECLRMM: left and right margins. */
const MARGIN_MODE = 69;
const PROBE_REPEAT = 3;
/** '─' and three repetitions, on the second row: tmux 3.3 repeats ASCII alone, and most of what is repeated are rules. */
const PROBE_COLUMN = 2 + PROBE_REPEAT;

/** What TERM and COLORTERM let one hope for. */
export function guessCapabilities(env: Env): Capabilities {
  const term = (env.TERM ?? '').toLowerCase();
  const isLinux = term.startsWith('linux');
  const isDumb = term === '' || term === 'dumb';
  const isScreen = term.startsWith('screen') && !env.TMUX;
  return {
    paint: {
      colors: detectColorDepth(env),
      // Unknown private modes are ignored everywhere; the answer to our question may save the bytes later.
      sync: !isLinux && !isDumb && !isScreen,
      differ: { bce: !isScreen && !isDumb, repeat: false },
      scroll: { rows: !isLinux && !isDumb, columns: false },
    },
    mouse: !isLinux && !isDumb,
    cursorStyle: !isLinux && !isDumb && !isScreen,
    kitty: false,
    queries: !isLinux && !isDumb,
  };
}

/**
 * Asks for synchronized output and margins (DECRQM), the kitty keyboard protocol, whether REP works (the cursor tells),
 * and last, as a mark that all answers are in, DA1 and DSR. The screen must be cleared afterwards.
 */
export function capabilityQueries({ queries }: Capabilities): string {
  if (!queries) return '\x1b[5n';
  const repeat = `\x1b[2H─\x1b[${PROBE_REPEAT}b\x1b[6n`;
  return `${repeat}\x1b[?${SYNC_MODE}$p\x1b[?${MARGIN_MODE}$p\x1b[?u\x1b[c\x1b[5n`;
}

/** Collects the answers; `known` is what is certain so far. */
export class CapabilityProbe {
  known: Capabilities;
  #saidSync = false;
  #isDone = false;

  constructor(guess: Capabilities) {
    this.known = guess;
  }

  /** @returns whether `known` changed */
  take(reply: TerminalReply): boolean {
    const before = this.known;
    if (this.#isDone) return false;
    switch (reply.kind) {
      case 'mode':
        this.#mode(reply.mode, reply.value);
        break;
      case 'kitty':
        this.known = { ...before, kitty: true };
        break;
      case 'cursor':
        if (reply.row === 2 && reply.column === PROBE_COLUMN)
          this.#paint({ differ: { ...before.paint.differ, repeat: true } });
        break;
      case 'ready':
        // All questions were asked before this one: who hasn't answered by now doesn't know.
        this.#isDone = true;
        if (before.queries && !this.#saidSync) this.#paint({ sync: false });
        break;
      case 'attributes':
      case 'other':
    }
    return this.known !== before;
  }

  #mode(mode: number, value: number): void {
    const isThere = value === 1 || value === 2 || value === 3;
    if (mode === SYNC_MODE) {
      this.#saidSync = isThere;
      this.#paint({ sync: isThere });
    }
    if (mode === MARGIN_MODE) this.#paint({ scroll: { ...this.known.paint.scroll, columns: isThere && value !== 3 } });
  }

  #paint(change: Partial<PaintFeatures>): void {
    this.known = { ...this.known, paint: { ...this.known.paint, ...change } };
  }
}
