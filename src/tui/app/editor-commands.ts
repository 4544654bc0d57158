import type { AddRequest, OverlapReply } from '../../client/api.ts';
import { bytesOfText, textOfBytes } from '../../core/byte-text.ts';
import type { AgentId } from '../../core/model/agent.ts';
import { composed, hasMarkers, withMarkers } from '../merge/compose.ts';
import { sideText } from '../merge/hunks.ts';
import { nameOf } from '../presentation/overlap.ts';
import { freeId } from './launch.ts';
import type { EditedFile, OutsideFiles } from './outside-files.ts';
import type { Popup } from './popup.ts';
import type { RoomStore } from './room-store.ts';
import type { Toaster } from './toaster.ts';

type MergePopup = Extract<Popup, { kind: 'merge' }>;

/** Puts the keys into the pane of the focused agent, and takes them back. */
export interface PaneKeys {
  enterPane(): void;
  leavePane(): void;
}

/**
 * An editor or git's merge tool in a pane: an agent for as long as it runs. Once it ends, its text comes back to the merge
 * screen as the decision for the whole file, to be looked at and taken.
 */
export class EditorCommands {
  readonly #store: RoomStore;
  readonly #toaster: Toaster;
  readonly #files: OutsideFiles | null;
  readonly #keys: PaneKeys;

  constructor(store: RoomStore, toaster: Toaster, files: OutsideFiles | null, keys: PaneKeys) {
    this.#store = store;
    this.#toaster = toaster;
    this.#files = files;
    this.#keys = keys;
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
    id: string,
    make: (files: OutsideFiles, reply: OverlapReply, popup: MergePopup) => Promise<EditedFile>,
  ): Promise<void> {
    const { ui, overlap, state } = this.#store.room();
    if (ui.popup?.kind !== 'merge' || !overlap?.latest || !this.#files) return;
    const popup = ui.popup;
    try {
      const file = await make(this.#files, overlap.latest, popup);
      try {
        const agent = freeId(id, state.order);
        await this.#whileItRuns(agent, file);
        this.#bringBack(popup, textOfBytes(await file.read()));
      } finally {
        await file.remove();
      }
    } catch (error) {
      this.#toaster.show('error', error instanceof Error ? error.message : String(error));
    }
  }

  /** Starts it, gives it the keys, waits for its end and takes it out of the room again. */
  async #whileItRuns(agent: AgentId, { command, cwd }: EditedFile): Promise<void> {
    const { client } = this.#store;
    const path = process.env['PATH'];
    const request: AddRequest = { id: agent, command, cwd, start: true, ...(path ? { path } : {}) };
    await client.add(request);
    await this.#until(() => client.state().agents[agent]?.run != null || this.#isOver(agent));
    this.#store.dispatch({ type: 'popup', popup: null }, { type: 'focus', agent });
    this.#keys.enterPane();
    await this.#until(() => this.#isOver(agent));
    if (this.#store.room().ui.mode === 'pane') this.#keys.leavePane();
    if (client.state().agents[agent]) await client.command({ type: 'agent.remove', agent });
  }

  /** Gone, or ended after it had begun. */
  #isOver(id: AgentId): boolean {
    const agent = this.#store.client.state().agents[id];
    return !agent || (agent.run === null && agent.status.state !== 'starting');
  }

  #until(holds: () => boolean): Promise<void> {
    const { client } = this.#store;
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => {
      if (!holds()) return;
      off();
      resolve();
    };
    const off = client.onChange(look);
    look();
    return promise;
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
