/** Lets a CLI end in good order, by the keys of its profile, before it is ended by signals: it keeps its conversation, and says goodbye. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Agent, AgentId, AgentSpec } from '../../core/model/agent.ts';
import type { Profile } from '../../core/profile/profile.ts';
import { keysToBytes } from '../keys.ts';
import type { Panes } from '../panes.ts';
import type { Room } from '../room.ts';

export interface EndingParts {
  readonly room: Pick<Room, 'state' | 'until'>;
  readonly panes: Pick<Panes, 'of' | 'modes' | 'write'>;
  /** The profile whose own program it runs. */
  readonly profileOf: (spec: AgentSpec) => Profile | null;
}

/** What hasn't ended by then is sent signals. */
const LONGEST_MS = 1_500;
/** Keys that come together count as one to some. */
const APART_MS = 120;

/** Resolves when it has ended, or is not going to. Never rejects. */
export async function endByKeys(parts: EndingParts, id: AgentId): Promise<void> {
  const { room, panes, profileOf } = parts;
  const agent = room.state.agents[id];
  const pane = panes.of(id);
  if (agent === undefined || pane === undefined || !reads(agent)) return;
  const token = agent.run?.token;
  const isSame = () => room.state.agents[id]?.run?.token === token;
  const profile = profileOf(agent.spec);
  if (profile === null) return;
  for (const key of profile.end.keys) {
    const modes = await panes.modes(pane.pane).catch(() => null);
    const named = modes === null ? null : keysToBytes([key], modes);
    if (!named?.ok || !isSame()) return;
    panes.write(pane.pane, Buffer.from(named.bytes));
    await sleep(APART_MS);
  }
  if (profile.end.keys.length === 0) return;
  const ended = room.until(() => !isSame());
  await Promise.race([ended, sleep(LONGEST_MS, undefined, { ref: false })]);
}

/** One that stands still reads nothing. */
function reads({ run, status }: Agent): boolean {
  return run !== null && status.state !== 'paused' && status.state !== 'starting';
}
