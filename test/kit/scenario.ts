/** What a scenario file imports: rooms that close themselves after their test, and tell what was seen when it failed. */
import { onTestFinished } from 'vitest';
import { Room, type RoomOptions } from './room.ts';

/** A room with its session running (or not: `up: false`), closed and checked for leftovers at the end of the test. */
export async function startRoom(options: RoomOptions = {}): Promise<Room> {
  const room = new Room(options);
  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail') console.error(await room.report());
    await room.close();
  });
  if (options.up !== false) await room.up();
  return room;
}
