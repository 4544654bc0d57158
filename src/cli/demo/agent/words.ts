/**
 * How an agent tells what it is at. Inside llmctl by the words of `llmctl report`, over the session's socket; to any
 * terminal by OSC 7501 (Program Status Protocol), the window title (OSC 0) and the progress bar (OSC 9;4, ConEmu).
 */
import { DaemonConnection } from '../../../client/connection.ts';
import type { Snapshot } from '../../../protocol/messages.ts';

export type WorkState = 'idle' | 'working' | 'permission' | 'question' | 'blocked' | 'done';

export interface Words {
  state(state: WorkState, message: string): void;
  /** What it does just now, in a few words. */
  title(text: string): void;
  progress(percent: number, text: string): void;
  /** Checks off the todo of the plan that says this. */
  checkTodo(text: string): void;
}

const OSC = '\u001B]';
const ST = '\u001B\\';

type Report = 'started' | 'progress' | 'blocked' | 'done' | 'ask';

/** Idle has no word of its own: silence says it. */
const REPORT_OF: Readonly<Record<WorkState, Report | null>> = {
  idle: null,
  working: 'started',
  permission: 'ask',
  question: 'ask',
  blocked: 'blocked',
  done: 'done',
};

const STATUS_OF: Readonly<Record<WorkState, string>> = {
  idle: 'state=idle',
  working: 'state=working',
  permission: 'state=blocked:kind=permission',
  question: 'state=blocked:kind=question',
  blocked: 'state=blocked',
  done: 'state=done',
};

export function speak(write: (text: string) => void): Words {
  const session = speakToSession();
  return {
    state(state, message) {
      write(`${OSC}7501;${STATUS_OF[state]}:msg=${Buffer.from(message).toString('base64')}${ST}`);
      const kind = REPORT_OF[state];
      if (kind !== null) session?.report(kind, null, message);
    },
    title(text) {
      write(`${OSC}0;${text}\u0007`);
    },
    progress(percent, text) {
      if (session) session.report('progress', percent, text);
      else write(`${OSC}9;4;1;${percent}\u0007`);
    },
    checkTodo(text) {
      session?.checkTodo(text);
    },
  };
}

interface SessionWords {
  report(kind: Report, percent: number | null, text: string): void;
  checkTodo(text: string): void;
}

/** Null where no session is around: an agent runs alone as well. Words go out in order, and a lost one is no harm. */
function speakToSession(): SessionWords | null {
  const { LLMCTL_SOCKET: socket, LLMCTL_AGENT: agent, LLMCTL_TOKEN: token } = process.env;
  if (!socket || !agent) return null;
  const greeting = { kind: 'agent', readOnly: false, user: agent, ...(token ? { token } : {}) } as const;
  let last: Promise<void> = Promise.resolve();
  const say = (words: (connection: DaemonConnection) => Promise<unknown>): void => {
    const send = async (): Promise<void> => {
      const connection = await DaemonConnection.open(socket, greeting);
      try {
        await words(connection);
      } finally {
        connection.close();
      }
    };
    last = last.then(send).catch(() => undefined);
  };
  return {
    report(kind, percent, text) {
      say((connection) =>
        connection.request({ method: 'command', command: { type: 'agent.report', agent, kind, percent, text } }),
      );
    },
    checkTodo(text) {
      say(async (connection) => {
        const { state } = (await connection.request({ method: 'snapshot' })) as Snapshot;
        const todo = state.todos.find((each) => each.agent === agent && each.text === text);
        if (todo === undefined) return;
        await connection.request({ method: 'command', command: { type: 'todo.check', id: todo.id, done: true } });
      });
    },
  };
}
