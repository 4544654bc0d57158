/**
 * How an agent tells its terminal and the coordinator what it is at: OSC 7501 (Program Status Protocol), window title
 * (OSC 0), progress bar (OSC 9;4, ConEmu), and the same words as `llmctl report` where LLMCTL_SOCKET is set.
 */
import { DaemonConnection } from '../../../client/connection.ts';

export type WorkState = 'idle' | 'working' | 'blocked' | 'done' | 'error';

const OSC = '\u001B]';
const ST = '\u001B\\';

export interface Words {
  state(state: WorkState, message: string, kind?: 'permission' | 'question'): void;
  title(text: string): void;
  /** 0 to 100; null takes the bar away. */
  progress(percent: number | null, text: string): void;
  close(): void;
}

export function speak(write: (text: string) => void): Words {
  const coordinator = reporter();
  return {
    state(state, message, kind) {
      const parts = [`state=${state}`, ...(kind ? [`kind=${kind}`] : [])];
      write(`${OSC}7501;${parts.join(':')}:msg=${Buffer.from(message).toString('base64')}${ST}`);
    },
    title(text) {
      write(`${OSC}0;${text}\u0007`);
    },
    progress(percent, text) {
      write(percent === null ? `${OSC}9;4;0;0\u0007` : `${OSC}9;4;1;${percent}\u0007`);
      if (percent !== null) coordinator.report(percent, text);
    },
    close() {
      coordinator.close();
    },
  };
}

/** Reports progress over the session's socket; silent where there is none, for an agent runs alone as well. */
function reporter(): { report(percent: number, text: string): void; close(): void } {
  const { LLMCTL_SOCKET: socket, LLMCTL_AGENT: agent, LLMCTL_TOKEN: token } = process.env;
  let last: Promise<void> = Promise.resolve();
  return {
    report(percent, text) {
      if (!socket || !agent) return;
      const send = async (): Promise<void> => {
        const greeting = { kind: 'agent', readOnly: false, user: agent } as const;
        const connection = await DaemonConnection.open(socket, token ? { ...greeting, token } : greeting);
        try {
          const command = { type: 'agent.report', agent, kind: 'progress', percent, text } as const;
          await connection.request({ method: 'command', command });
        } finally {
          connection.close();
        }
      };
      last = last.then(send).catch(() => undefined);
    },
    close() {
      last = Promise.resolve();
    },
  };
}
