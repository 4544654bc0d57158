/** Whether anything that an agent is about to do may be refused: if not, nobody has to wait for an answer. */
import type { State } from '../model/state.ts';

export function mayRefuse({ mergePolicy, permissions }: Pick<State, 'mergePolicy' | 'permissions'>): boolean {
  const locks = mergePolicy.policy === 'lock' || mergePolicy.rules.some(({ policy }) => policy === 'lock');
  return locks || permissions.rules.some(({ answer }) => answer === 'deny');
}
