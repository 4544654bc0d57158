import { unsettled } from '../../core/merge/round.ts';
import type { ClientCommand } from '../../core/model/commands.ts';
import type { Overlap } from '../../core/model/overlap.ts';
import { roundOf } from '../../core/select/overlaps.ts';
import { showControls } from '../../core/text.ts';
import type { MergeKeys } from '../keys/commands.ts';
import type { HunkChoice, MergeAction } from '../merge/choices.ts';
import { chosenText, settledOf, undecided } from '../merge/compose.ts';
import { type Hunk, hunksOf } from '../merge/hunks.ts';
import { nameOf, pathWords } from '../presentation/overlap.ts';
import { popupScene } from '../screens/popup-scene.ts';
import type { AreaEdit } from '../widgets/text-area.ts';
import { conflictBrief, helpers } from './conflict-brief.ts';
import { markedLock, markedOverlap, markedRound } from './marked.ts';
import { type Choice, type Popup, openMerge } from './popup.ts';
import type { RoomStore } from './room-store.ts';
import type { Toaster } from './toaster.ts';

type MergePopup = Extract<Popup, { kind: 'merge' }>;

/** What the keys do on the overlaps page and on the merge screen. */
export class MergeCommands implements MergeKeys {
  readonly #store: RoomStore;
  readonly #toaster: Toaster;

  constructor(store: RoomStore, toaster: Toaster) {
    this.#store = store;
    this.#toaster = toaster;
  }

  open(): void {
    const overlap = markedOverlap(this.#store.room());
    if (overlap) this.#store.dispatch({ type: 'popup', popup: openMerge(overlap.id) });
  }

  /** Pause both and merge, or the yes that a round waits for. */
  mergeNow(): void {
    const overlap = markedOverlap(this.#store.room());
    if (overlap) void this.#ask({ type: 'overlap.merge', overlap: overlap.id });
  }

  defer(): void {
    const overlap = markedOverlap(this.#store.room());
    if (!overlap) return;
    void this.#askAndLeave({ type: 'overlap.defer', overlap: overlap.id }, 'put off: both go on as they were');
  }

  undo(): void {
    const room = this.#store.room();
    const round = markedRound(room);
    if (!round) return;
    const names = round.sides.map(({ agent }) => nameOf(room.state, agent)).join(' and ');
    this.#store.dispatch({
      type: 'popup',
      popup: {
        kind: 'confirm',
        question: `undo merge ${showControls(round.id)}?`,
        detail: `${names} get their files back as they were before it; what was written since is kept in a backup ref.`,
        choices: [
          { key: 'y', label: 'yes, undo it', deed: { type: 'undo', round: round.id } },
          { key: 'n', label: 'no', deed: { type: 'none' } },
        ],
        index: 1,
        ...(room.ui.popup ? { back: room.ui.popup } : {}),
      },
    });
  }

  performUndo(round: string): void {
    void this.#ask({ type: 'round.undo', round });
  }

  freeLock(): void {
    const path = markedLock(this.#store.room());
    if (path !== null) void this.#ask({ type: 'lock.free', path });
  }

  goHunk(step: -1 | 1): void {
    const { hunks, popup } = this.#hunks();
    if (hunks.length === 0 || !popup) return;
    this.#show((popup.merge.hunk + step + hunks.length) % hunks.length);
  }

  /** Leaves the screen where it is: what was clicked stands still. @returns false where it is marked already */
  mark(hunk: number): boolean {
    const { hunks, popup } = this.#hunks();
    if (!popup || hunk >= hunks.length || hunk === popup.merge.hunk) return false;
    this.#change({ do: 'go', hunk });
    return true;
  }

  choose(take: Exclude<HunkChoice['take'], 'edit'>): void {
    const { hunks, popup, current } = this.#hunks();
    if (!popup) return;
    if (!current) {
      // A file without text is taken as a whole.
      if (take === 'A' || take === 'B') this.#change({ do: 'whole', choice: { take } });
      return;
    }
    const choice: HunkChoice = { take };
    const choices = { ...popup.merge.choices, [current.key]: choice };
    const at = hunks.indexOf(current);
    const later = [...hunks.keys()].map((i) => (at + i) % hunks.length);
    const next = later.find((i) => !choices[hunks[i]!.key]) ?? at;
    this.#change({ do: 'choose', keys: [current.key], choice, next });
    this.#show(next);
  }

  chooseAll(take: 'A' | 'B'): void {
    const { hunks, popup } = this.#hunks();
    if (!popup) return;
    if (hunks.length === 0) this.choose(take);
    else this.#change({ do: 'choose', keys: hunks.map(({ key }) => key), choice: { take }, next: popup.merge.hunk });
  }

  clearChoice(): void {
    const { popup, current } = this.#hunks();
    if (popup?.merge.whole) this.#change({ do: 'whole', choice: null });
    else if (current) this.#change({ do: 'clear', key: current.key });
  }

  toggleResult(): void {
    this.#change({ do: 'result' });
    this.#store.dispatch({ type: 'popup.top', top: 0 });
  }

  /** Begins with what was chosen, else with A's lines followed by B's: cutting is less work than typing. */
  editHunk(): void {
    const { popup, current } = this.#hunks();
    if (!popup || !current) return;
    const text = chosenText(current, popup.merge.choices[current.key] ?? { take: 'A then B' });
    this.#change({ do: 'edit', key: current.key, text });
  }

  editArea(what: AreaEdit): void {
    this.#change({ do: 'area.edit', what });
  }

  typeTab(): void {
    this.#change({ do: 'area.insert', text: '\t' });
  }

  keepEdit(): void {
    this.#change({ do: 'edit.keep' });
    const { hunks, popup } = this.#hunks();
    const next = hunks.findIndex(({ key }) => !popup?.merge.choices[key]);
    this.#show(next < 0 ? (popup?.merge.hunk ?? 0) : next);
  }

  accept(): void {
    const { overlap: reply } = this.#store.room();
    const popup = this.#popup;
    if (!popup || !reply?.latest) return;
    const settled = settledOf(reply.latest, popup.merge);
    const nothingOpen = undecided(reply.latest, popup.merge).length === 0;
    // Nothing to decide: what is wanted is a yes.
    const inConflict = this.#hunks().hunks.length > 0 || popup.merge.whole !== null;
    const command: ClientCommand | null =
      !inConflict && nothingOpen && reply.latest.segments !== null
        ? { type: 'overlap.merge', overlap: popup.overlap }
        : settled && { type: 'overlap.settle', overlap: popup.overlap, settled: [settled] };
    if (!command) return;
    void this.#askAndLeave(command, this.#afterwards(reply.latest.overlap));
  }

  /** What is still to be decided in the same round, once this path is. */
  #afterwards({ path, agents }: Overlap): string {
    const round = roundOf(this.#store.room().state, agents);
    const left = round ? unsettled(round).filter((one) => one !== path) : [];
    const shown = showControls(path);
    return left.length === 0
      ? `decided: both get ${shown} and go on`
      : `${shown} is decided; both go on once ${pathWords(left)} is, too`;
  }

  /** The conflict as a message to one of the agents that are not in the merge. */
  handOver(): void {
    const room = this.#store.room();
    const reply = room.overlap?.latest;
    if (!reply) return;
    const text = conflictBrief(room.state, reply);
    const choices = helpers(room.state, reply.overlap.agents)
      .slice(0, 9)
      .map((agent, i): Choice => ({
        key: String(i + 1),
        label: nameOf(room.state, agent),
        deed: { type: 'brief', agent, text },
      }));
    if (choices.length === 0) {
      this.#toaster.show('warn', 'no other agent is free for it: close this, n adds one, then hand it over');
      return;
    }
    const question = 'hand the conflict to whom?';
    const detail = 'It gets both texts as a message, and says what is to stand with `llmctl merge`.';
    const no: Choice = { key: 'n', label: 'nobody', deed: { type: 'none' } };
    const back = room.ui.popup ? { back: room.ui.popup } : {};
    const popup: Popup = { kind: 'confirm', question, detail, choices: [...choices, no], index: 0, ...back };
    this.#store.dispatch({ type: 'popup', popup });
  }

  performBrief(agent: string, text: string): void {
    const name = nameOf(this.#store.room().state, agent);
    const asked = this.#ask({ type: 'agent.send', agent, text, enter: true });
    void asked.then((sent) => sent && this.#toaster.show('info', `${name} has it`));
  }

  #show(hunk: number): void {
    if (!this.#popup) return;
    this.#change({ do: 'go', hunk });
    const top = popupScene(this.#store.room(), this.#store.look())?.marks[hunk];
    if (top !== undefined) this.#store.dispatch({ type: 'popup.top', top });
  }

  #change(action: MergeAction): void {
    this.#store.dispatch({ type: 'merge', action });
  }

  #hunks(): { readonly hunks: readonly Hunk[]; readonly popup: MergePopup | null; readonly current: Hunk | undefined } {
    const segments = this.#store.room().overlap?.latest?.segments ?? null;
    const popup = this.#popup;
    const hunks = segments && popup ? hunksOf(segments) : [];
    return { hunks, popup, current: hunks[popup?.merge.hunk ?? 0] };
  }

  /** Back to the list once it is done, with a word on it. */
  async #askAndLeave(command: ClientCommand, words: string): Promise<void> {
    if (!(await this.#ask(command))) return;
    if (this.#popup) this.#store.dispatch({ type: 'popup', popup: { kind: 'overlaps', index: 0 } });
    this.#toaster.show('info', words);
  }

  #ask(command: ClientCommand): Promise<boolean> {
    return this.#toaster.attempt(this.#store.client.command(command));
  }

  get #popup(): MergePopup | null {
    const { popup } = this.#store.room().ui;
    return popup?.kind === 'merge' ? popup : null;
  }
}
