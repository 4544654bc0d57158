/** Who met whom in a file, and how it ended: what came to a merge. What only was watched depends on who was quicker. */
import type { Event } from '../model/events.ts';

export interface MetOverlap {
  readonly path: string;
  readonly agents: readonly [string, string];
  /** `merged`, `merged, a person took both`, `put off: why`, `failed: why`, `open`. */
  readonly ended: string;
}

interface Meeting {
  readonly agents: readonly [string, string];
  readonly paths: Set<string>;
  hadPerson: boolean;
  ended: string;
}

export function roundsOf(events: readonly Event[]): readonly MetOverlap[] {
  const rounds = new Map<string, Meeting>();
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
    [...paths].map((path) => ({ path, agents, ended })),
  );
}
