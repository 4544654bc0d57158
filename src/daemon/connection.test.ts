import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PaneMirror } from '../adapters/terminal/mirror.ts';
import { FrameDecoder, encodeFrame, encodeJsonFrame } from '../protocol/framing.ts';
import { FRAME } from '../protocol/messages.ts';
import { decodeRowsHeader, encodeRowsPayload } from '../protocol/rows-codec.ts';
import { PANE_FLAG } from '../protocol/rows.ts';
import { Connection } from './connection.ts';
import type { Panes } from './panes.ts';

/** As much of the panes as a connection looks at. */
class FakePanes {
  readonly known = new Map<number, { mirror: PaneMirror; generation: number }>();

  get(pane: number) {
    return this.known.get(pane);
  }

  draw(pane: number, text: string): void {
    const known = this.known.get(pane) ?? { mirror: new PaneMirror(pane), generation: 1 };
    this.known.set(pane, known);
    const frame = known.mirror.frame + 1;
    const cells = Buffer.concat([Buffer.from([0, text.length, 0]), Buffer.from(text)]);
    const flags = frame === 1 ? PANE_FLAG.full : 0;
    known.mirror.apply(encodeRowsPayload({ ...HEADER, pane, frame, flags }, [{ y: 0, bytes: cells }]));
  }
}

const HEADER = {
  pane: 1,
  frame: 1,
  base: 0,
  oldest: 0,
  cols: 80,
  rows: 24,
  cursorX: 0,
  cursorY: 0,
  scroll: 0,
  flags: 0,
  cursorStyle: 0,
  kittyFlags: 0,
};

interface Rig {
  readonly panes: FakePanes;
  readonly connection: Connection;
  readonly client: Socket;
  /** What the client got: "rows PANE:FRAME", "end N", "json TYPE". */
  readonly got: string[];
  readonly messages: unknown[];
  readonly inputs: string[];
}

async function rig(): Promise<Rig> {
  const dir = mkdtempSync(join(tmpdir(), 'llmctl-connection-'));
  const server = createServer().listen(join(dir, 's'));
  await once(server, 'listening');
  const client = connect(join(dir, 's'));
  const [socket] = (await once(server, 'connection')) as [Socket];
  onTestFinished(() => {
    client.destroy();
    socket.destroy();
    server.close();
    rmSync(dir, { recursive: true });
  });
  const panes = new FakePanes();
  const messages: unknown[] = [];
  const inputs: string[] = [];
  const connection = new Connection(socket, panes as unknown as Panes, {
    onMessage: (_, message) => void messages.push(message),
    onInput: (_, pane, bytes) => void inputs.push(`${pane}:${bytes.toString()}`),
    onHook: () => {},
    onClose: () => {},
  });
  connection.greeted = true;
  const got: string[] = [];
  const decoder = new FrameDecoder();
  client.on('error', () => undefined);
  client.on('data', (chunk: Buffer) =>
    decoder.push(chunk, ({ type, payload }) => {
      if (type === FRAME.paneRows)
        got.push(`rows ${decodeRowsHeader(payload).pane}:${decodeRowsHeader(payload).frame}`);
      else if (type === FRAME.frameEnd) got.push(`end ${payload.readUInt32LE(0)}`);
      else if (type === FRAME.json) got.push(`json ${(JSON.parse(payload.toString()) as { type: string }).type}`);
    }),
  );
  return { panes, connection, client, got, messages, inputs };
}

function ack(frame: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32LE(frame);
  return encodeFrame(FRAME.ack, payload);
}

const view = (...panes: number[]) => new Map(panes.map((pane) => [pane, { pane, cols: 80, rows: 24 }]));

describe('Connection', () => {
  it('sends rows of the panes that are shown, then waits for the acknowledgement', async () => {
    const { panes, connection, client, got } = await rig();
    panes.draw(1, 'one');
    panes.draw(2, 'two');
    connection.pump();
    connection.show(view(1), 1);
    await expect.poll(() => got).toEqual(['rows 1:1', 'end 1']);
    for (let n = 0; n < 50; n++) {
      panes.draw(1, `more ${n}`);
      connection.pump();
    }
    client.write(ack(7));
    connection.show(view(1, 2), 1);
    client.write(ack(1));
    await expect.poll(() => got).toEqual(['rows 1:1', 'end 1', 'rows 1:51', 'rows 2:1', 'end 2']);
    client.write(ack(2));
    panes.draw(2, 'x');
    await expect.poll(() => (connection.pump(), got.at(-1))).toBe('end 3');
  });

  it('draws whole what begins anew', async () => {
    const { panes, connection, client, got } = await rig();
    panes.draw(1, 'old');
    connection.show(view(1), null);
    await expect.poll(() => got.length).toBe(2);
    client.write(ack(1));
    const known = panes.known.get(1)!;
    known.mirror = new PaneMirror(1);
    known.generation = 2;
    panes.draw(1, 'new program, same frame number');
    await expect.poll(() => (connection.pump(), got)).toEqual(['rows 1:1', 'end 1', 'rows 1:1', 'end 2']);
  });

  it('never grows for a client that does not read', async () => {
    const { panes, connection, client } = await rig();
    client.pause();
    panes.draw(1, 'x');
    connection.show(view(1), null);
    for (let n = 0; n < 2_000; n++) {
      panes.draw(1, `flood ${n}`);
      connection.pump();
    }
    expect(connection.closed).toBe(false);
    const big = { type: 'bye', reason: 'x'.repeat(100_000) } as const;
    for (let n = 0; n < 200; n++) connection.send(big);
    expect(connection.closed).toBe(true);
    connection.send(big);
  });

  it('takes input and messages, in pieces of any size', async () => {
    const { client, messages, inputs } = await rig();
    const pane = Buffer.alloc(4);
    pane.writeUInt32LE(3);
    const bytes = Buffer.concat([
      encodeJsonFrame(FRAME.json, { id: 1, method: 'idle' }),
      encodeFrame(FRAME.input, Buffer.concat([pane, Buffer.from('ls\r')])),
    ]);
    for (const byte of bytes) client.write(Buffer.from([byte]));
    await expect.poll(() => inputs).toEqual(['3:ls\r']);
    expect(messages).toEqual([{ id: 1, method: 'idle' }]);
  });

  it.each([
    ['no JSON', encodeFrame(FRAME.json, Buffer.from('{'))],
    ['a wild length', Buffer.from([0xff, 0xff, 0xff, 0xff, 1])],
    ['an unknown type', encodeFrame(77, Buffer.alloc(9))],
    ['a short input', encodeFrame(FRAME.input, Buffer.from([1]))],
  ])('is dropped for %s', async (_, bytes) => {
    const { client, connection } = await rig();
    client.write(bytes);
    await once(client, 'close');
    expect(connection.closed).toBe(true);
  });
});
