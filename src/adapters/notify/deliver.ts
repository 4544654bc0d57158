/** Tells people outside the room: the desktop, a command of their own, a webhook. Each throws an Error of one line. */
import { spawn } from 'node:child_process';
import type { NotifyRules } from '../../core/notify/rules.ts';

/** What a command and a webhook get, as one JSON document. */
export interface NoticeDocument {
  readonly level: 'info' | 'warn' | 'error';
  readonly text: string;
  readonly agent: string | null;
  readonly cause: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly session: string;
  readonly repo: string;
}

export type Channel = 'desktop' | 'command' | 'webhook';

const TIMEOUT_MS = 10_000;

export function channelsOf({ desktop, command, webhook }: NotifyRules): readonly Channel[] {
  return [
    ...(desktop ? (['desktop'] as const) : []),
    ...(command === null ? [] : (['command'] as const)),
    ...(webhook === null ? [] : (['webhook'] as const)),
  ];
}

/** @throws Error with one line: what failed, and of which address or program */
export async function deliver(channel: Channel, rules: NotifyRules, notice: NoticeDocument): Promise<void> {
  switch (channel) {
    case 'desktop':
      return run(desktopCommand(notice), '');
    case 'command':
      return run(rules.command!, `${JSON.stringify(notice)}\n`);
    case 'webhook':
      return post(rules.webhook!, notice);
  }
}

/** notify-send(1) of libnotify. */
function desktopCommand({ level, text, agent }: NoticeDocument): readonly string[] {
  const urgency = level === 'error' ? 'critical' : level === 'warn' ? 'normal' : 'low';
  const title = agent === null ? 'llmctl' : `llmctl: ${agent}`;
  return ['notify-send', '--app-name=llmctl', `--urgency=${urgency}`, '--', title, text];
}

function run(argv: readonly string[], input: string): Promise<void> {
  const [program, ...args] = argv as [string, ...string[]];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const failed = (why: string): void => reject(new Error(`${program} ${why}`));
  const child = spawn(program, args, {
    stdio: ['pipe', 'ignore', 'ignore'],
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
  child.once('error', (error: NodeJS.ErrnoException) =>
    failed(error.code === 'ENOENT' ? 'is not on the PATH' : `can't be run: ${error.message}`),
  );
  child.once('exit', (code, signal) => {
    if (code === 0) resolve();
    else failed(signal === null ? `ended with status ${code}` : `took longer than ${TIMEOUT_MS / 1000} s`);
  });
  // Who doesn't read what it is told has its reasons.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return promise;
}

async function post(address: string, notice: NoticeDocument): Promise<void> {
  // The address may hold a secret behind the host.
  const { host } = new URL(address);
  const headers = { 'content-type': 'application/json', 'user-agent': 'llmctl' };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const request = { method: 'POST', headers, body: JSON.stringify(notice), signal, redirect: 'error' } as const;
  const answer = await fetch(address, request).catch((error: Error) => {
    const cause = (error.cause as NodeJS.ErrnoException | undefined)?.code ?? error.message;
    throw new Error(`the webhook at ${host} does not answer: ${error.name === 'TimeoutError' ? 'too slow' : cause}`);
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`the webhook at ${host} answers ${answer.status}`);
}
