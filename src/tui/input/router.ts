/**
 * Owns what the terminal sends. In pane mode bytes go to the program as they came, but for the exit chords, mouse
 * reports, focus reports and answers to our own questions; in control mode all is decoded to named keys.
 */
import { PANE_FLAG } from '../../core/pane-flags.ts';
import type { Clock } from '../paint/clock.ts';
import { ControlInput } from './control-input.ts';
import { Clicks } from './clicks.ts';
import type { MouseReport } from './encode-mouse.ts';
import { encodeMouse, encodeWheelAsArrows, mouseEvent, mouseReport, wantsMouse } from './encode-mouse.ts';
import type { InputHandlers } from './events.ts';
import { chordBytes } from './key-names.ts';
import { decodeKey } from './keys.ts';
import type { PaneTarget } from './pane-target.ts';
import { isInside, toPaneCells } from './pane-target.ts';
import { findPasteEnd, PASTE_END, PASTE_START } from './paste.ts';
import type { TerminalReply } from './replies.ts';
import { replyOf } from './replies.ts';
import type { Token } from './sequence.ts';
import { ESC, nextToken } from './sequence.ts';

/** How long the rest of a cut sequence may take; a lone ESC in control mode is the Esc key after it. */
const PARTIAL_MS = 20;
/** A paste whose end never comes must not lock the exit. */
const PASTE_SILENCE_MS = 2000;

export interface RouterOptions extends InputHandlers {
  readonly clock: Clock;
  /** Chords in normal form, see parseChords. */
  readonly exitChords: ReadonlySet<string>;
  /** Bytes for the program, as they are. The view is only valid during the call. */
  toPane(bytes: Uint8Array): void;
  /** The pane with the keys; null where it isn't on screen. */
  target(): PaneTarget | null;
  onReply(reply: TerminalReply): void;
}

export class Router {
  #options: RouterOptions;
  #control: ControlInput;
  #clicks: Clicks;
  #chordBytes: ReadonlySet<number>;
  #isPane = false;
  /** The terminal says Esc in a sequence of its own: a lone ESC is never the key. */
  #isEscCoded = false;
  #isPasting = false;
  #lastAt = 0;
  #held: Buffer | null = null;
  /** How many of the held bytes the program has already. */
  #heldSent = 0;
  #cancelHeld: (() => void) | null = null;
  /** An ESC at a read's end that went to the program already; what follows may complete it. */
  #escSent = false;
  /** A button was pressed in the pane: its drag and release are the program's, wherever they are. */
  #isCaptured = false;

  constructor(options: RouterOptions) {
    this.#options = options;
    this.#control = new ControlInput(options);
    this.#clicks = new Clicks(options.clock);
    this.#chordBytes = chordBytes(options.exitChords);
  }

  get isPaneMode(): boolean {
    return this.#isPane;
  }

  enterPane(): void {
    if (this.#isPane) return;
    this.#isPane = true;
    this.#focusReport('I');
  }

  leavePane(): void {
    if (!this.#isPane) return;
    this.#focusReport('O');
    this.#isPane = false;
    this.#isCaptured = false;
    this.#escSent = false;
  }

  /** @param isCoded - the kitty protocol's "disambiguate" is on in the terminal now */
  setEscCoded(isCoded: boolean): void {
    this.#isEscCoded = isCoded;
  }

  /** Bytes as they were read. */
  feed(bytes: Buffer): void {
    const now = this.#options.clock.now();
    if (this.#isPasting && now - this.#lastAt > PASTE_SILENCE_MS) this.#isPasting = false;
    const joinsEsc = this.#escSent && now - this.#lastAt < 2 * PARTIAL_MS && bytes[0] !== ESC;
    this.#escSent = false;
    this.#lastAt = now;
    if (this.#isPane && !this.#held && !this.#isPasting && !joinsEsc && this.#isPlain(bytes)) {
      this.#options.toPane(bytes);
      return;
    }
    // An ESC that was passed on is looked at again with what follows, but not sent twice.
    const sent = joinsEsc ? 1 : this.#heldSent;
    const held = joinsEsc ? Buffer.of(ESC) : this.#takeHeld();
    this.#walk(held ? Buffer.concat([held, bytes]) : bytes, sent);
  }

  close(): void {
    this.#takeHeld();
  }

  /** Nothing in it could be ours. */
  #isPlain(bytes: Buffer): boolean {
    if (bytes.includes(ESC)) return false;
    for (const byte of this.#chordBytes) if (bytes.includes(byte)) return false;
    return true;
  }

  /** @param sent - how many of the first bytes the program has already */
  #walk(bytes: Buffer, sent: number): void {
    let at = 0;
    /** Start of what goes to the program untouched. */
    let from = sent;
    const flush = (end: number): void => {
      if (this.#isPane && end > from) this.#options.toPane(bytes.subarray(from, end));
    };
    while (at < bytes.length) {
      if (this.#isPasting) {
        flush(at);
        at = from = this.#pasted(bytes, at);
        continue;
      }
      const token = this.#isPane ? this.#paneToken(bytes, at) : nextToken(bytes, at);
      if (token.kind === 'partial') {
        if (!this.#passesPartial(token)) {
          flush(at);
          this.#hold(bytes.subarray(at), Math.max(0, from - at));
          return;
        }
        this.#escSent = true;
        break;
      }
      const wasPane = this.#isPane;
      const isOurs = this.#consume(bytes, token, () => flush(at));
      at = token.end;
      if (isOurs || !wasPane) from = Math.max(at, sent);
    }
    flush(bytes.length);
  }

  /** In pane mode whole stretches without ESC and chords are one token. */
  #paneToken(bytes: Buffer, at: number): Token {
    const first = bytes[at]!;
    if (first === ESC || this.#chordBytes.has(first)) return nextToken(bytes, at);
    let end = at + 1;
    while (end < bytes.length && bytes[end] !== ESC && !this.#chordBytes.has(bytes[end]!)) end++;
    return { kind: 'text', start: at, end };
  }

  /** The Esc key alone mustn't wait in pane mode, unless the terminal would have coded it. */
  #passesPartial({ start, end }: Token): boolean {
    return this.#isPane && end - start === 1 && !this.#isEscCoded;
  }

  /** @param flush - sends what the program is owed before this token. @returns false where the token is the program's */
  #consume(bytes: Buffer, token: Token, flush: () => void): boolean {
    if (token.kind !== 'text' && token.kind !== 'control' && this.#special(bytes, token, flush)) return true;
    if (!this.#isPane) {
      if (token.kind === 'text') this.#control.text(bytes.subarray(token.start, token.end));
      else this.#control.key(bytes, token);
      return true;
    }
    if (token.kind === 'text') return false;
    const key = decodeKey(bytes, token);
    if (!key || !this.#options.exitChords.has(key.name)) return false;
    flush();
    if (key.isRelease) return true;
    this.leavePane();
    this.#options.onExitPane();
    return true;
  }

  /** Pastes, mouse, focus, answers. @returns whether it was one */
  #special(bytes: Buffer, token: Token, flush: () => void): boolean {
    if (bytes.subarray(token.start, token.end).equals(PASTE_START)) {
      this.#isPasting = true;
      if (!this.#isPane) this.#control.pasteStart();
      else if (this.#programWants(PANE_FLAG.bracketedPaste)) return false;
      flush();
      return true;
    }
    const report = mouseReport(bytes, token);
    if (report) {
      flush();
      this.#mouse(report);
      return true;
    }
    const focus = focusOf(bytes, token);
    if (focus !== null) {
      flush();
      this.#options.onFocus(focus);
      if (this.#isPane) this.#focusReport(focus ? 'I' : 'O');
      return true;
    }
    const reply = replyOf(bytes, token);
    if (!reply) return false;
    flush();
    this.#options.onReply(reply);
    return true;
  }

  /** @returns the index after the part of the paste that is here */
  #pasted(bytes: Buffer, from: number): number {
    const { at, held } = findPasteEnd(bytes, from);
    const end = at >= 0 ? at : bytes.length - held;
    if (end > from) {
      if (this.#isPane) this.#options.toPane(bytes.subarray(from, end));
      else this.#control.pasted(bytes.subarray(from, end));
    }
    if (at < 0) {
      if (held > 0) this.#hold(bytes.subarray(end), 0);
      return bytes.length;
    }
    this.#isPasting = false;
    if (!this.#isPane) this.#control.pasteEnd();
    else if (this.#programWants(PANE_FLAG.bracketedPaste)) this.#options.toPane(PASTE_END);
    return at + PASTE_END.length;
  }

  #mouse(report: MouseReport): void {
    const target = this.#isPane ? this.#options.target() : null;
    if (target && this.#mouseToPane(target, report)) return;
    const event = mouseEvent(report);
    if (event) this.#options.onMouse(this.#clicks.see(event));
  }

  #mouseToPane(target: PaneTarget, report: MouseReport): boolean {
    const event = mouseEvent(report);
    const isHere = isInside(target, report);
    const isHeld = this.#isCaptured && (event?.kind === 'drag' || event?.kind === 'release');
    if (!isHere && !isHeld) return false;
    if (event?.kind === 'press') this.#isCaptured = wantsMouse(target.flags, report);
    if (event?.kind === 'release') this.#isCaptured = false;
    if (wantsMouse(target.flags, report)) {
      this.#send(encodeMouse(toPaneCells(target, report), target.flags));
      return true;
    }
    const arrows = event ? encodeWheelAsArrows(event, target.flags) : '';
    this.#send(arrows);
    return arrows !== '';
  }

  #focusReport(letter: 'I' | 'O'): void {
    if (this.#programWants(PANE_FLAG.focusEvents)) this.#send(`\x1b[${letter}`);
  }

  #programWants(flag: number): boolean {
    return ((this.#options.target()?.flags ?? 0) & flag) !== 0;
  }

  #send(text: string): void {
    if (text !== '') this.#options.toPane(Buffer.from(text, 'latin1'));
  }

  #hold(bytes: Buffer, sent: number): void {
    this.#held = Buffer.from(bytes);
    this.#heldSent = sent;
    // What may be the end of a paste waits for as long as the paste does.
    if (!this.#isPasting) this.#cancelHeld = this.#options.clock.after(PARTIAL_MS, () => this.#giveUpHeld());
  }

  #takeHeld(): Buffer | null {
    const held = this.#held;
    this.#cancelHeld?.();
    this.#cancelHeld = null;
    this.#held = null;
    this.#heldSent = 0;
    return held;
  }

  /** Nothing more came: a program gets the bytes as they are, control mode the keys that they are by themselves. */
  #giveUpHeld(): void {
    const sent = this.#heldSent;
    const held = this.#takeHeld();
    if (!held) return;
    if (this.#isPane) this.#options.toPane(held.subarray(sent));
    else if (held.length === 1) this.#control.key(held, { kind: 'control', start: 0, end: 1 });
    else this.#control.key(held, { kind: 'alt', start: 0, end: 2 });
  }
}

function focusOf(bytes: Buffer, { kind, start, end }: Token): boolean | null {
  if (kind !== 'csi' || end - start !== 3) return null;
  const final = bytes[start + 2];
  return final === 0x49 ? true : final === 0x4f ? false : null;
}
