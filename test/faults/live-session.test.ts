import { cpSync, mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { writersIn } from '../../src/adapters/git/quiesce.ts';
import { unsettled } from '../../src/core/merge/round.ts';
import type { State } from '../../src/core/model/state.ts';
import { isOpen } from '../../src/core/model/overlap.ts';
import { wantsRound } from '../../src/core/overlap/policy.ts';
import { activeRounds } from '../../src/core/select/overlaps.ts';
import { isAlive } from '../kit/procs.ts';
import type { Room } from '../kit/room.ts';
import { startRoom } from '../kit/scenario.ts';
import { until } from '../kit/wait.ts';
import { writer } from '../kit/agents.ts';
import { treeOf } from '../kit/worktrees.ts';
import { chosenIn, tokensKept, tokensToldLost, type Dropped } from './live/kept.ts';
import { Ledger, contentsOf, tokensIn, type SideName } from './live/ledger.ts';
import { files } from './live/session.ts';
import { traceOf } from './live/trace.ts';

/** How often the daemon is killed; `npm run faults -- --long` asks for more. */
const KILLS = Number(process.env.LLMCTL_LIVE_KILLS ?? 2);
const SEED = Number(process.env.LLMCTL_LIVE_SEED ?? 1);
/** Merges between two looks at what is lost. */
const ROUNDS = 5;
const LOOK_MS = 120_000;
/** What an agent wrote from an old read is put right in less, on however busy a machine. */
const SETTLE_MS = 20_000;
const TAKES = ['A', 'B', 'both'] as const;

/** Ids of merges that came to an end: the session itself forgets the oldest. */
const over = new Set<string>();

/** The person at the screen: decides whatever is asked. */
async function decide(room: Room): Promise<State> {
  const wire = await room.wire();
  const state = await wire.state();
  for (const { id, endedAt } of Object.values(state.rounds)) if (endedAt !== null) over.add(id);
  for (const round of activeRounds(state)) {
    const overlap = Object.values(state.overlaps).find((one) => one.round === round.id);
    const paths = unsettled(round);
    if (round.phase !== 'needs-person' || !overlap || paths.length === 0) continue;
    const take = TAKES[round.startedAt % TAKES.length]!;
    const settled = paths.map((path) => ({ path, take }));
    // It may be past that by now.
    await wire
      .ask({ method: 'command', command: { type: 'overlap.settle', overlap: overlap.id, settled } })
      .catch(() => undefined);
  }
  return state;
}

async function moreMerges(room: Room, count: number): Promise<void> {
  const due = over.size + count;
  const there = async (): Promise<boolean> => {
    await decide(room);
    return over.size >= due;
  };
  await until(`${count} more merges to be over`, there, { deadlineMs: LOOK_MS });
}

/** Both stand still, neither in the middle of a write, and nothing between them is left to be merged. */
async function hold(room: Room): Promise<State> {
  const held = async (): Promise<State | false> => {
    // Not until it is idle: what the two are told waits until they go on.
    await room.ok('pause', '--all');
    const state = await decide(room);
    const open = Object.values(state.overlaps).filter(isOpen);
    if (activeRounds(state).length > 0 || open.some(wantsRound)) return false;
    const writers = await Promise.all(['a', 'b'].map((agent) => writersIn(treeOf(room, agent))));
    const still = Object.values(state.agents).every(({ status }) => status.state === 'paused');
    if (still && writers.flat().length === 0) return state;
    await room.cli('resume', '--all');
    return false;
  };
  return until('both to stand still', held, { deadlineMs: LOOK_MS });
}

/** A merge may just have begun, of what they wrote last: then it has to be over first. */
async function release(room: Room): Promise<void> {
  const gone = async (): Promise<boolean> => {
    await decide(room);
    return (await room.cli('resume', '--all')).code === 0;
  };
  await until('both to go on', gone, { deadlineMs: LOOK_MS });
}

function lost(room: Room, state: State, ledger: Ledger): { lost: string[]; forgiven: number } {
  const has = (agent: SideName): Set<string> =>
    new Set(tokensIn(Object.values(contentsOf(treeOf(room, agent))).join('\n')));
  const trees = { a: has('a'), b: has('b') };
  const missing = [...ledger.standing()].filter(([token, side]) => !trees[side].has(token)).map(([token]) => token);
  const rounds = Object.values(state.rounds);
  const there = (['a', 'b'] as const).flatMap((agent) => Object.keys(contentsOf(treeOf(room, agent))));
  const decided: Dropped[] = rounds.map((round) => ({ rounds: [round.id], paths: chosenIn(round, there) }));
  const chosen = tokensKept(
    room.repo,
    decided.filter(({ paths }) => paths.length > 0),
  );
  const kept = new Set([...chosen, ...tokensToldLost(room.repo)]);
  const forgiven = missing.filter((token) => kept.has(token));
  for (const token of forgiven) ledger.forgive(token);
  return { lost: missing.filter((token) => !kept.has(token)), forgiven: forgiven.length };
}

/** The last write may have called for a merge, or for a guard, that was under way when it was looked at. */
async function settled(room: Room, ledger: Ledger): Promise<ReturnType<typeof lost>> {
  const end = performance.now() + SETTLE_MS;
  for (;;) {
    const looked = lost(room, await hold(room), ledger);
    if (looked.lost.length === 0 || performance.now() > end) return looked;
  }
}

/** How it went, for whoever looks for the cause. */
async function tell(room: Room, said: string, lost: readonly string[]): Promise<void> {
  console.error(traceOf(room.repo, said, { a: treeOf(room, 'a'), b: treeOf(room, 'b') }, lost));
  console.error((await room.cli('log')).stdout);
  const keep = process.env.LLMCTL_LIVE_KEEP;
  if (keep) cpSync(room.dir, keep, { recursive: true, filter: (path) => !path.endsWith('.sock') });
}

describe('a session of two live writers', () => {
  it(
    'loses nothing of theirs, however often its daemon is killed',
    async () => {
      const room = await startRoom({ files: files() });
      const said = room.path('said');
      mkdirSync(said);
      const ledger = new Ledger(said);
      for (const [n, side] of (['a', 'b'] as const).entries()) {
        await room.ok('run', side, '--', ...writer(side, SEED * 2 + n, said));
      }
      let forgiven = 0;
      for (let kill = 0; kill <= KILLS; kill++) {
        await moreMerges(room, ROUNDS);
        const looked = await settled(room, ledger);
        if (looked.lost.length > 0) await tell(room, said, looked.lost);
        expect({ seed: SEED, kill, lost: looked.lost }).toMatchObject({ lost: [] });
        forgiven += looked.forgiven;
        await release(room);
        if (kill === KILLS) break;
        const pid = await room.daemonPid();
        await sleep((SEED * 97 + kill * 131) % 700);
        process.kill(pid, 'SIGKILL');
        await until('the daemon to be gone', () => !isAlive(pid));
        await room.up();
      }
      console.log(JSON.stringify({ merges: over.size, written: ledger.written, forgiven }));
      expect(ledger.written).toBeGreaterThan(KILLS * ROUNDS);
    },
    (KILLS + 1) * LOOK_MS * 2,
  );
});
