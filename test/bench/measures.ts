/** The measurements. Each starts a session of its own, and gives figures by name. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { echo, flood, says, stream, type Command } from '../kit/agents.ts';
import { OuterTerminal } from '../kit/outer.ts';
import { cpuSeconds, rssBytes } from '../kit/procs.ts';
import { until } from '../kit/wait.ts';
import { quantile } from './figures.ts';
import type { Session, Subject } from './subject.ts';
import { LightTerminal, type Size } from './terminal.ts';

export type Figures = Readonly<Record<string, number>>;

export interface Plan {
  readonly size: Size;
  readonly windowMs: number;
  readonly idleMs: number;
  readonly keys: number;
  readonly floodLines: number;
  readonly attaches: number;
  readonly stallMs: number;
}

const PANES = 6;
/** Long enough for first screens to be over. */
const SETTLE_MS = 2_500;
/** V8 compiles the busy paths for some 15 s; people's sessions run for days, so streams are measured after it. */
const WARM_UP_MS = 18_000;
const MB = 1024 * 1024;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const six = (command: (n: number) => Command): Command[] => Array.from({ length: PANES }, (_, n) => command(n));
const rawCat: Command = ['/bin/sh', '-c', 'stty raw -echo; exec cat'];

async function withSession<T>(
  subject: Subject,
  commands: readonly Command[],
  plan: Plan,
  body: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await subject.start(commands, plan.size);
  try {
    return await body(session);
  } finally {
    await session.stop();
  }
}

function light(session: Session, plan: Plan): LightTerminal {
  return new LightTerminal(session.client.file, session.client.args, session.client.env, plan.size);
}

async function cells(session: Session): Promise<number> {
  return (await session.sizes()).reduce((sum, { cols, rows }) => sum + cols * rows, 0);
}

/** Bytes to the terminal and CPU while six panes get 30 updates a second; memory at its end. */
export function streaming(kind: string): (subject: Subject, plan: Plan) => Promise<Figures> {
  return (subject, plan) =>
    withSession(
      subject,
      six((n) => stream(kind, '--seed', String(n + 1))),
      plan,
      async (session) => {
        const client = light(session, plan);
        await sleep(WARM_UP_MS);
        const servers = await session.servers();
        const pids = [client.pid, ...servers];
        const [bytes, cpu, start] = [client.bytes, cpuSeconds(pids), performance.now()];
        await sleep(plan.windowMs);
        const seconds = (performance.now() - start) / 1000;
        const figures = {
          'bytes/s': (client.bytes - bytes) / seconds,
          'cpu %': ((cpuSeconds(pids) - cpu) / seconds) * 100,
          'client MB': rssBytes(client.pid) / MB,
          'servers MB': servers.reduce((sum, pid) => sum + rssBytes(pid), 0) / MB,
          cells: await cells(session),
        };
        await client.close();
        return figures;
      },
    );
}

export function idling(subject: Subject, plan: Plan): Promise<Figures> {
  return withSession(subject, six(echo), plan, async (session) => {
    const client = light(session, plan);
    await sleep(SETTLE_MS);
    const pids = [client.pid, ...(await session.servers())];
    const [bytes, cpu] = [client.bytes, cpuSeconds(pids)];
    await sleep(plan.idleMs);
    const seconds = plan.idleMs / 1000;
    const figures = {
      'cpu %': ((cpuSeconds(pids) - cpu) / seconds) * 100,
      'bytes/s': (client.bytes - bytes) / seconds,
    };
    await client.close();
    return figures;
  });
}

/** Six panes print as fast as they can, to the end. */
export async function flooding(subject: Subject, plan: Plan): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'llf-'));
  const go = join(folder, 'go');
  const done = (n: number): string => join(folder, `done${n}`);
  const commands = six((n) => [...flood(plan.floodLines), '--go', go, '--done', done(n)]);
  try {
    return await withSession(subject, commands, plan, async (session) => {
      const client = light(session, plan);
      await sleep(SETTLE_MS);
      const pids = [client.pid, ...(await session.servers())];
      const [bytes, cpu, start] = [client.bytes, cpuSeconds(pids), performance.now()];
      writeFileSync(go, '');
      const allDone = (): boolean => Array.from({ length: PANES }, (_, n) => done(n)).every((path) => existsSync(path));
      await until('the floods to end', allDone, { deadlineMs: 300_000 });
      await client.quiet(300);
      const figures = {
        MB: (client.bytes - bytes) / MB,
        'cpu s': cpuSeconds(pids) - cpu,
        s: (performance.now() - start) / 1000,
      };
      await client.close();
      return figures;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** From a key's byte in the outer terminal to its echo's bytes there; the focused pane runs cat in raw mode. */
export function echoing(busy: boolean): (subject: Subject, plan: Plan) => Promise<Figures> {
  const others = (n: number): Command => (busy ? stream('agent', '--seed', String(n)) : echo());
  return (subject, plan) =>
    withSession(
      subject,
      six((n) => (n === 0 ? rawCat : others(n))),
      plan,
      async (session) => {
        const client = light(session, plan);
        await sleep(SETTLE_MS);
        for (const key of session.focusFirst) {
          client.type(key);
          await sleep(300);
        }
        const times: number[] = [];
        let lost = 0;
        // Neither is in any stream or frame; they take turns, so that an echo on an old place still changes the cell.
        const marks = ['§', '¶'].map((mark) => ({ typed: mark, seen: Buffer.from(mark).toString('latin1') }));
        for (let n = 0; n < plan.keys; n++) {
          const { typed, seen } = marks[Math.floor(n / 40) % 2]!;
          const took = await keyToEcho(client, typed, seen);
          if (took === undefined) lost++;
          else times.push(took);
          if (n % 40 === 39) client.type('\r');
          // Off every beat of 16 and 33 ms.
          await sleep(20 + ((n * 7) % 23));
        }
        await client.close();
        return { p50: quantile(times, 0.5), p95: quantile(times, 0.95), max: Math.max(...times), lost };
      },
    );
}

function keyToEcho(client: LightTerminal, typed: string, seen: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    let tail = '';
    const timer = setTimeout(() => finish(undefined), 2_000);
    function finish(took: number | undefined): void {
      clearTimeout(timer);
      client.onChunk = undefined;
      resolve(took);
    }
    client.onChunk = (text) => {
      if ((tail + text).includes(seen)) finish(performance.now() - start);
      tail = text.slice(-1);
    };
    const start = performance.now();
    client.type(typed);
  });
}

/** From starting the client to the first screen with all six panes on it. */
export function attaching(subject: Subject, plan: Plan): Promise<Figures> {
  return withSession(
    subject,
    six((n) => says(`ready-${n}`)),
    plan,
    async (session) => {
      const times: number[] = [];
      for (let n = 0; n < plan.attaches; n++) times.push(await attachOnce(session, plan));
      return { 'first frame ms': quantile(times, 0.5), worst: Math.max(...times) };
    },
  );
}

async function attachOnce(session: Session, plan: Plan): Promise<number> {
  const start = performance.now();
  const { file, args, env } = session.client;
  const outer = new OuterTerminal(file, args, { ...plan.size, env: { COLORTERM: 'truecolor', ...env } });
  const all = (): boolean => {
    const screen = outer.screen();
    return Array.from({ length: PANES }, (_, n) => `ready-${n}`).every((text) => screen.includes(text));
  };
  await outer.until('all panes on screen', all);
  const took = performance.now() - start;
  outer.hangUp();
  await outer.exited;
  outer.dispose();
  return took;
}
