/** Ink's start, in a file of its own: Ink and React are read once the first frame is on screen. */
import { render } from 'ink';
import type { TerminalSession } from '../terminal/api.ts';
import { RoomApp } from './room-app.tsx';
import type { RoomStore } from './room-store.ts';

/** Draws the room with Ink from now on. @returns what ends that */
export function renderRoom(store: RoomStore, terminal: Pick<TerminalSession, 'inkStdout' | 'inkStdin'>): () => void {
  const ink = render(<RoomApp store={store} />, {
    stdout: terminal.inkStdout,
    stdin: terminal.inkStdin,
    debug: true,
    interactive: true,
    patchConsole: false,
    exitOnCtrlC: false,
  });
  // Ink shows an error of a component as a page of its own and goes on. Unhandled, it ends us like any other.
  void ink.waitUntilExit();
  return () => ink.unmount();
}
