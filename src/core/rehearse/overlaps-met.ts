/** Who met whom in a file, and how it ended: what came to a merge. What only was watched depends on who was quicker. */
import type { Event } from '../model/events.ts';

export interface MetOverlap {
  readonly path: string;
  readonly agents: readonly [string, string];
  /** `merged`, `merged, a person took both`, `put off: why`, `failed: why`, `open`. */
  readonly ended: string;
  /** The script had them meet there; any other meeting is a matter of who was where at that moment. */
  readonly onPurpose: boolean;
}

interface Round {
  readonly agents: readonly [string, string];
  readonly paths: Set<string>;
  hadPerson: boolean;
  ended: string;
}

/** @param meetings paths with the agents that are to meet there, as `placeOf` names them */
export function roundsOf(events: readonly Event[], meetings: ReadonlySet<string>): readonly MetOverlap[] {
  const rounds = new Map<string, Round>();
  for (const event of events) {
    switch (event.type) {
      case 'round.detected':
        rounds.set(event.round, { agents: event.agents, paths: new Set(event.paths), hadPerson: false, ended: 'open' });
        break;
      case 'round.settled': {
        const round = rounds.get(event.round);
        if (round) round.hadPerson = true;
        break;
      }
      case 'round.applied': {
        const round = rounds.get(event.round);
        if (round) round.ended = round.hadPerson ? 'merged, a person took both' : 'merged';
        break;
      }
      case 'round.deferred':
      case 'round.failed': {
        const round = rounds.get(event.round);
        if (round) round.ended = `${event.type === 'round.failed' ? 'failed' : 'put off'}: ${event.reason}`;
        break;
      }
      default:
    }
  }
  return [...rounds.values()].flatMap(({ agents, paths, ended }) =>
    [...paths].map((path) => ({ path, agents, ended, onPurpose: meetings.has(placeOf(path, agents)) })),
  );
}

export function placeOf(path: string, agents: readonly string[]): string {
  return [path, ...agents.toSorted()].join('\u0000');
}
