/** Takes a landing out of the integration branch again: the branch is made without it, tested, and moved there. */
import { randomBytes } from 'node:crypto';
import { moveIntegration } from '../../adapters/git/integration.ts';
import type { Git } from '../../adapters/git/plumb.ts';
import { rebuildWithout, type LandedMerge } from '../../adapters/git/rebuild.ts';
import type { Landing } from '../../core/landing/landing.ts';
import { rollbackOf, type MovedMerge, type Rollback, type RollbackEvent } from '../../core/landing/rollback.ts';
import type { Actor } from '../../core/model/agent.ts';
import type { HealthCheck } from '../../core/model/health.ts';
import type { State } from '../../core/model/state.ts';
import { findLanding } from '../../core/select/landings.ts';
import { showControls } from '../../core/text.ts';
import type { Busy } from '../busy.ts';
import { log } from '../log.ts';
import type { RollbackCommand } from '../requests/commands.ts';
import type { Room } from '../room.ts';
import type { Forwarding } from './forwarding.ts';
import type { LandingChecks } from './landing-checks.ts';
import type { Branch, Landings } from './landings.ts';

export interface RollbacksParts {
  readonly room: Room;
  readonly landings: Landings;
  readonly checks: LandingChecks;
  readonly forwarding: Forwarding;
  readonly busy: Busy;
  readonly branch: string;
}

/** Where the branch is to go. */
interface Aim {
  readonly to: string;
  readonly merges: readonly MovedMerge[];
}

export class Rollbacks {
  readonly #parts: RollbacksParts;

  constructor(parts: RollbacksParts) {
    this.#parts = parts;
  }

  /** Allowed already. @throws Error with one line: the branch is where it was then */
  run({ landing: text, undo, untested }: RollbackCommand, by: Actor): Promise<void> {
    const { room, landings, checks, busy } = this.#parts;
    return busy.during(() =>
      landings.alone(async ({ git, tip }) => {
        const landing = findLanding(room.state, text, undo ? 'undone' : 'landed');
        if (!landing) throw new Error('it was taken out or put back meanwhile');
        const aim = undo ? back(room.state, landing, tip) : await this.#without(git, landing, tip);
        // What it broke has to pass without it, though nothing else would wait for that.
        const broken = undo ? [] : brokenBy(room.state, landing).map(({ name }) => name);
        const checked = untested ? null : await checks.run(aim.to, broken);
        if (checked && !checked.green) {
          const error = checked.firstError === null ? '' : `: ${checked.firstError.text}`;
          throw new Error(`the checks fail then, too${error}; --untested does it all the same`);
        }
        const id = randomBytes(4).toString('hex');
        const reason = undo ? '' : reasonOf(room.state, landing);
        const facts = { landing: landing.id, from: tip, to: aim.to, merges: aim.merges, undo, reason, by };
        this.#tell({ type: 'rollback.begun', rollback: id, ...facts });
        const begun = room.state.rollbacks.find((one) => one.id === id);
        if (begun) await this.#move(git, begun);
        if (checked) checks.passed(aim.to);
      }),
    );
  }

  /** After a start: goes on with the one that a daemon's death cut short, and with who was not brought forward yet. */
  async recover(): Promise<void> {
    const { room, landings } = this.#parts;
    const cut = room.state.rollbacks.find(({ state }) => state === 'moving');
    if (!cut && Object.keys(room.state.rebuilt).length === 0) return;
    await landings
      .alone(async ({ git, tip }: Branch) => {
        if (cut) await this.#move(git, cut);
        else this.#parts.forwarding.bring(tip);
      })
      .catch((error: Error) => log(`roll-back: ${error.message}`));
  }

  async #without(git: Git, landing: Landing, tip: string): Promise<Aim> {
    const landed = this.#landed();
    const done = await rebuildWithout(git, { tip, landings: landed, without: landing.id });
    if (!done.ok) throw new Error(done.reason);
    const { rebuilt } = done;
    if (rebuilt.kind === 'rebuilt') return { to: rebuilt.tip, merges: changed(landed, rebuilt.landings) };
    const later = this.#parts.room.state.landings.find(({ id }) => id === rebuilt.landing);
    const what = later ? `landing ${later.id} of ${later.agent} builds` : 'a commit made by hand builds';
    const paths = rebuilt.paths.map((path) => showControls(path)).join(', ');
    const first = later ? `; take that out first: \`llmctl rollback ${later.id}\`` : '';
    throw new Error(`${what} on it in ${paths}${first}`);
  }

  #landed(): LandedMerge[] {
    const { landings } = this.#parts.room.state;
    return landings.flatMap(({ id, state, merge }) => (state === 'landed' && merge !== null ? [{ id, merge }] : []));
  }

  /** May be repeated: a branch that is there already is left there. */
  async #move(git: Git, { id, from, to }: Rollback): Promise<void> {
    const { branch, forwarding, landings } = this.#parts;
    const moved = await moveIntegration(git, { branch, from, to, id });
    if (!moved.ok) {
      this.#tell({ type: 'rollback.failed', rollback: id, reason: moved.reason });
      throw new Error(moved.reason);
    }
    this.#tell({ type: 'rollback.done', rollback: id, holders: [] });
    forwarding.bring(to);
    landings.step();
  }

  #tell(fact: RollbackEvent): void {
    this.#parts.room.dispatch({ type: 'rollback.fact', fact });
  }
}

/** Only where nothing came upon the branch since: what did was tested without it. */
function back(state: State, landing: Landing, tip: string): Aim {
  const taken = rollbackOf(state.rollbacks, landing.id);
  if (!taken || taken.to !== tip) {
    throw new Error(`the branch has moved on since: \`llmctl land ${landing.agent}\` lands it again`);
  }
  return { to: taken.from, merges: taken.merges.map(({ id, from, to }) => ({ id, from: to, to: from })) };
}

function changed(before: readonly LandedMerge[], after: readonly LandedMerge[]): MovedMerge[] {
  const old = new Map(before.map(({ id, merge }) => [id, merge]));
  return after.flatMap(({ id, merge }) => (old.get(id) === merge ? [] : [{ id, from: old.get(id)!, to: merge }]));
}

/** What it broke, where that is known. */
function reasonOf(state: State, landing: Landing): string {
  const [broken] = brokenBy(state, landing);
  return broken?.inquiry?.blame ? `it broke ${broken.name}: ${broken.inquiry.blame.reason}` : 'it was not wanted there';
}

function brokenBy({ health }: State, landing: Landing): readonly HealthCheck[] {
  return Object.values(health).filter(({ inquiry }) => inquiry?.blame?.landing === landing.id);
}
