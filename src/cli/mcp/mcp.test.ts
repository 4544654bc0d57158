/** The MCP server as an agent CLI has it: a process, spoken to by the SDK's own client. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeDaemon, snapshotAt } from '../../client/fake-daemon.testkit.ts';
import type { Agent } from '../../core/model/agent.ts';
import type { State } from '../../core/model/state.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'llmctl-mcp-')));
mkdirSync(join(folder, 'src'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function agent(id: string, dir: string, changed: readonly string[]): Agent {
  return {
    spec: {
      id,
      name: id,
      profile: 'claude',
      command: ['claude'],
      cwd: dir,
      worktree: dir,
      env: {},
      prompt: 'Fix the parser.',
      task: null,
      origin: 'plan',
    },
    pane: 1,
    status: { state: 'working', since: 1, reason: 'edits', evidence: 'hook', by: null },
    beforePause: null,
    pending: null,
    run: { pid: 1, startedAt: 1, token: id },
    exit: null,
    restarts: 0,
    quickExits: 0,
    progress: null,
    activity: '',
    git: { branch: `llmctl/${id}`, changed, ahead: 0, behind: 0 },
    tree: { dir, branch: `llmctl/${id}`, portBase: null, made: 'new' },
  };
}

const { state: empty } = snapshotAt(7);
const state: State = {
  ...empty,
  agents: { ana: agent('ana', folder, []), ben: agent('ben', '/nowhere/ben', ['src/b.js']) },
  order: ['ana', 'ben'],
  locks: { 'src/ui/': 'ben' },
  todos: [
    { id: 't1', text: 'Tests pass', done: false, task: null, agent: 'ana', by: null },
    { id: 't2', text: 'Docs', done: false, task: null, agent: 'ben', by: null },
  ],
};

let daemon: FakeDaemon;
let clients: Client[] = [];

beforeEach(async () => {
  daemon = await FakeDaemon.start();
  daemon.answers.snapshot = () => ({ result: { state, seq: 7, recent: [], clients: 0 } });
  daemon.answers.command = () => ({ result: { seq: 8 } });
});
afterEach(async () => {
  for (const client of clients) await client.close();
  clients = [];
  await daemon.close();
});

async function connected(env: Record<string, string> = marks(), ...args: readonly string[]): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  const path = { PATH: process.env.PATH ?? '' };
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [MAIN, 'mcp', ...args], env: { ...path, ...env } }),
  );
  clients.push(client);
  return client;
}

const marks = () => ({ LLMCTL_SOCKET: daemon.path, LLMCTL_AGENT: 'ana', LLMCTL_TOKEN: 'secret' });

async function ask(client: Client, name: string, args: Record<string, unknown> = {}) {
  const { content, isError } = await client.callTool({ name, arguments: args });
  const [only, ...more] = content as { type: string; text: string }[];
  expect(more).toEqual([]);
  return { text: only!.text, isError: isError === true };
}

const told = async (client: Client, name: string, args: Record<string, unknown> = {}) => {
  const { text, isError } = await ask(client, name, args);
  expect({ text, isError }).toMatchObject({ isError: false });
  return JSON.parse(text) as Record<string, unknown>;
};

const commands = () => daemon.asked('command').map((one) => (one.method === 'command' ? one.command : null));

describe('llmctl mcp', () => {
  it('says who it is and what it can, each with a strict shape', async () => {
    const client = await connected();
    expect(client.getServerVersion()).toMatchObject({ name: 'llmctl' });
    expect(client.getInstructions()).toMatch(/my_task/);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'my_task',
      'plan_overview',
      'who_works_on_what',
      'report',
      'ask_coordinator',
      'claim_files',
      'release_files',
      'check_file',
      'overlaps',
      'tick_todo',
    ]);
    for (const { inputSchema, description } of tools) {
      expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
      expect(description?.length).toBeGreaterThan(60);
    }
  });

  it('serves the messages that are kept for its agent, and says so only where it does', async () => {
    mkdirSync(join(folder, 'messages'));
    writeFileSync(join(folder, 'messages/2'), '@a\n/b');
    const client = await connected(marks(), '--messages', folder);
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toContain('message://2');
    expect((await client.readResource({ uri: 'message://2' })).contents).toMatchObject([{ text: '@a\n/b' }]);
    await expect(client.readResource({ uri: 'message://../messages/2' })).rejects.toThrow('there is nothing at');
    expect((await connected()).getServerCapabilities()).not.toHaveProperty('resources');
  });

  it('speaks for its agent, with the token of its run', async () => {
    const client = await connected();
    expect(await told(client, 'my_task')).toMatchObject({
      agent: 'ana',
      folder,
      prompt: 'Fix the parser.',
      task: null,
      todos: [{ id: 't1', text: 'Tests pass' }],
      holds: [],
    });
    expect(daemon.asked('hello')[0]).toMatchObject({ kind: 'agent', user: 'ana', token: 'secret' });
    const { agents } = await told(client, 'who_works_on_what');
    expect(agents).toMatchObject([
      { id: 'ana', changed: [] },
      { id: 'ben', changed: ['src/b.js'], claims: ['src/ui/'] },
    ]);
    expect(await told(client, 'plan_overview')).toMatchObject({ tasksLeft: [], todos: { open: 2, done: 0 } });
    expect(await ask(client, 'overlaps')).toEqual({ text: 'nobody changed a file of yours', isError: false });
  });

  it('reports, asks and ticks', async () => {
    const client = await connected();
    await ask(client, 'report', { state: 'progress', percent: 40, text: 'parser done', artifacts: ['src/p.js'] });
    await ask(client, 'ask_coordinator', { question: 'May I?' });
    await ask(client, 'tick_todo', { id: 't1' });
    expect(commands()).toEqual([
      {
        type: 'agent.report',
        agent: 'ana',
        kind: 'progress',
        percent: 40,
        text: 'parser done',
        artefacts: ['src/p.js'],
      },
      { type: 'agent.report', agent: 'ana', kind: 'ask', percent: null, text: 'May I?' },
      { type: 'todo.check', id: 't1', done: true },
    ]);
    expect(await ask(client, 'tick_todo', { id: 't2' })).toEqual({
      text: 'todo t2 is of ben, not yours',
      isError: true,
    });
    expect(await ask(client, 'tick_todo', { id: 'x' })).toEqual({
      text: 'there is no todo x; yours: t1',
      isError: true,
    });
    expect(await ask(client, 'report', { state: 'failed' })).toMatchObject({ isError: true });
    expect(commands()).toHaveLength(3);
  });

  it('claims and asks about files by paths from the top of its worktree, or absolute', async () => {
    daemon.answers.claim = () => ({ result: { held: ['src/a.js'] } });
    daemon.answers.release = () => ({ result: { held: [] } });
    daemon.answers.mayWrite = () => ({ result: { allowed: true, holder: null, reason: '' } });
    const client = await connected();
    expect(await told(client, 'claim_files', { paths: ['src/a.js', 'src', join(folder, 'new/'), '../x'] })).toEqual({
      held: ['src/a.js'],
    });
    expect(daemon.asked('claim')).toMatchObject([
      {
        agent: 'ana',
        paths: [join(folder, 'src/a.js'), join(folder, 'src/'), join(folder, 'new/'), join(folder, '../x')],
      },
    ]);
    await told(client, 'release_files');
    await told(client, 'release_files', { paths: ['src/a.js'] });
    expect(daemon.asked('release')).toMatchObject([{ paths: null }, { paths: [join(folder, 'src/a.js')] }]);
    expect(await told(client, 'check_file', { path: 'src/b.js' })).toEqual({
      path: 'src/b.js',
      mayWrite: true,
      holder: null,
      reason: 'nobody has claimed it',
      changedBy: ['ben'],
    });
  });

  it.each([
    ['report', { state: 'finished' }, /^report: "state": Invalid option/],
    ['report', { state: 'done', extra: 1 }, /Unrecognized key: "extra"/],
    ['report', {}, /"state"/],
    ['claim_files', { paths: [] }, /"paths"/],
    ['claim_files', { paths: ['a\0b'] }, /"paths\.0": a path holds no NUL/],
    ['tick_todo', { id: 7 }, /"id"/],
    ['__proto__', {}, /^there is no tool "__proto__"; there are my_task, /],
  ])('answers %s %j with one line', async (name, args, words) => {
    const client = await connected();
    const { text, isError } = await ask(client, name, args);
    expect(isError).toBe(true);
    expect(text).toMatch(words);
    expect(text).not.toContain('\n');
    expect(commands()).toEqual([]);
  });

  it('passes the refusal of the session on', async () => {
    daemon.answers.claim = ({ id }) => ({
      message: { type: 'reply', id, ok: false, code: 'busy', error: '"a.js" is held by ben: leave it alone' },
    });
    const client = await connected();
    expect(await ask(client, 'claim_files', { paths: ['a.js'] })).toEqual({
      text: '"a.js" is held by ben: leave it alone',
      isError: true,
    });
  });

  it('says so where the daemon is away, and finds it when it is back', async () => {
    const client = await connected();
    const away = { text: 'the llmctl session does not run just now: work on, and try again later', isError: true };
    await daemon.die();
    expect(await ask(client, 'my_task')).toEqual(away);
    await daemon.listen();
    expect((await ask(client, 'my_task')).isError).toBe(false);
    // Gone in the middle of an answer.
    daemon.answers.snapshot = () => {
      for (const socket of daemon.sockets) socket.destroy();
      return null;
    };
    expect(await ask(client, 'who_works_on_what')).toEqual(away);
  });

  it('says so outside of an agent', async () => {
    const client = await connected({});
    expect(await ask(client, 'my_task')).toEqual({
      text: 'this is no agent of llmctl (LLMCTL_SOCKET and LLMCTL_AGENT are not set): work on without it',
      isError: true,
    });
  });
});

describe('llmctl mcp with a client that misbehaves', () => {
  /** @returns what it printed, once it has ended by itself */
  function talk(input: Buffer | string) {
    const child = spawn(process.execPath, [MAIN, 'mcp'], { env: { PATH: process.env.PATH, ...marks() } });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    return new Promise<{ code: number | null; answers: { id?: number; error?: { code: number } }[]; stderr: string }>(
      (resolve) =>
        child.on('close', (code) => {
          const answers = stdout
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line) as { id?: number });
          resolve({ code, answers, stderr });
        }),
    );
  }

  const ping = (id: number) => `{"jsonrpc":"2.0","id":${id},"method":"ping"}\n`;

  it.each([
    ['no JSON', 'hello\n{"jsonrpc":\n\u0000\u0001\n'],
    ['no messages', '7\nnull\n[]\n{}\n{"jsonrpc":"1.0","id":1,"method":"ping"}\n'],
    ['a message of nonsense', '{"jsonrpc":"2.0","id":{},"method":5}\n'],
    ['no UTF-8', Buffer.from([0xff, 0xfe, 0xc3, 0x28, 10])],
    ['a line of 3 MB', `${'x'.repeat(3_000_000)}\n`],
    ['a message of 3 MB', `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"${'y'.repeat(3_000_000)}"}}\n`],
    ['an answer to nothing', '{"jsonrpc":"2.0","id":99,"result":{}}\n'],
  ])('goes on after %s', async (_, garbage) => {
    const { code, answers, stderr } = await talk(Buffer.concat([Buffer.from(garbage), Buffer.from(ping(2))]));
    expect(answers).toEqual([{ jsonrpc: '2.0', id: 2, result: {} }]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^(llmctl: .*\n)+$/);
    expect(daemon.asked('mcpTrouble').length).toBeGreaterThan(0);
  });

  const troubles = () => daemon.asked('mcpTrouble').map((one) => (one.method === 'mcpTrouble' ? one.text : ''));

  it('tells the session what was wrong, and where', async () => {
    await talk(`${ping(1)}\u001b[2J no\n`);
    expect(troubles()).toEqual([
      expect.stringMatching(/^line 2 is no message of JSON-RPC 2\.0 and was left out: .*2J no$/),
    ]);
    expect(troubles()[0]).not.toContain('\u001b');
    expect(daemon.asked('mcpTrouble')[0]).toMatchObject({ agent: 'ana' });
  });

  it('tells of a flood now and then, and counts it', async () => {
    const { code, answers } = await talk(`${'x\n'.repeat(20_000)}${ping(2)}`);
    expect([code, answers]).toEqual([0, [{ jsonrpc: '2.0', id: 2, result: {} }]]);
    const told = troubles();
    expect(told.length).toBeLessThan(10);
    expect(told.at(-1)).toMatch(/^line 20000 .*\(and \d+ more\)$/);
  });

  it('refuses calls beyond some at once, and tells which tool is not there', async () => {
    const call = (id: number, name: string) =>
      `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"${name}"}}\n`;
    const { code, answers } = await talk(Array.from({ length: 200 }, (_, id) => call(id, 'my_task')).join(''));
    expect([code, answers.length]).toEqual([0, 200]);
    expect(JSON.stringify(answers)).toContain('more than 16 calls at once: make them one after the other');
    expect(troubles().at(-1)).toMatch(/^it makes more than 16 calls at once: the others are refused/);
    const { stderr } = await talk(call(1, 'burn'));
    expect(troubles().at(-1)).toBe('it calls the tool "burn", which is not there');
    expect(stderr).toBe('llmctl: it calls the tool "burn", which is not there\n');
  });

  it('is no worse off where nobody is there to be told', async () => {
    await daemon.close();
    expect(await talk(`x\n${ping(2)}`)).toMatchObject({ code: 0, answers: [{ id: 2 }] });
  });

  it('answers what it does not know, and what came before its input ended', async () => {
    const unknown = '{"jsonrpc":"2.0","id":1,"method":"tools/burn"}\n';
    const call = '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"my_task"}}';
    const { code, answers } = await talk(unknown + call);
    expect(answers).toMatchObject([{ id: 1, error: { code: -32_601 } }, { id: 2 }]);
    expect(code).toBe(0);
  });

  it('ends where nothing is said at all', async () => {
    expect(await talk('')).toEqual({ code: 0, answers: [], stderr: '' });
  });
});
