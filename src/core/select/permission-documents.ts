/** Questions of agents that wait for an answer, as scripts see them. */
import type { State } from '../model/state.ts';
import { likeness } from '../permission/judge.ts';
import { isoTime } from './time.ts';

export function permissionDocuments({ permissions }: State) {
  return Object.values(permissions.waiting).map((permission) => {
    const { id, agent, at, tool, kind, command, paths, text, diff, via } = permission;
    return { id, agent, at: isoTime(at), tool, kind, command, paths, text, diff, via, alike: likeness(permission) };
  });
}
