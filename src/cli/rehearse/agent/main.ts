/**
 * The scripted agent of a rehearsal: `rehearse-agent.js --speed N --marks FOLDER [--seed N]`, in a worktree. It does whatever task
 * of the plan it is told about, whoever it stands in for.
 */
import { parseArgs } from 'node:util';
import { RoomConnection } from '../../../client/room.ts';
import { KeyReader } from '../../demo/agent/keys.ts';
import { Marks } from './marks.ts';
import { Voice } from './voice.ts';
import { Worker } from './worker.ts';

const { values } = parseArgs({
  options: {
    speed: { type: 'string', default: '1' },
    seed: { type: 'string' },
    marks: { type: 'string', default: '.' },
  },
});
const { LLMCTL_SOCKET: socket, LLMCTL_AGENT: agent, LLMCTL_TOKEN: token } = process.env;
const out = process.stdout;
if (!socket || !agent) {
  process.stderr.write('rehearse-agent: only runs in the panes of a rehearsal: `llmctl rehearse PLAN`\n');
  process.exit(2);
}

function leave(status: number): never {
  out.write('\u001B[?2004l\u001B[0m\r\n');
  if (process.stdin.isTTY) process.stdin.setRawMode(false);
  process.exit(status);
}

process.on('SIGTERM', () => leave(143));
process.on('SIGHUP', () => process.exit(129));
out.on('error', () => process.exit(0));

const greeting = { kind: 'agent', readOnly: false, user: agent, ...(token ? { token } : {}) } as const;
const room = await RoomConnection.open({ socket, greeting });
const voice = new Voice(room, agent, (text) => void out.write(text));
const worker = new Worker({
  room,
  voice,
  agent,
  marks: new Marks(values.marks),
  folder: process.cwd(),
  speed: Number(values.speed),
  seed: values.seed === undefined ? null : Number(values.seed),
});

if (process.stdin.isTTY) process.stdin.setRawMode(true);
out.write(`\u001B[?2004h\u001B[1m${agent}\u001B[22m waits for its task\r\n`);
const reader = new KeyReader();
let typed = '';
process.stdin.on('data', (chunk: Buffer) => {
  for (const key of reader.read(chunk)) {
    if (key.key === 'text') typed += key.text;
    else if (key.key === 'enter') {
      worker.hear(typed);
      typed = '';
    } else if (key.key === 'interrupt') leave(130);
  }
});
process.stdin.on('end', () => leave(0));
