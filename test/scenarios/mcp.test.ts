import { describe, expect, it } from 'vitest';
import { mcpClient, shell } from '../kit/agents.ts';
import { startRoom } from '../kit/scenario.ts';
import { LLMCTL } from '../kit/temp.ts';
import { until } from '../kit/wait.ts';

const FILES = { 'src/a.js': 'a\n', 'src/ui/b.js': 'b\n', 'deps.lock': 'one\n' };

describe('an agent that speaks MCP', () => {
  it('reads its task, claims a file, reports, ticks a todo; everybody sees it', async () => {
    const room = await startRoom({
      files: FILES,
      plan: {
        agents: [
          {
            id: 'ana',
            command: mcpClient(
              ['my_task', {}],
              ['claim_files', { paths: ['src/a.js', 'src/ui'] }],
              ['report', { state: 'progress', percent: 40, text: 'parser done' }],
              ['check_file', { path: 'src/ui/b.js' }],
              ['release_files', { paths: ['src/a.js'] }],
              ['who_works_on_what', {}],
              ['tick_todo', { id: 'nonsense' }],
              ['tick_todo', { id: '$todo' }],
            ),
            todos: ['Tests pass'],
          },
          { id: 'ben', command: shell() },
        ],
      },
    });
    await until('the last answer', async () => (await room.output('ana')).includes('all said'));
    const said = (await room.output('ana')).join('');
    expect(said).toMatch(/answer my_task: .*"Tests pass"/);
    expect(said).toMatch(/answer claim_files: \{ "held": \[ "src\/a\.js", "src\/ui\/" \] \}/);
    expect(said).toMatch(/answer check_file: .*"reason": "it is yours"/);
    expect(said).toMatch(/refused tick_todo: there is no todo nonsense; yours: /);

    const { agents } = await room.status();
    expect(agents).toMatchObject([
      { id: 'ana', progress: 40, activity: 'parser done', claims: ['src/ui/'] },
      { id: 'ben' },
    ]);
    expect((await room.ok('status')).stdout).toMatch(/claimed +ana +src\/ui\//);
    expect((await room.ok('agent', 'explain', 'ana')).stdout).toContain('holds: src/ui/');
    const todo = (await room.state()).todos.find(({ text }) => text === 'Tests pass')!;
    expect(todo).toMatchObject({ done: true, by: { kind: 'agent', name: 'ana' } });
    await room.ok(
      'run',
      'cleo',
      '--',
      ...mcpClient(['tick_todo', { id: todo.id }], ['claim_files', { paths: ['src/'] }]),
    );
    await until('the last answer', async () => (await room.output('cleo')).includes('all said'));
    const answers = (await room.output('cleo')).join('');
    expect(answers).toMatch(/refused tick_todo: todo \S+ is of ana, not yours/);
    expect(answers).toMatch(/refused claim_files: "src\/" \("src\/ui\/"\) is held by ana/);
  });

  it('has the task in hand, ticks its criteria, and is done with it', async () => {
    const room = await startRoom({
      files: FILES,
      plan: {
        agents: [
          {
            id: 'ana',
            profile: 'claude',
            prompt: 'Please do {{task.title}}.',
            command: mcpClient(
              ['my_task', { $awaited: true }],
              ['plan_overview', {}],
              ['claim_files', { paths: ['src/a.js'] }],
              ['tick_todo', { id: '$todo' }],
              ['report', { state: 'done', text: 'as asked', artifacts: ['src/a.js', 'src/ui/b.js'] }],
            ),
          },
        ],
        tasks: [
          { id: 'parser', title: 'The parser', agent: 'ana', estimateHours: 1, acceptance: ['It parses'] },
          { id: 'docs', title: 'Its docs', agent: 'coordinator', estimateHours: 1, dependsOn: 'parser' },
        ],
      },
    });
    const { work, locks, todos } = await room.becomes(
      'the task done',
      (now) => now.work?.tasks['parser']?.stage === 'done',
    );
    expect(work!.tasks['parser']!.artefacts.map(({ path }) => path)).toEqual(['src/a.js', 'src/ui/b.js']);
    expect(todos.find(({ text }) => text === 'It parses')).toMatchObject({ done: true, by: { name: 'ana' } });
    // What was claimed for it is free again.
    expect(locks).toEqual({});
    const said = (await room.output('ana')).join('');
    expect(said).toMatch(/answer my_task: .*"prompt": "Please do The parser\."/);
    expect(said).toMatch(/"later": \[\]/);
    expect(said).toMatch(/answer plan_overview: .*"id": "docs".*"waitsFor": \[ "parser" \]/);
  });

  it('says by `llmctl report` what it claims and lets go, and loses it when it is done', async () => {
    const room = await startRoom({ agents: { ana: shell(), ben: shell() }, files: FILES });
    const report = (agent: string, words: string) =>
      room.ok('send', agent, `${process.execPath} ${LLMCTL} report ${words}; echo status $?`);
    await report('ana', 'claim src/a.js deps.lock src/ui');
    await room.becomes('three claims', ({ locks }) => Object.keys(locks).length === 3);
    await report('ben', 'claim README.md src/ui/b.js');
    await until('the refusal', async () =>
      (await room.output('ben')).join('').includes('llmctl: "src/ui/b.js" ("src/ui/") is held by ana'),
    );
    expect((await room.state()).locks).toEqual({ 'src/a.js': 'ana', 'deps.lock': 'ana', 'src/ui/': 'ana' });
    await report('ana', 'release src/a.js');
    await room.becomes('two claims', ({ locks }) => Object.keys(locks).length === 2);
    await report('ana', 'claim /etc/passwd');
    await until('the refusal', async () => (await room.output('ana')).join('').includes('/etc/passwd is not below'));
    await report('ana', 'done');
    await room.becomes('no claims', ({ locks }) => Object.keys(locks).length === 0);
  });

  it('says who writes what where all work in one tree', async () => {
    const room = await startRoom({
      files: FILES,
      agents: { ana: shell(), ben: shell() },
      plan: { workspace: 'shared', overlaps: { paths: [{ match: '*.lock', policy: 'lock' }] } },
    });
    await room.ok('send', 'ana', `${process.execPath} ${LLMCTL} report claim deps.lock src/a.js`);
    await room.becomes('the lock', ({ locks }) => locks['deps.lock'] === 'ana' && locks['src/a.js'] === 'ana');
    await room.ok('send', 'ben', `${process.execPath} ${LLMCTL} report claim deps.lock`);
    await until('the refusal', async () => (await room.output('ben')).join('').includes('"deps.lock" is held by ana'));
    expect((await room.status()).locks).toEqual([
      { path: 'deps.lock', holder: 'ana', binding: true },
      { path: 'src/a.js', holder: 'ana', binding: false },
    ]);
  });

  it('that says what is no MCP, or runs a hook with no JSON, is told of once each, with the place', async () => {
    const room = await startRoom({ files: FILES, agents: { ana: shell() } });
    for (const line of ['no', 'MCP', 'at all'])
      await room.ok('send', 'ana', `printf '{}\\n%s\\n' '${line}' | llmctl mcp`);
    for (const name of ['Stop', 'PreToolUse']) await room.ok('send', 'ana', `printf '{"a": 1,}' | llmctl hook ${name}`);
    await room.becomes(
      'both alerts',
      (now) => now.alerts.some(({ text }) => text.includes('its hook PreToolUse')),
      60_000,
    );
    await room.becomes('the last of MCP', (now) => now.alerts.some(({ text }) => text.includes('at all')), 60_000);
    const { alerts } = await room.status();
    expect(alerts.map(({ level }) => level)).toEqual(['warn', 'warn']);
    expect(alerts.map(({ text }) => text).sort()).toEqual([
      expect.stringMatching(
        /^agent ana: its MCP client: line 2 is no message of JSON-RPC 2\.0 and was left out: at all/,
      ),
      expect.stringMatching(
        /^agent ana: its hook PreToolUse got no JSON \(.*line 1 column 9\)?.*\): look at the hooks/,
      ),
    ]);
  });
});
