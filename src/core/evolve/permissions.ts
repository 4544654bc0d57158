/** Questions of agents as they come and go. */
import type { Event } from '../model/events.ts';
import { NO_PERMISSIONS, type PermissionEvent, type Permissions } from '../model/permission.ts';
import { likeness } from '../permission/judge.ts';

export function evolvePermissions(permissions: Permissions, event: PermissionEvent): Permissions {
  switch (event.type) {
    case 'permission.asked':
      return { ...permissions, waiting: { ...permissions.waiting, [event.permission.id]: event.permission } };
    case 'permission.answered': {
      const { id, agent } = event.permission;
      const next = without(permissions, (one) => one === id);
      if (event.verdict !== 'always') return next;
      const held = Object.hasOwn(next.granted, agent) ? next.granted[agent]! : [];
      const granted = [...new Set([...held, likeness(event.permission)])];
      return { ...next, granted: { ...next.granted, [agent]: granted } };
    }
    case 'permission.gone':
      return without(permissions, (one) => one === event.id);
    case 'permission.ruled':
      return { ...permissions, rules: event.rules };
  }
}

/** What ends takes its questions along; what is removed, its grants too. */
export function followPermissions(permissions: Permissions, event: Event): Permissions {
  switch (event.type) {
    case 'agent.exited':
    case 'agent.starting':
      return without(permissions, (_, agent) => agent === event.agent);
    case 'agent.removed': {
      const { [event.agent]: _, ...granted } = permissions.granted;
      return { ...without(permissions, (__, agent) => agent === event.agent), granted };
    }
    case 'session.ended':
      return { ...NO_PERMISSIONS, rules: permissions.rules };
    default:
      return permissions;
  }
}

function without(permissions: Permissions, isGone: (id: string, agent: string) => boolean): Permissions {
  const waiting = Object.entries(permissions.waiting).filter(([id, { agent }]) => !isGone(id, agent));
  if (waiting.length === Object.keys(permissions.waiting).length) return permissions;
  return { ...permissions, waiting: Object.fromEntries(waiting) };
}
