/** How a room gets its line to the session, the first time and each time after. */
import type { DaemonMessage, Snapshot } from '../protocol/messages.ts';
import { DaemonConnection } from './connection.ts';
import type { RoomConnection, RoomOptions } from './room.ts';

/**
 * Connects and takes the snapshot. Messages that come with its reply in one chunk wait in `early` until the room can take
 * them.
 * @throws LlmctlError `no-session`, `version` or `lost`
 */
export async function subscribe(
  options: Pick<RoomOptions, 'socket' | 'greeting'>,
  room: () => RoomConnection | null,
  early: DaemonMessage[],
): Promise<{ link: DaemonConnection; snapshot: Snapshot }> {
  const link = await DaemonConnection.open(options.socket, options.greeting, {
    onMessage: (message) => {
      const target = room();
      if (target) target.receive(message);
      else early.push(message);
    },
    onPaneRows: (payload) => room()?.rows(payload),
    onFrameEnd: (frame) => room()?.frameEnd(frame),
    onClose: (reason) => room()?.lost(reason),
  });
  try {
    return { link, snapshot: (await link.request({ method: 'subscribe' })) as Snapshot };
  } catch (error) {
    link.close();
    throw error;
  }
}
