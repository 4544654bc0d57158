import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { State } from '../../src/core/model/state.ts';
import { shell, worker } from '../kit/agents.ts';
import { startRoom } from '../kit/scenario.ts';

/** It prints all the time, and nothing of it is progress. */
const SPINNER = `node -e 'let n = 0; setInterval(() => process.stdout.write("\\r* Working… (" + n++ + "s)"), 100)' > /dev/tty`;

describe('an agent that only turns its spinner', () => {
  it('is asked how it stands, then a person is, and its word ends it', async () => {
    const room = await startRoom({
      agents: { ana: worker({ parser: SPINNER }), eva: shell() },
      plan: {
        stuck: { after: '2s', answer: '2s' },
        tasks: [{ id: 'parser', agent: 'ana' }],
        emergencies: [
          {
            when: 'stuck',
            title: 'No progress',
            steps: [{ do: 'ask-status' }, { do: 'collect-output' }, { do: 'ask-person' }],
          },
        ],
      },
    });
    // While it starts, one may begin and end.
    const stepIs = (state: string) => (now: State) => now.watch.emergencies.at(-1)?.work.at(-1)?.state === state;
    await room.becomes('a question to a person', stepIs('asking'));
    const { alerts, emergencies, agents } = await room.status();
    expect(agents[0]!.state).toBe('stuck');
    expect(emergencies.slice(0, 1)).toMatchObject([
      {
        when: 'stuck',
        agent: 'ana',
        state: 'asking',
        task: 'parser',
        steps: [{ state: 'failed' }, { state: 'done' }, {}],
      },
    ]);
    expect(alerts.map(({ level }) => level)).toEqual(['error']);
    const file = /written to (.*)$/.exec(emergencies[0]!.steps[1]!.said)![1]!;
    expect(readFileSync(file, 'utf8')).toContain('llmctl: you have shown no progress for a while with task parser');
    expect((await room.ok('agent', 'explain', 'ana')).stdout).toMatch(/ana is stuck.*no progress for \d+s/);
    const screen = room.tui();
    await screen.sees('ana: No progress');
    screen.type('E');
    await screen.sees('▲ asks you');
    screen.type('y');
    await room.becomes('the go', stepIs('done'));
    const state = await room.state();
    const token = state.agents.ana!.run!.token;
    const env = { LLMCTL_AGENT: 'ana', LLMCTL_TOKEN: token, LLMCTL_SOCKET: room.socket };
    expect((await room.cliWith({ env }, 'report', 'progress', '40', 'the grammar stands')).code).toBe(0);
    await room.becomes('the end of it', ({ watch }) => watch.emergencies.at(-1)?.goneAt !== null);
    expect((await room.status()).emergencies[0]).toMatchObject({
      state: 'over',
      end: 'it goes on: the grammar stands',
    });
  });
});
