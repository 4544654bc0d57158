/** Events of the plan's work in words. */
import type { WorkEvent } from '../model/work-events.ts';

export function workWords(event: WorkEvent): string {
  switch (event.type) {
    case 'plan.taken':
      return planWords(event);
    case 'task.offered':
      return `task ${event.task} waits for a person`;
    case 'task.activated':
      return `task ${event.task} is done instead: gate ${event.gate} has failed`;
    case 'task.started': {
      const who = event.agent ?? event.by.name;
      return `task ${event.task} started by ${event.by.name} for ${who}${forced(event.forced)}`;
    }
    case 'task.briefing':
      return `${event.agent} is told about task ${event.task}`;
    case 'task.briefed':
      return `task ${event.task} is on its agent's screen`;
    case 'task.progress':
      return `task ${event.task} is at ${event.percent} %`;
    case 'task.blocked':
      return `task ${event.task} is blocked: ${event.reason}`;
    case 'task.unblocked':
      return `task ${event.task} goes on`;
    case 'task.verifying':
      return `task ${event.task} is said to be done by ${event.by.name}: its checks run`;
    case 'task.returned':
      return `task ${event.task} is not done yet: ${event.reason}`;
    case 'task.landing':
      return `task ${event.task} is to land`;
    case 'task.done':
      return `task ${event.task} done by ${event.by.name}${forced(event.forced)}${event.commit === null ? '' : `, landed as ${event.commit.slice(0, 12)}`}`;
    case 'task.failed':
      return `task ${event.task} has failed: ${event.reason}`;
    case 'task.reopened':
      return `task ${event.task} begins anew${forced(event.forced)}${after(event.reason)}`;
    case 'task.assigned':
      return `task ${event.task} given to ${event.agent ?? 'a person'} by ${event.by.name}`;
    case 'task.artefact':
      return `${event.agent} made ${event.path} for task ${event.task}${after(event.text)}`;
    case 'gate.started':
      return `gate ${event.gate}: its checks run, started by ${event.by.name}${forced(event.forced)}`;
    case 'gate.asked':
      return `gate ${event.gate} waits for a person's word`;
    case 'gate.passed':
      return `gate ${event.gate} passed by ${event.by.name}${forced(event.forced)}${after(event.reason)}`;
    case 'gate.failed':
      return `gate ${event.gate} failed: ${event.reason}`;
    case 'gate.waived':
      return `gate ${event.gate} waived by ${event.by.name}${after(event.reason)}`;
    case 'gate.retried':
      return `gate ${event.gate}: ${event.tasks.join(', ')} done again`;
    case 'milestone.reached':
      return `milestone ${event.milestone} reached${event.commit === null ? '' : ` at ${event.commit.slice(0, 12)}`}`;
    case 'milestone.recorded':
      return `milestone ${event.milestone} recorded as ${event.commit.slice(0, 12)}`;
    case 'handover.given':
      return `handover ${event.handover} given${event.path === '' ? '' : `: ${event.path}`}`;
    case 'schedule.held':
      return event.reason === null ? `new tasks start again` : `no new task starts: ${event.reason}`;
  }
}

function planWords({ plan, changes }: Extract<WorkEvent, { type: 'plan.taken' }>): string {
  const parts = (['added', 'removed', 'changed'] as const).flatMap((kind) =>
    changes[kind].length === 0
      ? []
      : [`${kind} ${changes[kind].slice(0, 8).join(', ')}${changes[kind].length > 8 ? ', …' : ''}`],
  );
  return `plan ${plan.name} taken${parts.length === 0 ? '' : `: ${parts.join('; ')}`}`;
}

function forced(is: boolean): string {
  return is ? ' (by force)' : '';
}

function after(text: string): string {
  return text === '' ? '' : `: ${text}`;
}
