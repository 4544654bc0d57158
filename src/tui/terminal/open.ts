/** Puts terminal, painter and input together. */
import { oneLine } from '../../core/text.ts';
import { Router } from '../input/router.ts';
import { parseChords } from '../input/key-names.ts';
import { noticeSequence, type NoticeWish } from './notice-sequence.ts';
import { copySequence } from '../input/clipboard.ts';
import { createInkStdin } from '../input/ink-stdin.ts';
import { ModeMirror } from '../input/mode-mirror.ts';
import type { PaneTarget } from '../input/pane-target.ts';
import type { TerminalReply } from '../input/replies.ts';
import type { Clock } from '../paint/clock.ts';
import { systemClock } from '../paint/clock.ts';
import { StreamOutput } from '../paint/output.ts';
import { TerminalStage } from '../paint/stage.ts';
import type { TerminalOptions, TerminalSession } from './api.ts';
import { CapabilityProbe, capabilityQueries, guessCapabilities } from './capabilities.ts';
import { enterSequence, guardExit, leaveSequence, writeNow } from './screen.ts';

/** How long answers under way are waited for: in the shell they would be typed text. */
const SETTLE_MS = 100;

/**
 * Takes the terminal over: alternate screen, raw mode, modes, queries; restores it on every way out.
 * Nothing is painted before the room's first frame.
 * @throws Error in one line where stdin or stdout is no terminal, or an exit chord can't be one
 */
export function openTerminal(options: TerminalOptions): TerminalSession {
  if (!options.stdin.isTTY || !options.stdout.isTTY) {
    throw new Error('the screen needs a terminal: stdin or stdout is none; `llmctl status` works without');
  }
  return new OpenTerminal(options, systemClock);
}

class OpenTerminal implements TerminalSession {
  readonly stage: TerminalStage;
  readonly inkStdin = createInkStdin();
  #options: TerminalOptions;
  #clock: Clock;
  #router: Router;
  #mirror: ModeMirror;
  #probe: CapabilityProbe;
  #pane: number | null = null;
  #isRestored = false;
  #unguard: () => void;
  #unsubscribe: () => void;

  constructor(options: TerminalOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    const guess = guessCapabilities(options.env);
    this.#probe = new CapabilityProbe(guess);
    this.#mirror = new ModeMirror({
      mouse: options.mouse,
      canMouse: guess.mouse,
      canCursorStyle: guess.cursorStyle,
    });
    this.#router = this.#createRouter(parseChords(options.exitChords));
    const output = new StreamOutput(options.stdout);
    this.stage = new TerminalStage({ client: options.client, output, features: guess.paint, clock });
    this.#unsubscribe = options.client.onDamage(({ pane }) => {
      if (pane === this.#pane) this.#followModes();
    });
    this.#unguard = guardExit({
      restore: () => this.#restore(),
      crashed: (error) => (options.onCrash ?? crashLine)(error),
      ended: (reason) => options.onEnd?.(reason),
    });
    this.#start(output);
  }

  get inkStdout(): NodeJS.WriteStream {
    return this.stage.inkStdout.stream;
  }

  enterPane(pane: number): void {
    if (this.#pane !== pane) this.#router.leavePane();
    this.#pane = pane;
    this.#router.enterPane();
    this.#followModes();
  }

  leavePane(): void {
    this.#router.leavePane();
    this.#pane = null;
    this.#followModes();
  }

  copy(text: string): boolean {
    const sequence = copySequence(text, this.#options.env);
    if (sequence !== null) this.stage.send(sequence);
    return sequence !== null;
  }

  notify(text: string, wish: NoticeWish): void {
    const sequence = noticeSequence(text, wish, this.#options.env);
    if (sequence !== '') this.stage.send(sequence);
  }

  redraw(): void {
    this.stage.redraw();
  }

  async close(): Promise<void> {
    if (this.#isRestored) return;
    this.stage.close();
    const until = this.#clock.now() + SETTLE_MS;
    while (this.stage.awaitsAnswer && this.#clock.now() < until) {
      await new Promise<void>((resolve) => this.#clock.after(5, resolve));
    }
    this.#restore();
    this.#unguard();
  }

  #createRouter(exitChords: ReadonlySet<string>): Router {
    const { client } = this.#options;
    return new Router({
      ...handlersOf(this.#options),
      clock: this.#clock,
      exitChords,
      toPane: (bytes) => {
        if (this.#pane === null) return;
        client.input(this.#pane, bytes);
        this.stage.keyPressed();
      },
      target: () => this.#target(),
      onReply: (reply) => this.#reply(reply),
      onExitPane: () => {
        this.leavePane();
        this.#options.onExitPane();
      },
    });
  }

  #start(output: StreamOutput): void {
    const { stdin, stdout } = this.#options;
    const { known } = this.#probe;
    stdin.setRawMode(true);
    stdin.on('data', this.#onData);
    stdin.on('end', this.#onGone);
    stdin.on('error', this.#onGone);
    stdout.on('error', this.#onGone);
    output.write(Buffer.from(enterSequence(known) + capabilityQueries(known) + this.#mirror.follow(null), 'latin1'));
    this.stage.expectAnswer();
  }

  #onData = (bytes: Buffer): void => this.#router.feed(bytes);

  /** The terminal hung up without a signal. */
  #onGone = (): void => {
    if (this.#isRestored) return;
    this.#restore();
    this.#unguard();
    this.#options.onEnd?.('the terminal is gone');
  };

  #target(): PaneTarget | null {
    const pane = this.#pane;
    const screen = pane === null ? undefined : this.#options.client.screen(pane);
    const placement = pane === null ? undefined : this.stage.placement(pane);
    if (!screen || !placement) return null;
    const { rect, source } = placement;
    const origin = source.origin(rect);
    const { cols, rows, flags } = screen;
    return { rect, originX: origin.x, originY: origin.y, cols, rows, flags };
  }

  #reply(reply: TerminalReply): void {
    if (this.#probe.take(reply)) {
      if (this.#probe.known.kitty) this.stage.send(this.#mirror.kittyFound());
      this.stage.setFeatures(this.#probe.known.paint);
      this.#followModes();
    }
    if (reply.kind === 'ready') this.stage.answered();
  }

  #followModes(): void {
    const screen = this.#pane === null ? undefined : this.#options.client.screen(this.#pane);
    this.stage.send(this.#mirror.follow(screen ?? null));
    this.#router.setEscCoded(this.#mirror.isEscCoded);
  }

  #restore(): void {
    if (this.#isRestored) return;
    this.#isRestored = true;
    const { stdin, stdout } = this.#options;
    this.stage.close();
    this.#unsubscribe();
    this.#router.close();
    stdin.off('data', this.#onData);
    writeNow((stdout as unknown as { fd?: number }).fd ?? 1, leaveSequence(this.#probe.known));
    try {
      stdin.setRawMode(false);
    } catch {
      // The terminal is gone: there is nothing to set.
    }
    stdin.pause();
  }
}

function crashLine(error: unknown): string {
  return `llmctl: the screen failed: ${oneLine(error instanceof Error ? error.message : String(error))}`;
}

function handlersOf({ onKey, onPaste, onMouse, onFocus }: TerminalOptions) {
  return { onKey, onPaste, onMouse, onFocus };
}
