import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { State } from '../../src/core/model/state.ts';
import { shell, worker } from '../kit/agents.ts';
import { startRoom } from '../kit/scenario.ts';
import { git } from '../kit/temp.ts';
import { agentWrites, read } from '../kit/worktrees.ts';

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

/** Both are right; together they are not. */
const PROGRAM = {
  'a.txt': '1\n',
  'b.txt': '1\n',
  'check.sh': 'test $(($(cat a.txt) + $(cat b.txt))) -lt 10 || { echo "check.sh:1: error: too much"; exit 1; }\n',
};

describe('an emergency of the plan', () => {
  it('finds whose landing broke the tests, takes it out, and ends when they are green', async () => {
    const room = await startRoom({
      agents: { ana: shell(), ben: shell() },
      files: PROGRAM,
      plan: {
        health: { test: { run: 'sh check.sh', on: 'land', in: 'integration' } },
        integration: { checks: [], red: 'off' },
        emergencies: [{ when: 'tests-failing', steps: [{ do: 'blame' }, { do: 'rollback' }, { do: 'resume' }] }],
      },
    });
    await agentWrites(room, 'ana', 'a.txt', '6\n');
    await room.ok('land', 'ana');
    await agentWrites(room, 'ben', 'b.txt', '6\n');
    await room.ok('land', 'ben');
    await room.becomes('the end of it', ({ watch }) => watch.emergencies.at(-1)?.goneAt != null);
    const [emergency] = (await room.status()).emergencies;
    expect(emergency).toMatchObject({ when: 'tests-failing', state: 'over' });
    expect(emergency!.steps.slice(0, 2)).toMatchObject([
      { do: 'blame', state: 'done', said: expect.stringMatching(/ben/) },
      { do: 'rollback', state: 'done', said: 'the landing of ben is out again' },
    ]);
    const { integration } = (await room.status()).session;
    expect(git(room.place, 'show', `${integration}:b.txt`)).toBe('1\n');
    expect(read(room, 'ben', 'b.txt')).toBe('6\n');
    await room.becomes('green tests', ({ health }) => health.test?.state === 'green');
  });
});

describe("the operator's terminal", () => {
  it('is told of a sync point in its own way, once, and of nothing that an agent prints', async () => {
    const room = await startRoom({
      agents: { ana: shell() },
      plan: { syncPoints: [{ title: 'Morning; all', at: '09:00' }] },
      config: 'notifications: {bell: false, terminal: osc777}\n',
    });
    const screen = room.tui();
    await screen.sees('ana');
    await room.ok('send', 'ana', String.raw`printf '\033]777;notify;evil;evil\007\033]9;evil\007'; echo printed`);
    await screen.sees('printed');
    await room.ok('sync', 'morning-all');
    const told = (): number => screen.raw.split('\x1b]777;notify;llmctl;Morning, all: 0 landed\x07').length - 1;
    await screen.until('the notification', () => told() > 0);
    // Its digest is on the page of sync points.
    screen.press('Y');
    await screen.sees('daily at 09:00');
    await screen.sees('# Morning; all'.slice(2));
    expect(told()).toBe(1);
    expect(screen.raw).not.toMatch(/\x1b\](?:777;notify;|9;)evil/);
  });
});
