/** Who draws when: the scene as it is at first, Ink once what matters is on screen. */
import type { RoomClient } from '../../client/api.ts';
import type { TerminalSession } from '../terminal/api.ts';
import { firstFrame } from './first-frame.ts';
import type { RoomStore } from './room-store.ts';

/** How long the first frame waits for the agents' screens; they come within some 10 ms. */
const SCREENS_MS = 40;
/** The painter's beat and a bit: screens that come a little later are painted before Ink takes the thread for 100 ms. */
const INK_AFTER_MS = 50;

/**
 * Draws the room, at first without Ink: reading it and warming it up take longer than all that goes before.
 * @returns what ends the drawing
 */
export function drawRoom(
  client: Pick<RoomClient, 'onFrameEnd'>,
  store: RoomStore,
  terminal: Pick<TerminalSession, 'inkStdout' | 'inkStdin'>,
): () => void {
  let stop = (): void => undefined;
  let isStopped = false;
  const begin = async (): Promise<void> => {
    await firstScreens(client);
    if (isStopped) return;
    const draw = (): boolean => terminal.inkStdout.write(firstFrame(store.scene(), store.size(), store.ansi));
    stop = store.subscribe(draw);
    draw();
    await new Promise((resolve) => setTimeout(resolve, INK_AFTER_MS));
    if (isStopped) return;
    const { renderRoom } = await import('./render-room.tsx');
    if (isStopped) return;
    stop();
    stop = renderRoom(store, terminal);
  };
  // An error here is nobody's to handle: it ends the screen like any other that nobody caught.
  void begin();
  return () => {
    isStopped = true;
    stop();
  };
}

/** The agents' screens have come, or none does soon. */
async function firstScreens(client: Pick<RoomClient, 'onFrameEnd'>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = client.onFrameEnd(() => resolve());
  const timer = setTimeout(resolve, SCREENS_MS);
  await promise;
  stop();
  clearTimeout(timer);
}
