import { createServer } from 'node:http';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { deliver } from '../../adapters/notify/deliver.ts';
import type { Command } from '../../core/model/commands.ts';
import type { Event } from '../../core/model/events.ts';
import { emptyState, type Alert, type State } from '../../core/model/state.ts';
import { DEFAULT_RULES, type NotifyRules } from '../../core/notify/rules.ts';
import { Notifier } from './notifier.ts';

const raised = (cause: string): Event => ({
  type: 'alert.raised',
  id: cause,
  level: 'error',
  text: `${cause} is so`,
  agent: null,
  cause,
});
const notice = { level: 'error', text: 'x', agent: null, cause: 'x', at: '', session: 's', repo: '/r' } as const;

/** A session that takes alerts, and says how it went. */
function session(rules: NotifyRules) {
  let state: State = emptyState({ id: 's', repo: '/r', git: true, startedAt: 0, plan: null, planName: '', pid: 1 });
  const said: string[] = [];
  const dispatch = (command: Command) => {
    if (command.type === 'alert') {
      const alert: Alert = { ...command, id: command.cause, at: 0, count: 1 };
      state = { ...state, alerts: [...state.alerts, alert] };
      said.push(command.text);
    }
    if (command.type === 'alert.over') {
      state = { ...state, alerts: state.alerts.filter(({ cause }) => cause !== command.cause) };
      said.push(`over ${command.cause}`);
    }
    return { ok: true, seq: 0, events: [] } as const;
  };
  let seq = 0;
  const settle = Promise.withResolvers<void>();
  let left = 0;
  const tell: typeof deliver = async (...args) => {
    try {
      await deliver(...args);
    } finally {
      if (--left === 0) setImmediate(settle.resolve);
    }
  };
  const room = {
    get state() {
      return state;
    },
    dispatch,
  };
  const notifier = new Notifier({ room, rules: () => Promise.resolve(rules), tell });
  notifier.start();
  return {
    said,
    /** Resolves when all of them are told, or were tried. */
    async happen(...events: readonly Event[]): Promise<void> {
      left = events.length;
      for (const event of events) notifier.heard({ seq: ++seq, at: 0, event });
      await settle.promise;
    },
  };
}

describe('a webhook', () => {
  it('gets the notice as JSON', async () => {
    const got = Promise.withResolvers<string>();
    const server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk) => (text += chunk));
      request.on('end', () => {
        response.end('thanks');
        got.resolve(text);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const one = session({ ...DEFAULT_RULES, webhook: `http://127.0.0.1:${port}/hook?secret=1` });
    await one.happen(raised('build'));
    expect(JSON.parse(await got.promise)).toEqual({
      level: 'error',
      text: 'build is so',
      agent: null,
      cause: 'build',
      at: '1970-01-01T00:00:00.000Z',
      session: 's',
      repo: '/r',
    });
    expect(one.said).toEqual([]);
  });

  it('that is down is said once, without what is secret in its address', async () => {
    const one = session({ ...DEFAULT_RULES, webhook: 'http://127.0.0.1:9/hook?secret=1' });
    await one.happen(raised('a'), raised('b'), raised('c'));
    expect(one.said).toEqual([
      expect.stringMatching(/^notifications: the webhook at 127\.0\.0\.1:9 does not answer: /),
    ]);
    expect(one.said.join()).not.toContain('secret');
  });
});

describe('a command of one’s own', () => {
  it('gets the notice on its standard input, its words as they are', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'llmctl-notify-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'got');
    const rules = { ...DEFAULT_RULES, command: ['sh', '-c', 'cat > "$1"', 'sh', file] };
    await deliver('command', rules, { ...notice, text: '$(touch x)' });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ text: '$(touch x)' });
  });

  it.each([
    [['llmctl-no-such-program'], 'llmctl-no-such-program is not on the PATH'],
    [['sh', '-c', 'exit 3'], 'sh ended with status 3'],
  ])('%j fails with one line', async (command, why) => {
    await expect(deliver('command', { ...DEFAULT_RULES, command }, notice)).rejects.toThrow(why);
  });
});
