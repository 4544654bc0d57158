/** Entry of an emulator's worker thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { PtyDataConnection } from '../ptyhost/data-connection.ts';
import type { WorkerData, WorkerMessage, WorkerRequest } from './api.ts';
import { PulseWriter } from './pulse.ts';
import { EmulatorRoom } from './room.ts';

const port = parentPort;
if (!port) throw new Error('this file is a worker thread of llmctl; it is not started by itself');
const { socketPath, pulse, colours } = workerData as WorkerData;

/** What carries much is transferred, not copied. */
function post(message: WorkerMessage): void {
  port!.postMessage(message, message.type === 'rows' ? [message.payload.buffer as ArrayBuffer] : []);
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
