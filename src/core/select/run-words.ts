/** What agents asked and used, in words. */
import type { PermissionEvent } from '../model/permission.ts';
import type { RunEvent } from '../model/run-facts.ts';

export function runWords(event: RunEvent | PermissionEvent): string {
  switch (event.type) {
    case 'agent.conversation':
      return `${event.agent} is in conversation ${event.conversation.id}`;
    case 'agent.usage': {
      const { tokens, costUsd, contextUsed } = event.usage;
      const parts = [
        tokens === null ? '' : `${tokens} tokens`,
        costUsd === null ? '' : `$${costUsd.toFixed(2)}`,
        contextUsed === null ? '' : `${Math.round(contextUsed)} % of its context`,
      ];
      return `${event.agent} used ${parts.filter((part) => part !== '').join(', ')}`;
    }
    case 'permission.asked':
      return `${event.permission.agent} asks for permission: ${event.permission.text}`;
    case 'permission.answered': {
      const { permission, verdict, by, reason } = event;
      const words = { allow: 'allowed', always: 'allowed from now on', deny: 'denied' } as const;
      return `${permission.agent}: ${permission.text}: ${words[verdict]} by ${by.name}${reason === '' ? '' : `: ${reason}`}`;
    }
    case 'permission.gone':
      return `${event.agent} no longer asks: ${event.reason}`;
    case 'permission.ruled':
      return `${event.rules.length} rules for permissions`;
  }
}
