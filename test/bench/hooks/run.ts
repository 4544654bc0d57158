/**
 * `npm run bench -- hooks`: how long an agent's CLI waits for a hook, from starting it to its end, as CLIs do that (`sh -c`). On the machine
 * as it is and beside programs that want all of it. Writes bench/DATE-hooks.json and prints a table.
 */
import { spawn } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { basename, join } from 'node:path';
import { distFile } from '../../../src/adapters/paths/dist.ts';
import { echo } from '../../kit/agents.ts';
import { openRoom, type Room } from '../../kit/room.ts';
import { treeOf } from '../../kit/worktrees.ts';
import { quantile } from '../figures.ts';
import { hooksTable, SUBJECTS, type HookFigures, type HookSubject } from './targets.ts';

const WARM = 5;
const LOCKED = 'deps.lock';

interface Ended {
  readonly ms: number;
  readonly said: string;
}

export async function benchHooks(quick: boolean): Promise<{ results: HookFigures; table: string }> {
  const plan = { overlaps: { paths: [{ match: LOCKED, policy: 'lock' }] } };
  const room = await openRoom({ agents: { ana: echo(), ben: echo() }, files: { [LOCKED]: 'one 1.0\n' }, plan });
  try {
    const runs = await runsIn(room);
    const rounds = quick ? 30 : 200;
    const [load] = loadavg() as [number];
    const quiet = await measure(runs, rounds);
    const burners = burn();
    try {
      const results = { load, ...named('quiet', quiet), ...named('busy', await measure(runs, rounds)) };
      return { results, table: hooksTable(results) };
    } finally {
      for (const burner of burners) burner.kill('SIGKILL');
    }
  } finally {
    await room.close();
  }
}

type Runs = Readonly<Record<HookSubject, () => Promise<Ended>>>;

/** ana holds the file: each of ben's questions is answered with a no. */
async function runsIn(room: Room): Promise<Runs> {
  const { agents } = await room.state();
  const bin = join(room.place.state, 'llmctl', basename(room.socket, '.sock'), 'bin');
  const hook = (agent: string, command: string, ...args: string[]): Promise<Ended> => {
    const cwd = treeOf(room, agent);
    const marks = { LLMCTL_SOCKET: room.socket, LLMCTL_AGENT: agent, LLMCTL_TOKEN: agents[agent]!.run!.token };
    const env = { ...room.env, ...marks, PATH: `${bin}:${process.env.PATH}` };
    const edit = { file_path: join(cwd, LOCKED), old_string: 'one', new_string: 'two\n'.repeat(1_000) };
    const input = JSON.stringify({ session_id: 's', cwd, tool_name: 'Edit', tool_input: edit });
    return run('/bin/sh', ['-c', command, 'sh', ...args], { cwd, env, input });
  };
  await hook('ana', 'llmctl hook PostToolUse');
  await room.becomes('the lock', (now) => now.locks[LOCKED] === 'ana');
  const plain = { cwd: room.repo, env: { ...room.env }, input: '' };
  const [node, inNode] = [process.execPath, distFile('hook.js')];
  return {
    'nothing (`sh -c :`)': () => run('/bin/sh', ['-c', ':'], plain),
    'Node, doing nothing': () => run(node, ['-e', '0'], plain),
    'before an edit, answered': () => hook('ben', 'llmctl hook PreToolUse'),
    'after an edit': () => hook('ana', 'llmctl hook PostToolUse'),
    'before an edit, in Node': () => hook('ben', 'exec "$1" "$2" hook PreToolUse', node, inNode),
  };
}

function run(
  file: string,
  args: readonly string[],
  { input, ...options }: { readonly cwd: string; readonly env: Record<string, string>; readonly input: string },
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const from = performance.now();
    const child = spawn(file, args, { ...options, stdio: ['pipe', 'pipe', 'ignore'] });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stdin.on('error', () => undefined);
    child.on('error', reject);
    child.on('close', () => resolve({ ms: performance.now() - from, said }));
    child.stdin.end(input);
  });
}

/** In turns, so that what else the machine does meets all of them. */
async function measure(runs: Runs, rounds: number): Promise<HookFigures> {
  const times = new Map<HookSubject, number[]>(SUBJECTS.map((name) => [name, []]));
  let unanswered = 0;
  for (let round = -WARM; round < rounds; round++) {
    for (const name of SUBJECTS) {
      const { ms, said } = await runs[name]();
      if (round < 0) continue;
      times.get(name)!.push(ms);
      if (name.startsWith('before') && !said.includes('is held by ana')) unanswered++;
    }
  }
  const figures: Record<string, number> = { unanswered };
  for (const [name, all] of times) {
    figures[`${name} p50`] = quantile(all, 0.5);
    figures[`${name} p95`] = quantile(all, 0.95);
  }
  return figures;
}

/** Two to a core, as agents' builds are. */
function burn(): ReturnType<typeof spawn>[] {
  const two = Array.from({ length: cpus().length * 2 });
  return two.map(() => spawn('nice', ['-n', '5', process.execPath, '-e', 'for (;;);'], { stdio: 'ignore' }));
}

function named(when: string, figures: HookFigures): HookFigures {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${when} ${name}`, value]));
}
