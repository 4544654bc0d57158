/** Watches over agents: looks when something may be due, carries out what takes time, and tells what output shows. */
import { join } from 'node:path';
import type { EpochMs } from '../../core/model/agent.ts';
import type { Event } from '../../core/model/events.ts';
import type { Effect } from '../../core/model/effects.ts';
import { isActive } from '../../core/model/watch.ts';
import { takesTime } from '../../core/react.ts';
import { nextLook } from '../../core/watch/look.ts';
import type { Busy } from '../busy.ts';
import { log } from '../log.ts';
import type { Room } from '../room.ts';
import { carryOut, type StepParts } from './carry-out.ts';
import { Resources, type ResourceParts } from './resources.ts';
import { Syncs } from './syncs.ts';
import { Tools } from './tools.ts';
import { Outlook } from './outlook.ts';

export interface WatchingParts extends StepParts, ResourceParts {
  readonly room: Room;
  readonly busy: Busy;
}

/** What follows from one event is looked at together with what follows from the next. */
const SETTLE_MS = 200;
/** setTimeout(3) can't wait longer; a clock that was set is noticed within this, too. */
const LONGEST_MS = 60_000;

export class Watching {
  readonly #parts: WatchingParts;
  readonly #outlook: Outlook;
  readonly syncs: Syncs;
  readonly tools: Tools;
  readonly #resources: Resources;
  #timer: NodeJS.Timeout | null = null;
  #settling: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(parts: WatchingParts) {
    this.#parts = parts;
    this.#outlook = new Outlook(parts);
    this.tools = new Tools(parts.room);
    this.#resources = new Resources(parts);
    this.syncs = new Syncs({ room: parts.room, folder: join(parts.stateDir, 'digests') });
  }

  /** @param since when the last daemon was there; null: it was not to be there */
  start(since: EpochMs | null): void {
    this.#outlook.start();
    this.#resources.start();
    this.syncs.start(since);
    this.#arm();
    this.#recover();
  }

  /** What the last daemon was in the middle of is done again. */
  #recover(): void {
    for (const emergency of this.#parts.room.state.watch.emergencies.filter(isActive)) {
      const step = emergency.work.length - 1;
      const what = emergency.steps[step]?.do;
      if (emergency.work[step]?.state !== 'running' || what === undefined || !takesTime(what)) continue;
      this.step({ type: 'emergency.do', emergency: emergency.id, step });
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#outlook.stop();
    this.#resources.stop();
    this.syncs.stop();
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#settling) clearTimeout(this.#settling);
  }

  /** Something may be due sooner than was thought. */
  heard({ type }: Event): void {
    if (type === 'plan.taken') setImmediate(() => this.syncs.start());
    if (!MATTERS.test(type) || this.#settling || this.#stopped) return;
    this.#settling = setTimeout(() => {
      this.#settling = null;
      this.#outlook.start();
      this.#resources.start();
      this.#arm();
    }, SETTLE_MS).unref();
  }

  /** A step of an emergency. */
  step({ emergency: id, step }: Extract<Effect, { type: 'emergency.do' }>): void {
    const { room, busy } = this.#parts;
    const emergency = room.state.watch.emergencies.find((one) => one.id === id);
    const what = emergency?.steps[step]?.do;
    if (!emergency || !what) return;
    const work = async (): Promise<void> => {
      try {
        const said = await carryOut(this.#parts, emergency, what, step);
        room.dispatch({ type: 'emergency.told', emergency: id, step, ok: true, said });
      } catch (error) {
        room.dispatch({ type: 'emergency.told', emergency: id, step, ok: false, said: (error as Error).message });
      }
    };
    busy.during(work).catch((error: Error) => log(`emergency: ${error.stack ?? error.message}`));
  }

  #arm(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#stopped) return;
    const due = nextLook(this.#parts.room.state, Date.now());
    if (due === null) return;
    const wait = Math.min(LONGEST_MS, Math.max(SETTLE_MS, due - Date.now()));
    this.#timer = setTimeout(() => {
      this.#parts.room.dispatch({ type: 'watch.look' });
      this.#arm();
    }, wait).unref();
  }
}

/** What nobody waits for moves no limit. */
const MATTERS =
  /^(agent\.(started|exited|state|advanced|resumed|paused|stuck|removed)|emergency|health\.finished|overlap|round|plan|task|alert\.cleared)/;
