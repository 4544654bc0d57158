/** An agent's own word. */
import { isLive, type Agent } from '../model/agent.ts';
import type { ClientCommand, DecideContext } from '../model/commands.ts';
import type { Event } from '../model/events.ts';
import type { State } from '../model/state.ts';
import { oneLine } from '../text.ts';
import { decideEvidence } from './observe.ts';
import { percentOf } from './percent.ts';
import { raise } from './alerts.ts';
import { isRefusal, quoted, refuse, type Decision } from './refuse.ts';
import { reportOnTask } from './report-task.ts';

type Report = Extract<ClientCommand, { type: 'agent.report' }>;

/** What it says of itself, and what that means for the task that it has in hand. */
export function decideReport(state: State, agent: Agent, report: Report, context: DecideContext): Decision {
  const said = decideSaid(state, agent, report, context);
  return isRefusal(said) ? said : [...said, ...reportOnTask(state, agent, report, context)];
}

function decideSaid(state: State, agent: Agent, report: Report, context: DecideContext): Decision {
  if (!isLive(agent)) return refuse('not-running', `agent ${report.agent} is not running: its report came too late`);
  const text = oneLine(report.text, 300);
  const tell = (name: 'working' | 'waiting' | 'done', reason: string): readonly Event[] => {
    const decision = decideEvidence(agent, { state: name, reason, evidence: 'report' }, context.now);
    return isRefusal(decision) ? [] : decision;
  };
  switch (report.kind) {
    case 'started':
      return tell('working', text || 'says it has started');
    case 'progress': {
      const percent = percentOf(report.percent);
      const progress = { type: 'agent.progress', agent: report.agent, percent, text } as const;
      return [progress, ...tell('working', text || (percent === null ? 'says it is working' : `says ${percent} %`))];
    }
    case 'blocked':
      return tell('waiting', text === '' ? 'says it is blocked' : `blocked: ${text}`);
    case 'ask':
      return tell('waiting', text === '' ? 'asks for a person' : `asks: ${text}`);
    case 'done':
      return [
        { type: 'agent.progress', agent: report.agent, percent: 100, text },
        ...tell('done', text || 'says it is done'),
      ];
    case 'failed': {
      const words = text === '' ? 'says it has failed' : `says it has failed: ${text}`;
      const alert = {
        level: 'error',
        text: `agent ${report.agent} ${words}`,
        agent: report.agent,
        cause: `agent-report:${report.agent}`,
      } as const;
      return [...tell('waiting', words), raise(state, alert, context)];
    }
    case 'claim':
      return claim(state, agent, report.text);
  }
}

/** A file that nobody else is to touch until it is free again. */
function claim(state: State, agent: Agent, said: string): Decision {
  const { id } = agent.spec;
  const path = said.trim().replace(/^\.\//, '');
  if (path === '') return refuse('invalid', 'claim which file? `llmctl report claim PATH`');
  const holder = Object.hasOwn(state.locks, path) ? state.locks[path]! : id;
  if (holder !== id && Object.hasOwn(state.agents, holder)) {
    return refuse('busy', `${quoted(path)} is held by ${holder}: leave it alone until it is free`);
  }
  const activity: Event = { type: 'agent.activity', agent: id, text: `claims ${oneLine(path, 200)}` };
  return Object.hasOwn(state.locks, path) && state.locks[path] === id
    ? [activity]
    : [activity, { type: 'lock.taken', path, holder: id }];
}
