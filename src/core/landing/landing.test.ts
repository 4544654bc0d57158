import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COORDINATOR } from '../model/agent.ts';
import { firstRed } from './first-red.ts';
import { evolveLandings, isOpen } from './landing.ts';
import type { Landing, LandingEvent } from './landing.ts';
import { nextTest } from './next-test.ts';
import type { LandingStep } from './next-test.ts';
import { NO_RESULTS, evolveResults, setKey } from './results.ts';
import type { LandingResults, Merged, ResultEvent } from './results.ts';

type Pair = readonly [number, number];

interface World {
  readonly count: number;
  /** Fail by themselves. */
  readonly bad: readonly number[];
  /** Pass alone and fail together; the lower number asked first. */
  readonly pairs: readonly Pair[];
  /** Can't be merged with each other. */
  readonly clashes: readonly Pair[];
  /** The branch fails until this one is in. */
  readonly mends: number | null;
}

const CALM: World = { count: 1, bad: [], pairs: [], clashes: [], mends: null };
const error = { text: 'boom', file: 'x.c', line: 3, column: null };

/** Answers the steps as git and a build would. */
class Room {
  readonly #world: World;
  landings: readonly Landing[] = [];
  results: LandingResults = NO_RESULTS;
  readonly landed: number[] = [];
  builds = 0;

  constructor(world: World) {
    this.#world = world;
    this.#result({ type: 'landing.tip', tip: '[]' });
    for (let i = 0; i < world.count; i++) this.request(`l${i}`, `agent${i}`);
  }

  request(landing: string, agent: string): void {
    this.fold({ type: 'landing.requested', landing, agent, task: null, commit: 'c', by: COORDINATOR });
  }

  fold(event: LandingEvent): void {
    this.landings = evolveLandings(this.landings, event, 7);
  }

  #result(event: ResultEvent): void {
    this.results = evolveResults(this.results, event);
  }

  next(): LandingStep {
    return nextTest(this.landings, this.results);
  }

  run(): this {
    for (let turn = 0; ; turn++) {
      if (turn > 2_000) throw new Error('does not end');
      const step = this.next();
      if (step.do === 'nothing') return this;
      this.answer(step);
    }
  }

  answer(step: LandingStep): void {
    switch (step.do) {
      case 'merge': {
        const merged = this.#merge(step.landings.map(number));
        return this.#result({ type: 'landing.merged', tip: this.results.tip, landings: step.landings, merged });
      }
      case 'check': {
        this.builds++;
        if (this.results.checked[step.tree]) throw new Error(`${step.tree} is tested twice`);
        this.fold({ type: 'landing.testing', landings: step.landings });
        const green = this.green(JSON.parse(step.tree) as number[]);
        return this.#result({
          type: 'landing.checked',
          tree: step.tree,
          checked: { green, firstError: green ? null : error },
        });
      }
      case 'land':
        for (const [i, id] of step.landings.entries()) {
          this.landed.push(number(id));
          this.fold({ type: 'landing.landed', landing: id, merge: step.commits[i]! });
        }
        // What is on the branch has passed as it stands.
        if (!this.green(this.landed)) throw new Error(`${step.commits.at(-1)} landed and fails`);
        return this.#result({ type: 'landing.tip', tip: step.commits.at(-1)! });
      case 'fail':
        return this.fold({ type: 'landing.failed', ...step });
      case 'withdraw':
        return this.fold({ type: 'landing.withdrawn', landing: step.landing, reason: step.reason });
      case 'nothing':
        return;
      default:
        return step satisfies never;
    }
  }

  green(set: readonly number[]): boolean {
    const { bad, pairs, mends } = this.#world;
    if (mends !== null && !set.includes(mends)) return false;
    return !bad.some((one) => set.includes(one)) && !pairs.some((pair) => pair.every((one) => set.includes(one)));
  }

  #merge(set: readonly number[]): Merged {
    const commits: string[] = [];
    const inside = [...this.landed];
    for (const one of set) {
      const clash = this.#world.clashes.find(
        (pair) => pair.includes(one) && pair.some((other) => inside.includes(other)),
      );
      if (clash) return { kind: 'conflict', landing: `l${one}`, paths: ['f', '\u001b[2J'] };
      inside.push(one);
      commits.push(JSON.stringify(inside));
    }
    return { kind: 'tree', tree: JSON.stringify(inside.toSorted((a, b) => a - b)), commits };
  }

  failed(): (readonly [number, string | null, string | null])[] {
    return this.landings
      .filter(({ state }) => state === 'failed')
      .map(({ id, fault, partner }) => [number(id), fault, partner] as const);
  }
}

type Failure = ReturnType<Room['failed']>[number];

function explained(world: World, room: Room, [id, fault, partner]: Failure): boolean {
  const mates = world.pairs.filter((pair) => pair.includes(id)).flat();
  switch (fault) {
    case 'own':
      // With what landed before, where only one waited.
      return world.bad.includes(id) || mates.some((mate) => mate !== id && room.landed.includes(mate));
    case 'interaction':
      return partner === null || mates.includes(number(partner));
    case 'conflict':
      return world.clashes.flat().includes(id);
    case 'tip':
      return world.mends !== null;
    default:
      return false;
  }
}

const number = (id: string) => Number(id.slice(1));
const log = (n: number) => Math.ceil(Math.log2(n));
const others = (count: number, ...without: number[]) =>
  Array.from({ length: count }, (_, i) => i).filter((i) => !without.includes(i));

describe('landing', () => {
  it('tests one on top of the branch before it lands', () => {
    const room = new Room(CALM);
    expect(room.next()).toEqual({ do: 'merge', landings: ['l0'] });
    room.answer(room.next());
    expect(room.next()).toEqual({ do: 'check', landings: ['l0'], tree: '[0]', commit: '[0]', why: 'alone' });
    room.answer(room.next());
    expect(room.landings[0]!.state).toBe('testing');
    expect(room.next()).toEqual({ do: 'land', landings: ['l0'], commits: ['[0]'] });
    room.run();
    expect(room.landings[0]).toMatchObject({ state: 'landed', merge: '[0]', endedAt: 7 });
    expect(room.results.tip).toBe('[0]');
  });

  it('tests two at once, and eight at once', () => {
    expect(new Room({ ...CALM, count: 2 }).run().builds).toBe(1);
    const eight = new Room({ ...CALM, count: 8 }).run();
    expect([eight.builds, eight.landed]).toEqual([1, others(8)]);
  });

  it('says whose fault it is, with the first error', () => {
    const room = new Room({ ...CALM, count: 1, bad: [0] }).run();
    expect(room.landings[0]).toMatchObject({
      state: 'failed',
      fault: 'own',
      reason: 'the check fails with it: x.c:3: boom',
      firstError: error,
    });
    const two = new Room({ ...CALM, count: 2, pairs: [[0, 1]] }).run();
    expect([two.failed(), two.landed]).toEqual([[[1, 'interaction', 'l0']], [0]]);
    const together = new Room({ ...CALM, count: 4, pairs: [[1, 3]] }).run();
    expect(together.landings[3]!.reason).toBe(
      'the check passes with it alone and fails together with the work of agent1: x.c:3: boom',
    );
  });

  it('blames nobody where the branch fails by itself, and lets what mends it land', () => {
    const red = new Room({ ...CALM, count: 1, mends: 5 }).run();
    expect(red.failed()).toEqual([[0, 'tip', null]]);
    expect(red.landings[0]!.reason).toMatch(/without it, too/);
    const mended = new Room({ ...CALM, count: 2, mends: 0 }).run();
    expect(mended.landed).toEqual([0, 1]);
  });

  it('leaves what conflicts behind the others, and shows no control character of a path', () => {
    const room = new Room({ ...CALM, count: 4, clashes: [[0, 2]] }).run();
    expect(room.landed).toEqual([0, 1, 3]);
    expect(room.failed()).toEqual([[2, 'conflict', null]]);
    expect(room.landings[2]!.reason).toMatch(/^it conflicts with what has landed in f, ␛\[2J; /);
  });

  it('withdraws what brings nothing new, and what the same agent asks for again', () => {
    const room = new Room(CALM);
    room.request('l9', 'agent0');
    expect(room.landings.map(({ state }) => state)).toEqual(['withdrawn', 'queued']);
    room.results = evolveResults(room.results, {
      type: 'landing.merged',
      tip: '[]',
      landings: ['l9'],
      merged: { kind: 'nothing', landing: 'l9' },
    });
    expect(room.next()).toMatchObject({ do: 'withdraw', landing: 'l9' });
  });

  it('begins again when the branch was moved by hand, and tests no tree twice', () => {
    const room = new Room(CALM);
    room.answer(room.next());
    room.answer(room.next());
    expect(room.next().do).toBe('land');
    room.results = evolveResults(room.results, { type: 'landing.tip', tip: 'elsewhere' });
    expect(room.next()).toEqual({ do: 'merge', landings: ['l0'] });
    // The answer for the old tip comes late.
    const late = { type: 'landing.merged', tip: '[]', landings: ['l0'] } as const;
    const merged = { kind: 'tree', tree: '[0]', commits: ['m'] } as const;
    room.results = evolveResults(room.results, { ...late, merged });
    expect(room.next().do).toBe('merge');
    room.results = evolveResults(room.results, { ...late, tip: 'elsewhere', merged });
    expect(room.next()).toMatchObject({ do: 'land', commits: ['m'] });
    room.results = evolveResults(room.results, { type: 'landing.forgotten', tree: '[0]' });
    expect(room.next().do).toBe('check');
  });

  it('takes facts that come twice or late as nothing', () => {
    const room = new Room({ ...CALM, count: 2 }).run();
    const before = room.landings;
    room.fold({ type: 'landing.landed', landing: 'l0', merge: 'other' });
    room.fold({ type: 'landing.withdrawn', landing: 'l0', reason: 'late' });
    room.request('l0', 'agent0');
    expect(room.landings).toEqual(before);
    room.fold({ type: 'landing.undone', landing: 'l0', reason: 'broke it', by: COORDINATOR });
    room.fold({ type: 'landing.replayed', landing: 'l1', merge: 'm2' });
    room.fold({ type: 'landing.replayed', landing: 'l0', merge: 'm2' });
    expect(room.landings.map(({ state, merge }) => [state, merge])).toEqual([
      ['undone', '[0]'],
      ['landed', 'm2'],
    ]);
  });
});

const size = fc.integer({ min: 1, max: 16 });
const pick = (count: number) => fc.integer({ min: 0, max: count - 1 });

describe('the search for the culprit', () => {
  it('finds a single one with few builds, whoever it is', () => {
    const world = size.chain((count) => pick(count).map((bad) => ({ ...CALM, count, bad: [bad] })));
    fc.assert(
      fc.property(world, (one) => {
        const room = new Room(one).run();
        expect(room.failed()).toEqual([[one.bad[0], 'own', null]]);
        expect(room.landed).toEqual(others(one.count, one.bad[0]!));
        // Batch, branch, search, alone, and those that are left.
        expect(room.builds).toBeLessThanOrEqual(one.count < 3 ? 4 : 4 + log(one.count) + 1);
      }),
      { numRuns: 300 },
    );
  });

  it('finds both of two that don’t go together, and fails the later one', () => {
    const world = fc
      .integer({ min: 2, max: 16 })
      .chain((count) => fc.tuple(pick(count), pick(count)).map(([a, b]) => ({ count, a, b })))
      .filter(({ a, b }) => a < b)
      .map(({ count, a, b }) => ({ ...CALM, count, pairs: [[a, b] as const] }));
    fc.assert(
      fc.property(world, (one) => {
        const [first, second] = one.pairs[0]!;
        const room = new Room(one).run();
        expect(room.failed()).toEqual([[second, 'interaction', `l${first}`]]);
        expect(room.landed).toEqual(others(one.count, second));
        expect(room.builds).toBeLessThanOrEqual(6 + 2 * log(one.count));
      }),
      { numRuns: 300 },
    );
  });

  it('comes to an end, keeps the branch green and fails nobody without reason', () => {
    const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { maxLength: 4 });
    const world = size.chain((count) => {
      const pair = fc.tuple(pick(count), pick(count)).filter(([a, b]) => a !== b);
      const pairs = count > 1 ? some(pair) : fc.constant([]);
      return fc.record({
        count: fc.constant(count),
        bad: some(pick(count)),
        pairs,
        clashes: pairs,
        mends: fc.option(pick(count), { freq: 4 }),
      });
    });
    fc.assert(
      fc.property(world, (one) => {
        const room = new Room(one).run();
        expect(room.landings.some(isOpen)).toBe(false);
        for (const id of room.landed) expect(one.bad).not.toContain(id);
        expect(room.failed().filter((failure) => !explained(one, room, failure))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('needs log2 answers for a row of steps', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), (length, seed) => {
        const turn = 1 + (seed % length);
        const known = new Map<number, 'green' | 'red'>();
        let search = firstRed(length, (steps) => known.get(steps));
        while ('ask' in search) {
          known.set(search.ask, search.ask < turn ? 'green' : 'red');
          search = firstRed(length, (steps) => known.get(steps));
        }
        expect(search).toEqual({ found: turn });
        expect(known.size).toBeLessThanOrEqual(log(length));
      }),
    );
  });

  it('holds its figure: eight waiting with one culprit', () => {
    const builds = others(8).map((bad) => new Room({ ...CALM, count: 8, bad: [bad] }).run().builds);
    expect(builds.reduce((sum, one) => sum + one) / 8).toBeLessThanOrEqual(7);
    expect(setKey([])).toBe('[]');
  });
});
