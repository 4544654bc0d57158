/** Mouse reports: what the terminal sends (SGR 1006, or X10), decoded; what a program wants, encoded. */
import { PANE_FLAG } from '../../core/pane-flags.ts';
import type { MouseEvent, MouseKind } from './events.ts';
import type { Token } from './sequence.ts';
import { csiParts } from './sequence.ts';

/** A report as it came: `code` is xterm's button word, cells from 0. */
export interface MouseReport {
  readonly code: number;
  readonly x: number;
  readonly y: number;
  readonly isRelease: boolean;
}

const SHIFT = 4;
const ALT = 8;
const CTRL = 16;
const MOTION = 32;
const WHEEL = 64;
const NO_BUTTON = 3;
const X10_LIMIT = 223;
/** Lines per notch, as terminals do it in an alternate screen. */
const WHEEL_LINES = 3;

/** @returns null where the token is no mouse report */
export function mouseReport(bytes: Uint8Array, token: Token): MouseReport | null {
  if (token.kind === 'x10') {
    const code = bytes[token.start + 3]! - 32;
    const x = bytes[token.start + 4]! - 33;
    const y = bytes[token.start + 5]! - 33;
    const isRelease = (code & (NO_BUTTON | MOTION | WHEEL)) === NO_BUTTON;
    return { code: isRelease ? code & ~NO_BUTTON : code, x, y, isRelease };
  }
  if (token.kind !== 'csi' || bytes[token.start + 2] !== 0x3c) return null;
  const { params, final } = csiParts(bytes, token);
  const [code, x, y] = params.map((group) => group[0] ?? NaN);
  if ((final !== 'M' && final !== 'm') || code === undefined || !(x! > 0) || !(y! > 0)) return null;
  return { code, x: x! - 1, y: y! - 1, isRelease: final === 'm' };
}

/** Wheel to the left and right, and buttons past the third, are nothing of ours: null. */
export function mouseEvent({ code, x, y, isRelease }: MouseReport): MouseEvent | null {
  const kind = kindOf(code, isRelease);
  if (kind === null) return null;
  const isWheel = (code & WHEEL) !== 0;
  return {
    kind,
    button: isWheel || kind === 'move' ? NO_BUTTON : code & NO_BUTTON,
    x,
    y,
    shift: (code & SHIFT) !== 0,
    alt: (code & ALT) !== 0,
    ctrl: (code & CTRL) !== 0,
  };
}

function kindOf(code: number, isRelease: boolean): MouseKind | null {
  if (code >= 128) return null;
  if ((code & WHEEL) !== 0) {
    if ((code & NO_BUTTON) > 1) return null;
    return (code & 1) === 0 ? 'wheel-up' : 'wheel-down';
  }
  if (isRelease) return 'release';
  if ((code & MOTION) !== 0) return (code & NO_BUTTON) === NO_BUTTON ? 'move' : 'drag';
  return 'press';
}

/** Mouse tracking a program asked for: 0 none, 1 buttons, 2 drags too, 3 all motion. */
export function mouseLevel(flags: number): number {
  return (flags & PANE_FLAG.mouseMask) >> PANE_FLAG.mouseShift;
}

/** Whether a program with these PANE_FLAG bits wants the report. */
export function wantsMouse(flags: number, report: MouseReport): boolean {
  const level = mouseLevel(flags);
  if (level === 0 || (report.code & MOTION) === 0) return level > 0;
  return level === 3 || (level === 2 && (report.code & NO_BUTTON) !== NO_BUTTON);
}

/** The report as the program asked for it (1006, or X10). @returns '' where X10 can't say it */
export function encodeMouse({ code, x, y, isRelease }: MouseReport, flags: number): string {
  if ((flags & PANE_FLAG.sgrMouse) !== 0) return `\x1b[<${code};${x + 1};${y + 1}${isRelease ? 'm' : 'M'}`;
  if (x >= X10_LIMIT || y >= X10_LIMIT) return '';
  const button = isRelease ? code | NO_BUTTON : code;
  return `\x1b[M${String.fromCharCode(32 + button, 33 + x, 33 + y)}`;
}

/** The wheel in a program without mouse mode on the alternate screen: arrow keys, as terminals do. */
export function encodeWheelAsArrows(event: MouseEvent, flags: number): string {
  if ((flags & PANE_FLAG.alternateScreen) === 0) return '';
  const isUp = event.kind === 'wheel-up';
  if (!isUp && event.kind !== 'wheel-down') return '';
  const arrow = (flags & PANE_FLAG.applicationCursor) !== 0 ? '\x1bO' : '\x1b[';
  return `${arrow}${isUp ? 'A' : 'B'}`.repeat(WHEEL_LINES);
}
