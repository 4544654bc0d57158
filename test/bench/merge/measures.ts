/** The measurements, all on one generated repository. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { evolveRound } from '../../../src/core/merge/evolve-round.ts';
import { nextStep } from '../../../src/core/merge/next-step.ts';
import { beginRound } from '../../../src/core/merge/round.ts';
import type { Worktree } from '../../../src/adapters/git/api-merge.ts';
import { RoundSteps } from '../../../src/adapters/git/round-steps.ts';
import { Snapshots, type TakesSnapshots } from '../../../src/adapters/git/snapshot.ts';
import { treesOf } from '../../../src/adapters/git/trees.ts';
import { cpuSeconds, rssBytes } from '../../kit/procs.ts';
import { Changes } from '../../../src/adapters/watch/changes.ts';
import { fileText, save, type BenchRepository } from './repository.ts';
import type { BenchRoom, Desk } from './room.ts';

export interface MergePlan {
  readonly files: number;
  readonly agents: number;
  readonly writes: number;
  readonly rounds: number;
  readonly idleMs: number;
  readonly burst: number;
}

const MB = 1024 * 1024;
const WAIT_MS = 20_000;
const ROUND_FILES = 300;
const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

export async function watching(room: BenchRoom, plan: MergePlan): Promise<Record<string, number>> {
  const readyMs = await room.watch();
  const pid = room.watchers.pid!;
  const figures = { 'ready s': readyMs / 1000, MB: rssBytes(pid) / MB };
  await room.begin();
  // What the first snapshots themselves have stirred up.
  await sleep(2_000);
  const pids = [process.pid, pid];
  const cpu = cpuSeconds(pids);
  await sleep(plan.idleMs);
  return { ...figures, 'idle cpu %': ((cpuSeconds(pids) - cpu) / plan.idleMs) * 1000 * 100 };
}

/** One agent has changed a file; another one writes to it, near or far from there. From that write to the verdict. */
export async function judging(
  room: BenchRoom,
  repository: BenchRepository,
  plan: MergePlan,
): Promise<{ file: number[]; all: number[]; lost: number }> {
  const [file, all]: [number[], number[]] = [[], []];
  let lost = 0;
  for (let n = 0; n < plan.writes; n++) {
    const first = room.desks[n % plan.agents]!.worktree;
    const second = room.desks[(n + 1 + (n % (plan.agents - 1))) % plan.agents]!.worktree;
    const number = (n * 7919 + 13) % plan.files;
    const path = repository.path(number);
    const lines = fileText(number).split('\n');
    await judged(room, first, path, () => save(first, path, lines.with(5, `// by ${first.agent}`).join('\n')), null);
    const took = await judged(
      room,
      second,
      path,
      () => save(second, path, lines.with(n % 2 ? 30 : 5, `// by ${second.agent}`).join('\n')),
      first,
    );
    if (took) {
      file.push(took.file);
      all.push(took.all);
    } else lost++;
    await sleep(30 + ((n * 7) % 23));
  }
  return { file, all, lost };
}

/** null where no verdict came. @param other whose overlap in `path` is waited for. */
function judged(
  room: BenchRoom,
  by: Worktree,
  path: string,
  write: () => void,
  other: Worktree | null,
): Promise<{ file: number; all: number } | null> {
  return new Promise((done) => {
    let file = other ? Number.NaN : 0;
    const timer = setTimeout(() => finish(null), WAIT_MS);
    const finish = (took: { file: number; all: number } | null) => {
      clearTimeout(timer);
      room.onVerdict = () => {};
      done(took);
    };
    room.onVerdict = (agent, verdict) => {
      if (agent !== by.agent) return;
      const met = other && verdict?.agents.includes(other.agent) && verdict.paths.some((one) => one.path === path);
      if (met && Number.isNaN(file)) file = performance.now() - start;
      if (!verdict && !Number.isNaN(file)) finish({ file, all: performance.now() - start });
    };
    const start = performance.now();
    write();
  });
}

/** Both agents stand still from the last look to the last written file; the snapshot of before is taken while they run. */
export async function merging(
  room: BenchRoom,
  repository: BenchRepository,
  plan: MergePlan,
): Promise<{ frozen: number[]; failed: number }> {
  const [a, b] = [room.desks[0]!, room.desks[1]!];
  const worktrees = [a.worktree, b.worktree] as const;
  const snapshots = [keeping(room, a), keeping(room, b)] as const;
  const frozen: number[] = [];
  let failed = 0;
  for (let n = 0; n < plan.rounds; n++) {
    // Files that no other round has a hand in.
    const number = n * ROUND_FILES;
    edit(a.worktree, repository, number, 4);
    edit(b.worktree, repository, number, 34);
    for (let own = 1; own <= 5; own++) {
      edit(a.worktree, repository, number + own * 13, own);
      edit(b.worktree, repository, number + own * 13 + 100, own);
    }
    await sleep(100);
    const steps = new RoundSteps({ scratch: room.scratch, worktrees, snapshots });
    await steps.warm();
    const start = performance.now();
    const resolved = await carryOut(steps, `bench-${plan.files}-${n}`, [a.worktree.agent, b.worktree.agent]);
    if (resolved) frozen.push(performance.now() - start);
    else failed++;
  }
  return { frozen, failed };
}

/** What the agent has, standing still, by what the watcher heard until now. */
function keeping(room: BenchRoom, desk: Desk): TakesSnapshots {
  const changes = new Changes();
  desk.listeners.push((paths) => changes.add(paths));
  const snapshots = new Snapshots(desk.worktree, room.scratch, 'repository');
  return {
    take: async () => {
      await desk.watcher.settle();
      return snapshots.take(changes.drain());
    },
  };
}

function edit(worktree: Worktree, repository: BenchRepository, number: number, line: number): void {
  const lines = fileText(number).split('\n');
  save(worktree, repository.path(number), lines.with(line, `// ${worktree.agent} at ${performance.now()}`).join('\n'));
}

const TERMS = { scope: 'paths', confirm: false, verify: null } as const;

/** Up to the last file written; telling and resuming come after. */
async function carryOut(steps: RoundSteps, id: string, agents: readonly [string, string]): Promise<boolean> {
  const by = { kind: 'person', name: 'bench' } as const;
  let round = beginRound({ type: 'round.detected', round: id, agents, paths: [], by, ...TERMS }, 0);
  for (const agent of agents) round = evolveRound(round, { type: 'round.paused', round: id, agent, before: false }, 0);
  for (;;) {
    const step = nextStep(round).do;
    const events = await steps.carryOut(round);
    if (events.length === 0) return false;
    for (const event of events) {
      if (event.type === 'round.failed') return false;
      if (event.type !== 'round.detected') round = evolveRound(round, event, 0);
    }
    if (step === 'apply') return true;
  }
}

/** Many files at once, as a checkout or an install writes them: what the snapshot lacks of what a fresh look finds. */
export async function bursting(room: BenchRoom, plan: MergePlan): Promise<Record<string, number>> {
  const desk = room.desks[2]!;
  const { worktree } = desk;
  let told = 0;
  desk.listeners.push((paths) => (told += paths === 'all' ? 0 : paths.size));
  for (let n = 0; n < plan.burst; n++) {
    const folder = join(worktree.dir, 'burst', String(n % 100));
    if (n < 100) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `f${n}`), `${n}\n`);
  }
  const heard = await room.treeOf(desk);
  const fresh = await new Snapshots(worktree, room.scratch, 'repository').take();
  if (!fresh.ok) throw new Error(fresh.reason);
  const missed = await treesOf(worktree, room.scratch).diff(heard, fresh.snapshot.tree);
  return { told, missed: missed.length };
}
