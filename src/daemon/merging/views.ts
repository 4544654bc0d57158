/** Answers about overlaps and branches that are too large for the state: asked for when somebody looks. */
import { readdir } from 'node:fs/promises';
import { fileFigures, treeDiff } from '../../adapters/git/branch-files.ts';
import type { ConflictPath, Snapshot } from '../../adapters/git/api-merge.ts';
import { readAgreed } from '../../adapters/git/agreed.ts';
import { fileAt } from '../../adapters/git/path-bytes.ts';
import { mergePair } from '../../adapters/git/pair-merge.ts';
import { Git } from '../../adapters/git/plumb.ts';
import { agreedRef } from '../../adapters/git/refs.ts';
import { fileSegments, type FileSides } from '../../adapters/git/segments.ts';
import { mergeBase } from '../../adapters/git/touched.ts';
import { branchFigures } from '../../adapters/git/worktrees.ts';
import type { AgentId } from '../../core/model/agent.ts';
import type { Settled } from '../../core/merge/round.ts';
import type { Overlap } from '../../core/model/overlap.ts';
import { findOverlap } from '../../core/select/overlaps.ts';
import { showControls } from '../../core/text.ts';
import type { BranchFacts, BranchesReply, DiffReply, OverlapReply } from '../../protocol/messages.ts';
import { RequestError } from '../requests/failure.ts';
import type { Room } from '../room.ts';
import type { Landings } from './landings.ts';
import type { Rounds } from './rounds.ts';
import type { Tree } from './tree.ts';
import type { Trees } from './trees.ts';

export interface ViewsParts {
  readonly room: Room;
  readonly trees: Trees;
  readonly rounds: Rounds;
  readonly landings: Landings;
}

/** A diff longer than this is read in an editor. */
const DIFF_LINES = 20_000;

export class MergeViews {
  readonly #parts: ViewsParts;

  constructor(parts: ViewsParts) {
    this.#parts = parts;
  }

  /** @throws RequestError */
  async overlap(name: string): Promise<OverlapReply> {
    const { room } = this.#parts;
    const overlap = findOverlap(room.state, name);
    if (overlap === 'none' || overlap === 'many') {
      const what = overlap === 'none' ? 'no overlap is' : 'several overlaps are';
      throw new RequestError('unknown-overlap', `${what} "${name}": \`llmctl overlaps\` lists them with their ids`);
    }
    const round = overlap.round === null ? null : (room.state.rounds[overlap.round] ?? null);
    const head = { overlap, round };
    const sides = await this.#sidesOf(overlap);
    if (typeof sides === 'string') {
      return { ...head, base: 'absent', a: 'absent', b: 'absent', segments: null, why: sides };
    }
    return { ...head, ...(await fileSegments(sides.git, sides)) };
  }

  /**
   * Why what was chosen can't be done, on one line; null where it can. Said before anything is decided: a round that fails by one
   * choice takes all the others with it.
   */
  async whyNot(name: string, settled: readonly Settled[]): Promise<string | null> {
    const { room, rounds } = this.#parts;
    const overlap = findOverlap(room.state, name);
    // The session has its own words for that.
    if (typeof overlap === 'string' || overlap.round === null) return null;
    const result = rounds.steps(overlap.round)?.result;
    for (const { path, take } of result ? settled : []) {
      const known = [...result!.conflicts, ...result!.merged].find((one) => one.path === path);
      if (!known || take === 'edit') continue;
      const why = take === 'both' ? await this.#notBoth(overlap, known) : await this.#inTheWay(overlap, known, take);
      if (why !== null) return `${showControls(path)} ${why}`;
    }
    return null;
  }

  async #notBoth({ agents }: Overlap, known: ConflictPath): Promise<string | null> {
    const sides = toChoose(known);
    if (!sides.a || !sides.b) return null;
    const { a, b } = await fileSegments(new Git(this.#tree(agents[0]).worktree), sides);
    if (a === 'text' && b === 'text') return null;
    return `is ${a === 'binary' || b === 'binary' ? 'binary' : 'no text on one side'}: take A or B`;
  }

  /** One has a file where the other has a folder: no file can stand there as long as the folder has something in it. */
  async #inTheWay({ path, agents }: Overlap, known: ConflictPath, take: 'A' | 'B'): Promise<string | null> {
    const sides = toChoose(known);
    if (!(take === 'A' ? sides.a : sides.b) || (take === 'A' ? sides.b : sides.a)) return null;
    const other = take === 'A' ? agents[1] : agents[0];
    const names = await readdir(fileAt(this.#tree(other).worktree.dir, path)).catch(() => []);
    const instead = take === 'A' ? 'B' : 'A';
    return names.length === 0
      ? null
      : `is a folder with files in it for ${other}: take ${instead}, or move one of the two`;
  }

  async diff(agent: AgentId, against: string | null, path: string | null): Promise<DiffReply> {
    const tree = this.#tree(agent);
    const mine = await snapshotOf(tree);
    const git = new Git(tree.worktree, tree.scratch.env);
    const from = await this.#baseOf(git, tree, mine, against);
    return treeDiff(git, from, mine.tree, path, DIFF_LINES);
  }

  async branches(): Promise<BranchesReply> {
    const { room, trees } = this.#parts;
    const { base = '', integration = '' } = room.state.session;
    const agents = await Promise.all(trees.all().map((tree) => this.#branch(tree)));
    return { base: base || (room.state.git?.branch ?? ''), integration, agents };
  }

  async #branch(tree: Tree): Promise<BranchFacts> {
    const snapshot = await snapshotOf(tree);
    const git = new Git(tree.worktree, tree.scratch.env);
    const target = (await this.#parts.landings.measure(tree)) ?? snapshot.head;
    const [from, figures] = await Promise.all([
      mergeBase(git, target, snapshot.head),
      branchFigures(tree.worktree, target),
    ]);
    const { branch, head, ahead, behind } = figures.ok
      ? figures
      : { branch: '', head: snapshot.head, ahead: 0, behind: 0 };
    return { agent: tree.agent, branch, head, ahead, behind, files: await fileFigures(git, from, snapshot.tree) };
  }

  async #baseOf(git: Git, tree: Tree, mine: Snapshot, against: string | null): Promise<string> {
    if (against !== null) return (await snapshotOf(this.#tree(against))).tree;
    const target = await this.#parts.landings.measure(tree);
    return target === null ? mine.head : mergeBase(git, target, mine.head);
  }

  /** What both have at the path: as the round read it while one is at work, else as it lies there now. */
  async #sidesOf(overlap: Overlap): Promise<string | ({ git: Git } & FileSides)> {
    const { path, agents, round } = overlap;
    const [a, b] = [this.#tree(agents[0]), this.#tree(agents[1])];
    const result = round === null ? null : this.#parts.rounds.steps(round)?.result;
    const known = result && [...result.conflicts, ...result.merged].find((one) => one.path === path);
    if (known) return { git: new Git(a.worktree), ...toChoose(known) };
    const git = new Git(a.worktree, a.scratch.env);
    const [mine, other] = [await snapshotOf(a), await snapshotOf(b)];
    const merge = await mergePair(git, a.scratch, mine, other, readAgreed(git, agreedRef(a.agent, b.agent)));
    const found = merge.paths.find((one) => one.path === path);
    if (!found) return 'both have the same there now, or only one has changed it';
    return { git, ...toChoose(found) };
  }

  #tree(agent: AgentId): Tree {
    const tree = this.#parts.trees.of(agent);
    if (!tree) throw new RequestError('not-found', `agent "${agent}" has no worktree of its own here`);
    return tree;
  }
}

function toChoose(path: ConflictPath): FileSides {
  const { base, ours, theirs } = path.texts ?? path;
  return { base, a: ours, b: theirs };
}

async function snapshotOf(tree: Tree): Promise<Snapshot> {
  const taken = await tree.look();
  if (!taken.ok) throw new RequestError('failed', taken.reason);
  return taken.snapshot;
}
