/** The demo's agent as a program of its own: `demo-agent.js --script NAME [--speed N] [--seed N]`, in the project's folder. */
import { parseArgs } from 'node:util';
import { SCRIPTS } from '../scripts/all.ts';
import { Agent } from './agent.ts';
import { KeyReader } from './keys.ts';
import { play } from './player.ts';
import { randomFrom } from './random.ts';
import { speak } from './words.ts';

const { values } = parseArgs({
  options: {
    script: { type: 'string' },
    speed: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
  },
});
const names = SCRIPTS.map(({ id }) => id);
const wanted = values.script ?? process.env.LLMCTL_AGENT ?? names[0];
// Another name than the cast's own (`llmctl add --profile demo`) plays somebody's part too.
const script = SCRIPTS.find(({ id }) => id === wanted) ?? SCRIPTS[hash(wanted ?? '') % SCRIPTS.length]!;
const speed = Number(values.speed);
if (!(speed > 0)) {
  process.stderr.write(`demo-agent: --speed takes a number above 0, not '${values.speed}'\n`);
  process.exit(2);
}

const out = process.stdout;
const terminal = {
  write: (text: string): void => void out.write(text),
  size: () => ({ cols: Math.max(1, out.columns || 80), rows: Math.max(1, out.rows || 24) }),
};
const words = speak(terminal.write);
const agent = new Agent(script, terminal, words, speed, randomFrom(Number(values.seed) + hash(script.id)));

/** Bracketed paste off, cursor visible, below what stands there. */
function leave(status: number): never {
  out.write('\u001B[?2004l\u001B[?25h\u001B[0m\r\n');
  if (process.stdin.isTTY) process.stdin.setRawMode(false);
  process.exit(status);
}

process.on('SIGTERM', () => leave(143));
process.on('SIGHUP', () => process.exit(129));
process.on('SIGINT', () => leave(130));
out.on('error', () => process.exit(0));
out.on('resize', () => agent.redraw());

if (process.stdin.isTTY) process.stdin.setRawMode(true);
out.write('\u001B[?2004h');
const reader = new KeyReader();
process.stdin.on('data', (chunk: Buffer) => {
  for (const key of reader.read(chunk)) if (!agent.press(key)) leave(0);
});
process.stdin.on('end', () => leave(0));

await play(agent, process.cwd());

function hash(text: string): number {
  let sum = 7;
  for (const char of text) sum = (Math.imul(sum, 31) + char.codePointAt(0)!) >>> 0;
  return sum;
}
