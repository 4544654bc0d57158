import { describe, expect, it } from 'vitest';
import { newAgent } from '../../core/evolve/agents.ts';
import type { Agent, AgentStateName } from '../../core/model/agent.ts';
import type { Begun } from '../../core/model/run-facts.ts';
import { emptyState, type State } from '../../core/model/state.ts';
import { PaneMirror } from '../../adapters/terminal/mirror.ts';
import { Readiness } from '../readiness.ts';
import { Briefer } from './brief.ts';

const session = { id: 's', repo: '/r', git: true, startedAt: 0, plan: null, planName: '', pid: 1 };
const spec = {
  id: 'ana',
  name: 'ana',
  profile: 'shell',
  command: ['sh'],
  cwd: '/r',
  worktree: null,
  env: {},
  prompt: null,
  task: null,
  origin: 'plan',
} as const;
const by = { kind: 'person', name: 'eva' } as const;

/** A room with one agent, whose program takes whatever is typed. */
function room(begun?: Begun) {
  const typed: string[] = [];
  const fresh = newAgent(spec, 1, 0, by);
  let state: State = emptyState(session);
  const looks: (() => void)[] = [];
  const become = (name: AgentStateName): void => {
    const run = { pid: 7, startedAt: begun ? Date.now() : 0, token: 't', ...(begun ? { begun } : {}) };
    const ana: Agent = { ...fresh, run, status: { ...fresh.status, state: name } };
    state = { ...state, order: ['ana'], agents: { ana } };
    for (const look of looks.splice(0)) look();
  };
  const until = async (holds: (at: State) => boolean): Promise<void> => {
    while (!holds(state)) await new Promise<void>((resolve) => looks.push(resolve));
  };
  let generation = 1;
  const readiness = new Readiness(true, () => undefined);
  const briefer = new Briefer(
    {
      of: () => ({ agent: 'ana', pane: 1, generation, mirror: new PaneMirror(1), cols: 80, rows: 24, readiness }),
      modes: () => Promise.resolve({ flags: 0, kittyFlags: 0 }),
      text: () => Promise.reject(new Error('nobody looks')),
      write: (_, bytes) => void typed.push(Buffer.from(bytes).toString()),
      message: (_, paste) => void typed.push(Buffer.from(paste).toString()),
    },
    {
      get state() {
        return state;
      },
      until,
      dispatch: () => {
        throw new Error('nothing has to be told');
      },
    },
    {
      began: () => false,
      hasBegun: () => (begun ? new Promise(() => {}) : Promise.resolve(true)),
      prompts: () => 0,
      took: () => Promise.resolve(true),
    },
    (_, text) => Promise.resolve({ text: text.startsWith('@') ? 'read it there' : text, pauseMs: 5 }),
  );
  become('idle');
  const brief = (text: string, gentle: boolean) =>
    briefer.brief({ agent: 'ana', text, enter: true, first: false, gentle });
  const again = (): void => {
    generation++;
  };
  return { typed, become, brief, again, handedOver: () => briefer.handedOver('ana') };
}

describe('messages to an agent that asks something', () => {
  it('wait where the coordinator sends them, and never hold up what a person sends', async () => {
    const { typed, become, brief, handedOver } = room();
    become('waiting');
    const held = [brief('news', true), brief('more news', true)];
    await handedOver();
    await brief('yes', false);
    expect(typed).toEqual(['yes']);
    become('working');
    await Promise.all(held);
    expect(typed).toEqual(['yes', 'news', 'more news']);
  });

  it('are for the program that ran then, not for the next one', async () => {
    const { typed, become, brief, again, handedOver } = room();
    become('waiting');
    const held = brief('news', true);
    await handedOver();
    again();
    become('working');
    await held;
    expect(typed).toEqual([]);
  });
});

describe('a message', () => {
  it('that its CLI would change is named to it instead', async () => {
    const { typed, brief } = room();
    await brief('@a', false);
    await brief('a', false);
    expect(typed).toEqual(['read it there', 'a']);
  });

  it('waits for a CLI that is silent until it is told something, only as long as nothing is known of it', async () => {
    const { typed, become, brief } = room({ resumed: true, prompted: false, tells: true, mute: true });
    become('starting');
    const sent = brief('a', false);
    expect(typed).toEqual([]);
    become('idle');
    await sent;
    expect(typed).toEqual(['a']);
  });
});
