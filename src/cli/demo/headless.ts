/** The demo without a terminal: one round of work, progress as lines, questions answered with yes. */
import { RoomConnection } from '../../client/room.ts';
import type { Agent } from '../../core/model/agent.ts';
import type { Overlap } from '../../core/model/overlap.ts';
import { showControls } from '../../core/text.ts';
import { CliError } from '../errors.ts';
import { print, printJson } from '../io.ts';
import { statusDocument } from '../../core/select/status.ts';
import { userName } from '../user.ts';

/** Longest that a round may take at speed 1; it takes about four minutes. */
const ROUND_MS = 15 * 60_000;
const ROUND_LEAST_MS = 60_000;

export async function runRound(socket: string, speed: number, json: boolean): Promise<void> {
  const room = await RoomConnection.open({ socket, greeting: { kind: 'cli', readOnly: false, user: userName() } });
  try {
    await finished(room, Math.max(ROUND_LEAST_MS, ROUND_MS / speed), json ? () => undefined : print);
    const state = room.state();
    if (json) printJson(statusDocument(state, room.clients()));
    else print(`all ${state.order.length} agents have finished`);
  } finally {
    room.close();
  }
}

function finished(room: RoomConnection, limitMs: number, say: (line: string) => void): Promise<void> {
  const told = new Map<string, string>();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new CliError('the demo took too long: see `llmctl log`')), limitMs);
    const look = (): void => {
      const { agents, order, overlaps } = room.state();
      for (const overlap of Object.values(overlaps)) {
        const line = describeOverlap(overlap);
        if (told.get(overlap.id) === line) continue;
        told.set(overlap.id, line);
        say(line);
      }
      const all = order.map((id) => agents[id]).filter((agent) => agent !== undefined);
      for (const agent of all) {
        const line = describe(agent);
        if (told.get(agent.spec.id) === line) continue;
        told.set(agent.spec.id, line);
        say(line);
        if (agent.status.state === 'waiting') answer(room, agent);
      }
      const failed = all.find(({ status }) => status.state === 'failed');
      if (failed) reject(new CliError(`agent ${failed.spec.id} failed: ${failed.status.reason}`));
      if (room.connection().state === 'ended') reject(new CliError('the session ended before the agents had finished'));
      if (all.length > 0 && all.every(({ progress }) => progress === 100)) resolve();
      else return;
      clearTimeout(timer);
      stop();
    };
    const stop = room.onChange(look);
    look();
  });
}

function describe({ spec, status, progress, activity }: Agent): string {
  const percent = progress === null ? '   ' : `${String(progress).padStart(3)} %`;
  return `${spec.id.padEnd(5)} ${percent.padEnd(5)} ${status.state}: ${showControls(activity || status.reason)}`;
}

function describeOverlap({ agents, state, verdict, path, reason }: Overlap): string {
  return `${agents.join(' and ')} changed ${showControls(path)}: ${verdict}, ${state}${reason === '' ? '' : ` (${showControls(reason)})`}`;
}

function answer(room: RoomConnection, { spec }: Agent): void {
  room.command({ type: 'agent.keys', agent: spec.id, keys: ['y'] }).catch(() => undefined);
}
