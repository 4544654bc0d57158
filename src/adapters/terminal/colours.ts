import type { TerminalColours } from './api.ts';

/** Apart from emulator.ts, so that the daemon's main thread doesn't load xterm. */
export const DEFAULT_COLOURS: TerminalColours = { foreground: 'rgb:d0d0/d0d0/d0d0', background: 'rgb:1010/1010/1010' };
