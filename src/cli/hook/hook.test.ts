/** The hook as its CLI runs it, in Node and compiled, against a daemon that does as it is told. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeFrame, FrameDecoder } from '../../protocol/framing.ts';
import { decodeHookCall, type HookCall } from '../../protocol/hook-frame.ts';
import { FRAME } from '../../protocol/messages.ts';

const folder = mkdtempSync(join(tmpdir(), 'llmctl-hook-'));
const path = join(folder, 's.sock');
const env = { PATH: process.env.PATH, LLMCTL_SOCKET: path, LLMCTL_AGENT: 'ana', LLMCTL_TOKEN: 'secret' };
const from = (url: string): string => fileURLToPath(new URL(url, import.meta.url));

/** null where there is no C compiler: then there is no such program either. */
function compiled(): string | null {
  const program = join(folder, 'llmctl-hook');
  try {
    const warnings = ['-Wall', '-Wextra', '-Wpedantic', '-Werror'];
    execFileSync('cc', ['-std=c99', '-D_XOPEN_SOURCE=700', ...warnings, '-o', program, from('../../../native/hook.c')]);
    return program;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

const inC = compiled();
const WAYS: readonly (readonly [name: string, command: readonly string[]])[] = [
  ['in Node', [process.execPath, '--disable-warning=ExperimentalWarning', from('main.ts')]],
  ...(inC === null ? [] : [['compiled', [inC]] as const]),
];

type Does = (socket: Socket, call: HookCall) => void;
let does: Does = () => undefined;
let calls: HookCall[] = [];
let server: Server;
const open = new Set<Socket>();

beforeEach(async () => {
  calls = [];
  server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    const decoder = new FrameDecoder();
    socket.on('data', (chunk: Buffer) =>
      decoder.push(chunk, ({ type, payload }) => {
        const call = type === FRAME.hook ? decodeHookCall(payload) : null;
        if (call === null) throw new Error(`frame ${type}`);
        calls.push(call);
        does(socket, call);
      }),
    );
  });
  await new Promise<void>((done) => server.listen(path, done));
});

afterEach(async () => {
  rmSync(`${path}.refuses`, { force: true });
  for (const socket of open) socket.destroy();
  open.clear();
  await new Promise((done) => server.close(done));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(
  command: readonly string[],
  name: string,
  more: object = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  const [program, ...args] = command as [string, ...string[]];
  const child = spawn(program, [...args, 'hook', name], { cwd: folder, env: { ...env, ...more } });
  child.stdin!.on('error', () => undefined);
  let [stdout, stderr] = ['', ''];
  child.stdout!.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return { child, ended: new Promise((done) => child.once('close', (code) => done({ code, stdout, stderr }))) };
}

const guarded = (): void => writeFileSync(`${path}.refuses`, '');
const answer = (text: string): Buffer => encodeFrame(FRAME.hookAnswer, Buffer.from(text));
const NOTHING = { code: 0, stdout: '', stderr: '' };

async function until(what: () => boolean): Promise<void> {
  await expect.poll(what, { timeout: 15_000, interval: 5 }).toBe(true);
}

describe.each(WAYS)('a hook %s', (_, command) => {
  const run = (name: string, input: string | Buffer = '{}', more: object = {}): Promise<Ended> => {
    const { child, ended } = start(command, name, more);
    child.stdin!.end(input);
    return ended;
  };

  it('hands on what it is given, and prints what it is told', async () => {
    guarded();
    does = (socket) => socket.write(answer('{"a":"ä"}\n'));
    expect(await run('PreToolUse', '{"x": "\0ü"}')).toEqual({ ...NOTHING, stdout: '{"a":"ä"}\n' });
    const [call] = calls;
    expect({ ...call, text: call!.text.toString() }).toEqual({
      token: 'secret',
      agent: 'ana',
      name: 'PreToolUse',
      cwd: folder,
      text: '{"x": "\0ü"}',
    });
  });

  it.each(['pre-tool-use', 'BeforeTool', ''])(
    'waits for the answer to %j where something may be refused',
    async (name) => {
      guarded();
      does = (socket) => void (socket.write(answer('no').subarray(0, 3)), socket.write(answer('no').subarray(3)));
      expect(await run(name)).toEqual({ ...NOTHING, stdout: 'no' });
    },
  );

  it.each(['PreToolUse', 'PostToolUse', 'Stop', 'toString'])(
    'does not wait after %s where nothing may be',
    async (name) => {
      does = () => undefined;
      expect(await run(name)).toEqual(NOTHING);
      await until(() => calls.length === 1);
    },
  );

  it('says nothing where nobody is there', async () => {
    guarded();
    for (const socket of [join(folder, 'none.sock'), folder, from('hook.ts'), `/${'x'.repeat(300)}`, '']) {
      expect(await run('PreToolUse', '{}', { LLMCTL_SOCKET: socket })).toEqual(NOTHING);
    }
    expect(await run('PreToolUse', '{}', { LLMCTL_AGENT: '' })).toEqual(NOTHING);
    expect(calls).toEqual([]);
  });

  it('gives up where the daemon hangs', async () => {
    guarded();
    does = () => undefined;
    expect(await run('PreToolUse')).toEqual(NOTHING);
    expect(calls).toHaveLength(1);
  });

  it.each([
    ['half an answer, then nothing', (socket: Socket) => void socket.write(answer('whole').subarray(0, 7))],
    ['half an answer, then the end', (socket: Socket) => void socket.end(answer('whole').subarray(0, 7))],
    ['a length that is none', (socket: Socket) => void socket.write(Buffer.from([255, 255, 255, 255, 8, 1]))],
    ['the end', (socket: Socket) => void socket.destroy()],
  ])('prints nothing for %s', async (__, wrong) => {
    guarded();
    does = wrong;
    expect(await run('PreToolUse')).toEqual(NOTHING);
  });

  it('passes over frames that it does not know', async () => {
    guarded();
    does = (socket) => void socket.write(Buffer.concat([encodeFrame(99, Buffer.from('new')), answer('old')]));
    expect(await run('PreToolUse')).toEqual({ ...NOTHING, stdout: 'old' });
  });

  it('hands on megabytes, and what is more than a frame to nobody', async () => {
    does = () => undefined;
    const text = Buffer.alloc(3_000_000, 'x');
    guarded();
    does = (socket) => socket.write(answer('read'));
    expect(await run('PreToolUse', text)).toEqual({ ...NOTHING, stdout: 'read' });
    expect(calls[0]!.text.equals(text)).toBe(true);
    expect(await run('PreToolUse', Buffer.alloc(8 * 1024 * 1024))).toEqual(NOTHING);
    expect(calls).toHaveLength(1);
  });

  it('ends where its input does not, and where nobody reads what it says', async () => {
    const endless = start(command, 'Stop');
    endless.child.stdin!.write('{');
    expect(await endless.ended).toEqual(NOTHING);
    guarded();
    const unheard = start(command, 'PreToolUse');
    does = (socket) => {
      unheard.child.stdout!.destroy();
      socket.write(answer('x'.repeat(300_000)));
    };
    unheard.child.stdin!.end('{}');
    expect((await unheard.ended).code).toBe(0);
  });

  it('waits on where a person is asked', async () => {
    guarded();
    const asked: Socket[] = [];
    does = (socket, { name }) => {
      if (name === 'before-tool') return;
      socket.write(encodeFrame(FRAME.hookWait, new Uint8Array()));
      asked.push(socket);
    };
    const waiting = start(command, 'PreToolUse');
    waiting.child.stdin!.end('{}');
    await until(() => asked.length === 1);
    // Started later, and as patient: when this one has given up, the other would have, too.
    expect(await run('before-tool')).toEqual(NOTHING);
    expect(waiting.child.exitCode).toBeNull();
    asked[0]!.write(answer('yes'));
    expect(await waiting.ended).toEqual({ ...NOTHING, stdout: 'yes' });
  });
});
