/** For tests: a ptyhost of one data protocol and no PTYs. It keeps a ring and a checkpoint per pane as the real one does. */
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { FrameDecoder, encodeFrame, encodeJsonFrame } from '../../protocol/framing.ts';
import { PTY_FRAME } from '../../protocol/ptyhost.ts';
import type { PtyRequestMessage } from '../../protocol/ptyhost.ts';
import { decodePaneBytes, decodeScreen, decodeStream, encodeScreen, encodeStreamHeader } from '../ptyhost/payloads.ts';

interface FakePane {
  checkpoint: { offset: number; cols: number; rows: number; bytes: Buffer };
  /** Everything since the checkpoint, as it was sent. */
  ring: { type: number; payload: Buffer; offset: number }[];
  offset: number;
  consumed: number;
  /** What the emulators answered to the program. */
  input: string;
  readers: Set<Socket>;
}

export class FakeHost {
  readonly #server: Server;
  readonly #panes = new Map<number, FakePane>();
  readonly #sockets = new Set<Socket>();
  attaches = 0;
  onChange: () => void = () => {};

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => this.#serve(socket));
  }

  static async listen(path: string): Promise<FakeHost> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    return new FakeHost(server);
  }

  add(pane: number, cols: number, rows: number): void {
    const checkpoint = { offset: 0, cols, rows, bytes: Buffer.alloc(0) };
    this.#panes.set(pane, { checkpoint, ring: [], offset: 0, consumed: 0, input: '', readers: new Set() });
  }

  pane(pane: number): FakePane {
    return this.#panes.get(pane)!;
  }

  print(pane: number, text: string | Buffer): void {
    const bytes = Buffer.from(text as string);
    const record = this.pane(pane);
    const payload = Buffer.concat([encodeStreamHeader(pane, record.offset), bytes]);
    this.#emit(record, PTY_FRAME.data, payload, record.offset);
    record.offset += bytes.length;
  }

  resize(pane: number, cols: number, rows: number): void {
    const record = this.pane(pane);
    this.#emit(record, PTY_FRAME.resized, encodeScreen(pane, record.offset, cols, rows), record.offset);
  }

  end(pane: number): void {
    const record = this.pane(pane);
    this.#emit(record, PTY_FRAME.ended, encodeStreamHeader(pane, record.offset), record.offset);
  }

  wantCheckpoint(pane: number): void {
    for (const socket of this.pane(pane).readers) {
      socket.write(encodeJsonFrame(PTY_FRAME.json, { type: 'checkpoint-wanted', pane }));
    }
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #emit(record: FakePane, type: number, payload: Buffer, offset: number): void {
    record.ring.push({ type, payload, offset });
    for (const socket of record.readers) socket.write(encodeFrame(type, payload));
  }

  #serve(socket: Socket): void {
    const decoder = new FrameDecoder();
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#sockets.delete(socket);
      for (const record of this.#panes.values()) record.readers.delete(socket);
    });
    socket.on('data', (chunk: Buffer) => {
      decoder.push(chunk, ({ type, payload }) => this.#frame(socket, type, Buffer.from(payload)));
      this.onChange();
    });
  }

  #frame(socket: Socket, type: number, payload: Buffer): void {
    if (type === PTY_FRAME.json) this.#request(socket, JSON.parse(payload.toString()) as PtyRequestMessage);
    else if (type === PTY_FRAME.write) {
      const { pane, bytes } = decodePaneBytes(payload);
      this.pane(pane).input += bytes.toString();
    } else if (type === PTY_FRAME.consumed) {
      const { pane, offset } = decodeStream(payload);
      this.pane(pane).consumed = offset;
    } else if (type === PTY_FRAME.checkpoint) {
      const { pane, ...checkpoint } = decodeScreen(payload);
      const record = this.pane(pane);
      record.checkpoint = checkpoint;
      record.ring = record.ring.filter((item) => item.offset >= checkpoint.offset);
    }
  }

  #request(socket: Socket, request: PtyRequestMessage): void {
    const reply = { type: 'reply', id: request.id, ok: true, result: { pid: 0, version: 1, subreaper: false } };
    socket.write(encodeJsonFrame(PTY_FRAME.json, reply));
    if (request.method === 'detach') this.#panes.get(request.pane)?.readers.delete(socket);
    if (request.method !== 'attach') return;
    this.attaches++;
    const { checkpoint, ring, readers } = this.pane(request.pane);
    const { offset, cols, rows, bytes } = checkpoint;
    socket.write(encodeFrame(PTY_FRAME.restore, encodeScreen(request.pane, offset, cols, rows, bytes)));
    for (const { type, payload } of ring) socket.write(encodeFrame(type, payload));
    readers.add(socket);
  }
}
