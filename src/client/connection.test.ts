import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FRAME } from '../protocol/messages.ts';
import { DaemonConnection, type ConnectionHandlers, type Greeting } from './connection.ts';
import { LlmctlError } from './error.ts';
import { FakeDaemon } from './fake-daemon.testkit.ts';

const GREETING: Greeting = { kind: 'cli', readOnly: false, user: 'somebody' };

describe('DaemonConnection', () => {
  let daemon: FakeDaemon;
  let connection: DaemonConnection | undefined;
  const open = async (handlers: ConnectionHandlers = {}) =>
    (connection = await DaemonConnection.open(daemon.path, GREETING, handlers));

  beforeEach(async () => {
    daemon = await FakeDaemon.start();
  });
  afterEach(async () => {
    connection?.close();
    await daemon.close();
  });

  it('says hello first', async () => {
    await open();
    expect(daemon.requests).toMatchObject([{ method: 'hello', version: 1, kind: 'cli', user: 'somebody' }]);
  });

  it('matches replies with requests, in whatever order they come', async () => {
    const held: number[] = [];
    daemon.answers.idle = ({ id }) => (held.push(id), null);
    await open();
    const first = connection!.request({ method: 'idle' });
    const second = connection!.request({ method: 'idle' });
    await daemon.until(() => held.length === 2);
    daemon.send({ type: 'reply', id: held[1]!, ok: true, result: 'second' });
    daemon.send({ type: 'reply', id: held[0]!, ok: true, result: 'first' });
    expect(await Promise.all([first, second])).toEqual(['first', 'second']);
  });

  it('hands on a refusal with its code and the nearest names', async () => {
    daemon.answers.command = ({ id }) => ({
      message: { type: 'reply', id, ok: false, error: 'no agent bbo', code: 'unknown-agent', nearest: ['bob'] },
    });
    await open();
    const asked = connection!.request({ method: 'command', command: { type: 'agent.pause', agent: 'bbo' } });
    await expect(asked).rejects.toMatchObject({ code: 'unknown-agent', message: 'no agent bbo', nearest: ['bob'] });
  });

  it('says that no session runs where nobody listens', async () => {
    await daemon.die();
    await expect(open()).rejects.toMatchObject({ code: 'no-session' });
  });

  it('rejects what is open when the daemon dies, and says so once', async () => {
    daemon.answers.idle = () => null;
    const reasons: LlmctlError[] = [];
    await open({ onClose: (reason) => reasons.push(reason) });
    const asked = connection!.request({ method: 'idle' }).catch((error: unknown) => error);
    await daemon.until(() => daemon.asked('idle').length === 1);
    await daemon.die();
    expect(await asked).toMatchObject({ code: 'lost' });
    expect(reasons).toHaveLength(1);
    await expect(connection!.request({ method: 'idle' })).rejects.toMatchObject({ code: 'lost' });
  });

  it.each([
    ['a wild length', Buffer.from([255, 255, 255, 255, 1, 2, 3])],
    ['text that is no JSON', Buffer.from([2, 0, 0, 0, FRAME.json, 0x7b, 0x7b])],
    ['a message that is null', Buffer.from([4, 0, 0, 0, FRAME.json, ...Buffer.from('null')])],
    ['a frame end without a number', Buffer.from([1, 0, 0, 0, FRAME.frameEnd, 1])],
  ])('closes on %s', async (_, bytes) => {
    const closed = new Promise<LlmctlError>((resolve) => {
      void open({ onClose: resolve, onFrameEnd: () => undefined }).then(() => daemon.sockets[0]!.write(bytes));
    });
    expect(await closed).toMatchObject({ code: 'protocol' });
  });

  it('passes over frames of a kind that it does not know', async () => {
    await open();
    daemon.frame(99, Buffer.from('from the future'));
    expect(await connection!.request({ method: 'idle' })).toEqual({});
  });

  it('sends input as one frame with the pane in front', async () => {
    await open();
    connection!.input(7, Buffer.from('\u001B[A'));
    await daemon.until(() => daemon.binary.length === 1);
    expect(daemon.binary[0]).toEqual({ type: FRAME.input, payload: Buffer.from([7, 0, 0, 0, 0x1b, 0x5b, 0x41]) });
  });
});
