import type { TerminalOptions, TerminalSession } from './api.ts';

/**
 * Takes the terminal over: alternate screen, raw mode, modes, queries; restores it on every way out.
 * Nothing is painted before the first Ink frame or setLayout.
 * @throws Error in one line where stdin or stdout is no terminal
 */
export function openTerminal(options: TerminalOptions): TerminalSession {
  throw new Error(`not ready yet (${options.exitChords.join()})`);
}
