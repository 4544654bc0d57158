/** An agent's own word. */
import { isLive, type Agent } from '../model/agent.ts';
import type { ClientCommand, DecideContext } from '../model/commands.ts';
import type { Event } from '../model/events.ts';
import type { State } from '../model/state.ts';
import { inHandOf } from '../schedule/standing.ts';
import { oneLine } from '../text.ts';
import { releaseClaims } from './claims.ts';
import { decideEvidence } from './observe.ts';
import { percentOf } from './percent.ts';
import { raise } from './alerts.ts';
import { isRefusal, refuse, type Decision } from './refuse.ts';
import { reportOnTask } from './report-task.ts';

type Report = Extract<ClientCommand, { type: 'agent.report' }>;

/** What it says of itself, and what that means for the task that it has in hand. */
export function decideReport(state: State, agent: Agent, report: Report, context: DecideContext): Decision {
  const said = decideSaid(state, agent, report, context);
  return isRefusal(said) ? said : [...said, ...reportOnTask(state, agent, report, context)];
}

function decideSaid(state: State, agent: Agent, report: Report, context: DecideContext): Decision {
  if (!isLive(agent)) return refuse('not-running', `agent ${report.agent} is not running: its report came too late`);
  const text = oneLine([report.text, ...(report.artefacts ?? []).map((path) => `[${path}]`)].join(' '), 300);
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
        // With a task in hand it is done when the task is.
        ...(inHandOf(state.work, report.agent) === null ? releaseClaims(state, report.agent) : []),
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
  }
}
