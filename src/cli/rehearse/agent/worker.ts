/** Does the task that its agent has in hand: writes what it declares, ticks off, reports; and what may go wrong does. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RoomConnection } from '../../../client/room.ts';
import type { State } from '../../../core/model/state.ts';
import { own, type TaskWork, type Work } from '../../../core/model/work.ts';
import { isOpen } from '../../../core/model/overlap.ts';
import type { PlanTask } from '../../../core/plan/sections/task.ts';
import { taskBrief } from '../../../core/plan/prompt/brief.ts';
import { planIndex } from '../../../core/schedule/plan-index.ts';
import { inHandOf } from '../../../core/schedule/standing.ts';
import type { Seed } from '../../../core/rehearse/chance.ts';
import {
  againLine,
  brokenLine,
  filesOf,
  mended,
  met,
  partLine,
  shortLine,
  written,
} from '../../../core/rehearse/files.ts';
import { meetingsOf } from '../../../core/rehearse/meetings.ts';
import { mishapOf } from '../../../core/rehearse/mishaps.ts';
import { taskMs } from '../../../core/rehearse/pace.ts';
import type { Marks } from './marks.ts';
import type { Voice } from './voice.ts';
import { Worktree } from './worktree.ts';

export interface WorkerParts {
  readonly room: RoomConnection;
  readonly voice: Voice;
  readonly agent: string;
  readonly marks: Marks;
  readonly folder: string;
  readonly speed: number;
  readonly seed: Seed;
}

interface Job {
  readonly id: string;
  readonly work: Work;
  readonly task: PlanTask;
  readonly known: TaskWork;
  readonly files: readonly string[];
}

const STEPS = 4;
/** The step at which things happen. */
const MIDDLE = 2;
/** What is typed may be here before the event that goes with it. */
const TOLD_MS = 3_000;
/** The other one of a meeting may have something else to do first. */
const MEETING_MS = 25_000;
const LISTED = 12;

export class Worker {
  readonly #parts: WorkerParts;
  readonly #tree: Worktree;
  #busy = false;
  #heard = 0;
  #onHeard: () => void = () => undefined;

  constructor(parts: WorkerParts) {
    this.#parts = parts;
    this.#tree = new Worktree(parts.folder);
  }

  /** Something was typed and sent. */
  hear(text: string): void {
    const lines = text.trimEnd().split('\n');
    const more = lines.length > LISTED ? [`… ${lines.length - LISTED} more lines`] : [];
    this.#parts.voice.print('>', [...lines.slice(0, LISTED), ...more].join('\n'));
    this.#heard++;
    this.#onHeard();
    if (this.#busy) return;
    this.#busy = true;
    this.#work()
      .catch((error: Error) => this.#parts.voice.report('failed', error.message))
      .finally(() => (this.#busy = false));
  }

  async #work(): Promise<void> {
    for (let heard = -1; heard !== this.#heard;) {
      heard = this.#heard;
      await this.#parts.voice.until((state) => this.#job(state) !== null, TOLD_MS);
      const job = this.#job(this.#parts.room.state());
      if (job !== null) await this.#perform(job);
    }
  }

  #job({ work }: State): Job | null {
    const hand = inHandOf(work, this.#parts.agent);
    if (work === null || hand === null || hand.task.brief === 'none') return null;
    if (hand.task.stage !== 'running' && hand.task.stage !== 'blocked') return null;
    const task = planIndex(work.plan).tasks.get(hand.id);
    return task ? { id: hand.id, work, task, known: hand.task, files: filesOf(work.plan, task) } : null;
  }

  async #perform(job: Job): Promise<void> {
    const { id, work, task, files, known } = job;
    const { voice, speed, agent } = this.#parts;
    voice.title(`${id}: ${task.title ?? id}`);
    voice.print('●', `${id}: ${task.title ?? taskBrief(work.plan, task, agent).slice(0, 60)}`);
    await voice.report('started', `task ${id}`);
    await this.#mend(job);
    const items = [...task.deliverables, ...task.acceptance];
    const meeting = meetingsOf(this.#parts.seed, work.plan).find(({ tasks }) => tasks.includes(id));
    for (let step = 1; step <= STEPS; step++) {
      await sleep(taskMs(work.plan, task, speed) / STEPS);
      for (const path of new Set([files[0]!, ...share(files, step)])) {
        // What two have merged stays as it is: more of it would not land beside what the other one has of it.
        if (step <= MIDDLE || path !== meeting?.path) await this.#write(job, path, partLine(id, step));
      }
      if (step === MIDDLE && !(await this.#middle(job))) return;
      for (const item of share(items, step)) {
        if (item.verify === null && item.path === null)
          await voice.say({ type: 'todo.check', id: item.id, done: true });
      }
      if (step < STEPS) await voice.report('progress', `step ${step} of ${STEPS}`, (step * 100) / STEPS);
    }
    const paths = [...new Set([...files, ...(meeting ? [meeting.path] : [])])];
    await this.#tree.commit(paths, `${id}: ${task.title ?? 'done'}\n\nTask: ${id}`);
    await this.#handOver(job);
    voice.print('✓', `${id} is done`);
    await voice.report('done', known.attempts === 0 ? '' : 'mended', null, files[0]!);
    // What comes next is new: until then it is still this.
    await voice.until((state) => own(state.work?.tasks ?? {}, id)?.stage !== 'running', TOLD_MS);
  }

  async #write({ id }: Job, path: string, line: string): Promise<void> {
    const changed = await this.#tree.change(path, (text) => written(text, id, line));
    if (changed) this.#parts.voice.print(' ', `⎿ wrote ${path}`);
  }

  /** What was wrong with it before; and a trace of being done again, where a gate wanted that. */
  async #mend(job: Job): Promise<void> {
    const { id, known, files, work } = job;
    const { session } = this.#parts.room.state();
    if (known.reason.includes('conflicts with what has landed')) {
      await this.#tree.takeLanded(files, session.integration || work.plan.integration.branch);
      this.#parts.voice.print(' ', '⎿ merged what has landed');
    }
    for (const path of files) {
      if (await this.#tree.change(path, (text) => mended(text, id))) this.#parts.voice.print(' ', `⎿ mended ${path}`);
    }
    const gate = /^gate (\S+) has failed/.exec(known.reason)?.[1];
    if (gate !== undefined) await this.#write(job, files[0]!, againLine(gate));
  }

  /** @returns false where the task ends here */
  async #middle(job: Job): Promise<boolean> {
    const { id, work, task, files } = job;
    const { seed, marks, voice } = this.#parts;
    await this.#meet(job);
    const mishap = mishapOf(seed, work.plan, task);
    if (mishap === null || !marks.once(`${id}.${mishap}`)) return true;
    switch (mishap) {
      case 'asks':
        await this.#ask(id);
        return true;
      case 'fails':
        voice.print('✗', `${id} can't be done like this`);
        await voice.report('failed', "can't be done like this");
        return false;
      case 'hangs':
        voice.print('…', 'thinking');
        return new Promise(() => undefined);
      case 'is-killed':
        process.kill(process.pid, 'SIGKILL');
        return new Promise(() => undefined);
      case 'breaks-build':
        await this.#write(job, files[0]!, brokenLine(id));
        return true;
      case 'falls-short':
        await this.#write(job, files[0]!, shortLine(id));
        return true;
    }
  }

  async #ask(id: string): Promise<void> {
    const { voice } = this.#parts;
    const answered = new Promise<void>((resolve) => (this.#onHeard = resolve));
    await voice.report('ask', `may ${id} go on like this?`);
    await answered;
    await voice.report('started', `task ${id}`);
  }

  /** Two agents change one place, and wait until that is settled. */
  async #meet({ id, work }: Job): Promise<void> {
    const { seed, voice, agent, marks } = this.#parts;
    const meeting = meetingsOf(seed, work.plan).find(({ tasks }) => tasks.includes(id));
    if (!meeting || marks.has(`${id}.met`)) return;
    const other = meeting.tasks.find((one) => one !== id)!;
    const stageOf = (state: State): TaskWork | undefined => own(state.work?.tasks ?? {}, other);
    const began = await voice.until((state) => (stageOf(state)?.startedAt ?? null) !== null, MEETING_MS);
    marks.once(`${id}.met`);
    if (!began || stageOf(this.#parts.room.state())?.stage === 'done') return;
    if (!(await this.#tree.change(meeting.path, (text) => met(text, meeting, id)))) return;
    voice.print(' ', `⎿ wrote ${meeting.path}, where ${other} is too`);
    const settled = (state: State): boolean =>
      stageOf(state)?.stage === 'done' ||
      Object.values(state.overlaps).some(
        (one) => one.path === meeting.path && one.agents.includes(agent) && one.round !== null && !isOpen(one),
      );
    await voice.until(settled, MEETING_MS);
  }

  /** Those who wait for it hear where it is. */
  async #handOver({ id, work }: Job): Promise<void> {
    for (const { from, artefact, path } of work.plan.handovers) {
      if (from.includes(id) && path !== null) await this.#parts.voice.report('progress', artefact, 100, path);
    }
  }
}

/** The part of `all` that is dealt with at a step. */
function share<T>(all: readonly T[], step: number): readonly T[] {
  return all.filter((_, at) => Math.floor((at * STEPS) / all.length) === step - 1);
}
