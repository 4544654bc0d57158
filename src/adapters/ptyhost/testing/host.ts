/** For tests: a ptyhost of their own, run from source, and what a pane printed. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { PtyHostClient } from '../client.ts';
import { PtyDataConnection } from '../data-connection.ts';
import { ensurePtyHost } from '../launch.ts';

export const HOST_ENTRY = fileURLToPath(new URL('../host/main.ts', import.meta.url));

/** For hooks and slow tests: shorter than nobody's patience, longer than a busy machine's worst. */
export const HOOK_MS = 120_000;

export interface TestHost {
  readonly client: PtyHostClient;
  readonly pid: number;
  readonly dir: string;
  readonly socketPath: string;
  /** Starts `argv` in a new pane. */
  readonly spawn: (argv: readonly string[], options?: SpawnOptions) => Promise<TestPane>;
  readonly log: () => string;
  readonly close: () => Promise<void>;
}

export interface SpawnOptions {
  readonly cols?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly follow?: boolean;
}

export interface TestPane {
  readonly id: number;
  readonly pid: number;
  readonly token: string;
  /** All output so far; '' where not followed. */
  readonly text: () => string;
  readonly write: (text: string) => void;
  readonly shows: (what: string | RegExp) => Promise<void>;
}

let panes = 0;

export function makeTemp(): string {
  return mkdtempSync(join(tmpdir(), 'llmctl-pty-'));
}

export async function startTestHost(): Promise<TestHost> {
  const dir = makeTemp();
  const socketPath = join(dir, 'host.sock');
  const client = await ensurePtyHost({ socketPath, stateDir: dir, session: 'test', entry: HOST_ENTRY });
  const data = await PtyDataConnection.connect(socketPath);
  return {
    client,
    dir,
    socketPath,
    pid: client.host.pid,
    spawn: (argv, options = {}) => spawnPane(client, data, dir, argv, options),
    log: () => readFileSync(join(dir, 'logs', 'ptyhost.log'), 'utf8'),
    close: async () => {
      data.close();
      await client.shutdown(0).catch(() => {});
      client.close();
      await until(() => !isAlive(client.host.pid), 'the ptyhost ends');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function spawnPane(
  client: PtyHostClient,
  data: PtyDataConnection,
  cwd: string,
  argv: readonly string[],
  options: SpawnOptions,
): Promise<TestPane> {
  const id = ++panes;
  const token = `test-${process.pid}-${id}`;
  const [file, ...args] = argv;
  const { pid } = await client.spawn({
    pane: id,
    agent: `agent-${id}`,
    file: file!,
    args,
    cwd,
    env: { PATH: process.env.PATH ?? '', HOME: cwd, LLMCTL_TOKEN: token, ...options.env },
    cols: options.cols ?? 80,
    rows: options.rows ?? 24,
    token,
  });
  let text = '';
  if (options.follow !== false) {
    await data.attach(id, {
      onRestore: () => {},
      onData: (bytes, offset) => {
        text += bytes.toString('utf8');
        data.consumed(id, offset + bytes.length);
      },
      onResized: () => {},
      onEnded: () => {},
    });
  }
  const matches = (what: string | RegExp): boolean =>
    typeof what === 'string' ? text.includes(what) : what.test(text);
  return {
    id,
    pid,
    token,
    text: () => text,
    write: (line) => client.write(id, Buffer.from(line)),
    shows: (what) =>
      until(
        () => matches(what),
        `pane ${id} shows ${what}`,
        () => JSON.stringify(text.slice(-400)),
      ),
  };
}

/** Waits for a condition, looking at it every few milliseconds. @throws what was awaited, after 10 s or more */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  detail: () => string = () => '',
): Promise<void> {
  const patience = stretched(10_000);
  const deadline = performance.now() + patience;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited ${Math.round(patience)} ms: ${what} ${detail()}`);
    await sleep(5);
  }
}

/** A time that holds on a machine of its own, stretched by how busy this one is. */
export function stretched(ms: number): number {
  return ms * Math.max(1, (2 * loadavg()[0]!) / availableParallelism());
}

/** Alive, and no zombie either. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !'ZX'.includes(stat[stat.lastIndexOf(')') + 2]!);
  } catch {
    return false;
  }
}

/** CPU time that a process has used so far, ms, in steps of 10. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
