import type { OverlapReply } from '../../client/api.ts';
import { bytesOfText, textOfBytes } from '../../core/byte-text.ts';
import type { EditorKeys } from '../keys/commands.ts';
import { composed, hasMarkers, withMarkers } from '../merge/compose.ts';
import { sideText } from '../merge/hunks.ts';
import { nameOf } from '../presentation/overlap.ts';
import type { EditedFile, OutsideFiles } from './outside-files.ts';
import type { PaneRuns } from './pane-run.ts';
import type { Popup } from './popup.ts';
import type { RoomStore } from './room-store.ts';
import type { Toaster } from './toaster.ts';

type MergePopup = Extract<Popup, { kind: 'merge' }>;

/**
 * An editor or git's merge tool in a pane: an agent for as long as it runs. Once it ends, its text comes back to the merge
 * screen as the decision for the whole file, to be looked at and taken.
 */
export class EditorCommands implements EditorKeys {
  readonly #store: RoomStore;
  readonly #toaster: Toaster;
  readonly #files: OutsideFiles | null;
  readonly #runs: PaneRuns;

  constructor(store: RoomStore, toaster: Toaster, files: OutsideFiles | null, runs: PaneRuns) {
    this.#store = store;
    this.#toaster = toaster;
    this.#files = files;
    this.#runs = runs;
  }

  openEditor(): void {
    void this.#open('edit', (files, reply, { merge }) => {
      const { agents, path } = reply.overlap;
      const { state } = this.#store.room();
      const names = [nameOf(state, agents[0]), nameOf(state, agents[1])] as const;
      const text = composed(reply, merge) ?? withMarkers(reply.segments ?? [], merge.choices, names);
      return files.edit(fileName(path), bytesOfText(text));
    });
  }

  openMergetool(): void {
    void this.#open('mergetool', (files, { overlap, segments }) => {
      const bytes = (side: 'a' | 'base' | 'b') => bytesOfText(sideText(segments ?? [], side));
      return files.mergetool(fileName(overlap.path), { base: bytes('base'), a: bytes('a'), b: bytes('b') });
    });
  }

  async #open(
    name: string,
    make: (files: OutsideFiles, reply: OverlapReply, popup: MergePopup) => Promise<EditedFile>,
  ): Promise<void> {
    const { ui, overlap } = this.#store.room();
    if (ui.popup?.kind !== 'merge' || !overlap?.latest || !this.#files) return;
    const popup = ui.popup;
    try {
      const file = await make(this.#files, overlap.latest, popup);
      try {
        await this.#runs.run({ name, command: file.command, cwd: file.cwd, keep: () => false });
        this.#bringBack(popup, textOfBytes(await file.read()));
      } finally {
        await file.remove();
      }
    } catch (error) {
      this.#toaster.show('error', error instanceof Error ? error.message : String(error));
    }
  }

  #bringBack(popup: MergePopup, text: string): void {
    if (hasMarkers(text)) {
      this.#store.dispatch({ type: 'popup', popup });
      this.#toaster.show('warn', 'conflict markers are left in the text: nothing is decided by it');
      return;
    }
    const merge = { ...popup.merge, whole: { take: 'edit', text } as const, result: true };
    this.#store.dispatch({ type: 'popup', popup: { ...popup, merge, top: 0 } });
    this.#toaster.show('info', 'this is the text from the editor: Enter takes it');
  }
}

/** Editors tell a language by it. */
function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
