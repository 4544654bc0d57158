/** interrupt, and pause --soft: the keys by which an agent's CLI ends its turn are those of its profile. */
import { loadProfiles, type Profiles } from '../../adapters/profiles/load.ts';
import type { RoomConnection } from '../../client/room.ts';
import { isLive, type Agent, type AgentId, type AgentStateName } from '../../core/model/agent.ts';
import { isProgramOf } from '../../core/profile/launch.ts';
import type { Profile } from '../../core/profile/profile.ts';
import { GENERIC_PROFILE } from '../../core/profile/read.ts';
import type { CommandLine } from '../define.ts';
import { usageError } from '../errors.ts';

/** A CLI ends its turn within a moment; one that doesn't is paused as it is. */
const ENDS_MS = 10_000;

export async function interrupt(line: CommandLine): Promise<void> {
  await forEach(line, 'interrupt', 'interrupted', press);
}

/** Ends the turn first; what it is told to go on with waits at its input until it is resumed. */
export async function pauseSoftly(line: CommandLine): Promise<void> {
  await forEach(line, 'pause', 'paused', async (room, id, profile) => {
    const wasAtWork = stateOf(room, id) === 'working';
    if (wasAtWork) {
      await press(room, id, profile);
      await until(room, () => stateOf(room, id) !== 'working');
    }
    await room.command({ type: 'agent.pause', agent: id });
    const { goOn } = profile.pause;
    if (wasAtWork && goOn !== null) await room.command({ type: 'agent.send', agent: id, text: goOn, enter: true });
  });
}

type Act = (room: RoomConnection, id: AgentId, profile: Profile) => Promise<void>;

/** Names that nobody has are refused by the session, as those of every command are. */
async function forEach({ context, args, options }: CommandLine, verb: string, done: string, act: Act): Promise<void> {
  const ids = [...new Set(args[0] as readonly string[])];
  const all = options.all === true;
  if (all === ids.length > 0) throw usageError(`name the agents to ${verb}, or say --all`);
  const room = await context.room(false);
  try {
    const { agents: known, order } = room.state();
    const agents = all ? order.filter((id) => known[id] !== undefined && isAwake(known[id])) : ids;
    const profiles = await loadProfiles(process.env);
    await Promise.all(agents.map((id) => act(room, id, profileOf(known[id], profiles))));
    const names = agents.join(', ');
    context.answer({ ok: true, agents }, names === '' ? `no agent to ${verb}` : `${done}: ${names}`);
  } finally {
    room.close();
  }
}

async function press(room: RoomConnection, id: AgentId, { interrupt: keys }: Profile): Promise<void> {
  await room.command({ type: 'agent.keys', agent: id, keys });
}

function isAwake(agent: Agent): boolean {
  return isLive(agent) && agent.status.state !== 'paused';
}

function stateOf(room: RoomConnection, id: AgentId): AgentStateName | undefined {
  const { agents } = room.state();
  return Object.hasOwn(agents, id) ? agents[id]?.status.state : undefined;
}

/** A program that is no profile's own is interrupted as any other. */
function profileOf(agent: Agent | undefined, { byId }: Profiles): Profile {
  const profile = agent === undefined ? undefined : byId.get(agent.spec.profile);
  return profile !== undefined && isProgramOf(profile, agent!.spec.command) ? profile : byId.get(GENERIC_PROFILE)!;
}

async function until(room: RoomConnection, holds: () => boolean): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ENDS_MS)));
  const seen = new Promise<void>((resolve) => {
    const look = (): void => {
      if (holds()) resolve();
    };
    room.onChange(look);
    look();
  });
  await Promise.race([seen, late]);
  clearTimeout(timer);
}
