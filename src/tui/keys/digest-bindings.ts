import { markedPoint } from '../app/marked-watch.ts';
import type { Binding } from './binding.ts';
import { firstOf, type Reason, writable } from './reasons.ts';

const held: Reason = (facts) => {
  const point = markedPoint(facts);
  return point && facts.state.watch.syncs[point.point] ? null : 'it was not held yet: H holds it now';
};

/** The page of sync points. */
export const DIGEST_BINDINGS: readonly Binding[] = [
  {
    id: 'digest-open',
    title: 'read',
    description: 'Read the whole digest',
    keys: ['Enter'],
    when: ['digests'],
    footer: 20,
    disabled: held,
    run: (c) => c.watch.openDigest(),
  },
  {
    id: 'digest-hold',
    title: 'hold now',
    description: 'Hold the sync point now: its digest is made, and told to everybody',
    keys: ['H'],
    when: ['digests'],
    footer: 21,
    disabled: firstOf(writable),
    run: (c) => c.watch.holdSync(),
  },
];
