/** Entry of an emulator's worker thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { PtyDataConnection } from '../ptyhost/data-connection.ts';
import type { PaneRows, WorkerData, WorkerMessage, WorkerRequest } from './api.ts';
import { PulseWriter } from './pulse.ts';
import { EmulatorRoom } from './room.ts';

const port = parentPort;
if (!port) throw new Error('this file is a worker thread of llmctl; it is not started by itself');
const { socketPath, pulse, colours } = workerData as WorkerData;

let frames: PaneRows[] = [];

/** Frames that are made in one go travel together: each message wakes the other thread. */
function post(message: WorkerMessage): void {
  if (message.type !== 'rows') {
    flush();
    port!.postMessage(message);
    return;
  }
  frames.push(message);
  if (frames.length === 1) queueMicrotask(flush);
}

/** What carries much is transferred, not copied. */
function flush(): void {
  if (frames.length === 0) return;
  const rows = frames;
  frames = [];
  const buffers = rows.map(({ payload }) => payload.buffer as ArrayBuffer);
  port!.postMessage(rows.length === 1 ? rows[0] : ({ type: 'batch', rows } satisfies WorkerMessage), buffers);
}

try {
  const source = await PtyDataConnection.connect(socketPath);
  const room = new EmulatorRoom({
    source,
    pulse: new PulseWriter(pulse, () => post({ type: 'busy' })),
    colours,
    post,
  });
  // Requests wait in the port until now.
  port.on('message', (request: WorkerRequest) => room.handle(request));
} catch (error) {
  post({ type: 'disconnected', reason: error instanceof Error ? error.message : String(error) });
}
