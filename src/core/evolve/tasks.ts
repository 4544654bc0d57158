/** How one event changes one task. */
import type { TaskWork } from '../model/work.ts';
import type { TaskEvent } from '../model/work-events.ts';
import { COORDINATOR as PERSON } from '../plan/model.ts';

export function evolveTask(task: TaskWork, event: TaskEvent, at: number): TaskWork {
  switch (event.type) {
    case 'task.offered':
      return { ...task, offered: true };
    case 'task.activated':
      return { ...task, active: true };
    case 'task.started': {
      const { agent, by, forced } = event;
      const startedAt = task.startedAt ?? at;
      return {
        ...task,
        stage: 'running',
        since: at,
        agent,
        startedAt,
        endedAt: null,
        by,
        forced,
        active: true,
        brief: 'none',
      };
    }
    case 'task.briefing':
      return { ...task, brief: event.typed ? 'sending' : 'told' };
    case 'task.briefed':
      return task.brief === 'sending' ? { ...task, brief: 'told' } : task;
    case 'task.progress':
      return { ...task, progress: event.percent };
    case 'task.blocked':
      return { ...task, stage: 'blocked', since: at, reason: event.reason, run: null };
    case 'task.unblocked':
      return { ...task, stage: 'running', since: at, reason: '' };
    case 'task.verifying':
      return { ...task, stage: 'verifying', since: at, run: event.run, by: event.by };
    case 'task.returned': {
      const { reason } = event;
      return { ...task, stage: 'running', since: at, run: null, attempts: task.attempts + 1, reason };
    }
    case 'task.landing':
      return { ...task, stage: 'landing', since: at, run: null, by: event.by };
    case 'task.done': {
      const { by, forced, commit } = event;
      const ended = { stage: 'done', since: at, endedAt: at, progress: 100, run: null, reason: '' } as const;
      return { ...task, ...ended, active: true, startedAt: task.startedAt ?? at, by, forced, commit };
    }
    case 'task.failed':
      return { ...task, stage: 'failed', since: at, endedAt: at, run: null, reason: event.reason, by: event.by };
    case 'task.reopened': {
      const { reason, by, forced } = event;
      const again = { stage: 'open', since: at, endedAt: null, progress: 0, attempts: 0, run: null } as const;
      return { ...task, ...again, agent: null, active: true, brief: 'none', offered: false, reason, by, forced };
    }
    case 'task.assigned':
      return { ...task, assigned: event.agent ?? PERSON, offered: false };
    case 'task.artefact': {
      const { agent: by, path, text } = event;
      const others = task.artefacts.filter((one) => one.path !== path);
      return { ...task, artefacts: [...others, { path, text, by, at }] };
    }
  }
}
