/** llmctl as it is built. */
import { openRoom } from '../kit/room.ts';
import { LLMCTL } from '../kit/temp.ts';
import type { OutputReply } from '../../src/protocol/messages.ts';
import type { Session, Subject } from './subject.ts';

async function start(commands: readonly (readonly string[])[]): Promise<Session> {
  const agents = Object.fromEntries(commands.map((command, n) => [`a${n + 1}`, command]));
  const room = await openRoom({ agents });
  return {
    client: { file: process.execPath, args: [LLMCTL, 'tui', '--repo', room.repo], env: { ...room.env } },
    focusFirst: ['1', '\r'],
    servers: async () => {
      const { pid, ptyhostPid } = await room.diagnostics();
      return [pid, ptyhostPid];
    },
    sizes: async () => {
      const wire = await room.wire();
      const ask = async (agent: string): Promise<OutputReply> =>
        (await wire.ask({ method: 'output', agent, lines: 1, screen: true, ansi: false })) as OutputReply;
      const replies = await Promise.all(Object.keys(agents).map(ask));
      return replies.map(({ cols, rows }) => ({ cols, rows }));
    },
    stop: () => room.close(),
  };
}

export const llmctl: Subject = { name: 'llmctl', start };
