import type { Agent, AgentStateName, AgentStatus } from '../../core/model/agent.ts';
import { FAKE_NOW } from './fake-room.ts';

/** An agent that runs and works, unless told otherwise. */
export function fakeAgent(name: string, pane: number, over: FakeAgentOptions = {}): Agent {
  const { state = 'working', reason = '', by = null, agoMs = 42_000, ...rest } = over;
  const status: AgentStatus = { state, since: FAKE_NOW - agoMs, reason, evidence: 'process', by };
  const ended = state === 'stopped' || state === 'failed';
  return {
    spec: {
      id: name,
      name,
      profile: 'demo',
      command: ['node', 'agent.js', name],
      cwd: `/repo/demo/${name}`,
      env: {},
      prompt: null,
      task: null,
      origin: 'plan',
    },
    pane,
    status,
    beforePause: null,
    pending: null,
    run: ended ? null : { pid: 1000 + pane, startedAt: FAKE_NOW - 600_000, token: `token-${pane}` },
    exit: ended ? { code: state === 'failed' ? 1 : 0, signal: null, at: FAKE_NOW - agoMs } : null,
    restarts: 0,
    quickExits: 0,
    progress: null,
    activity: '',
    git: null,
    ...rest,
  };
}

export interface FakeAgentOptions extends Partial<Omit<Agent, 'status' | 'pane'>> {
  readonly state?: AgentStateName;
  readonly reason?: string;
  readonly by?: AgentStatus['by'];
  /** Milliseconds that it has been in its state. */
  readonly agoMs?: number;
}
