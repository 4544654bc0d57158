/** Lines of a pane's scrollback, fetched in blocks as they come into view. */
import type { LineBlock, RoomClient } from '../../client/api.ts';
import { WORDS_PER_CELL } from '../../core/cells.ts';

const BLOCK_LINES = 128;
const BLOCK_LIMIT = 48;

export class LineCache {
  #client: RoomClient;
  #pane: number;
  #onLoaded: () => void;
  #blocks = new Map<number, LineBlock>();
  #loading = new Map<number, Promise<void>>();
  #cols = 0;

  constructor(client: RoomClient, pane: number, onLoaded: () => void) {
    this.#client = client;
    this.#pane = pane;
    this.#onLoaded = onLoaded;
  }

  /**
   * Cells of absolute line `line`, `cols` long; null while it is being fetched, and where it is gone.
   * @param base - lines from here on are on the live screen, not here
   */
  row(line: number, cols: number, base: number): { readonly cells: Uint32Array; readonly offset: number } | null {
    // A resize wraps every line anew.
    if (cols !== this.#cols) {
      this.#blocks.clear();
      this.#cols = cols;
    }
    const key = Math.floor(line / BLOCK_LINES);
    const block = this.#blocks.get(key);
    if (block && block.cols === cols && line >= block.from && line < block.from + block.count) {
      return { cells: block.cells, offset: (line - block.from) * cols * WORDS_PER_CELL };
    }
    void this.#load(key, base);
    return null;
  }

  /** Fetches the block of `line` where it isn't there. */
  async ensure(line: number, base: number): Promise<void> {
    await this.#load(Math.floor(line / BLOCK_LINES), base);
  }

  #load(key: number, base: number): Promise<void> {
    const under = this.#loading.get(key);
    if (under) return under;
    const from = key * BLOCK_LINES;
    const count = Math.min(BLOCK_LINES, base - from);
    const known = this.#blocks.get(key);
    if (count <= 0 || (known && known.from + known.count >= from + count)) return Promise.resolve();
    const loading = this.#fetch(key, from, count).finally(() => this.#loading.delete(key));
    this.#loading.set(key, loading);
    return loading;
  }

  async #fetch(key: number, from: number, count: number): Promise<void> {
    try {
      const block = await this.#client.lines(this.#pane, from, count);
      // What the daemon no longer has counts as here, without lines: it isn't asked for again and again.
      this.#keep(key, block.count > 0 ? block : { ...block, from: from + count });
    } catch {
      // The connection is being made anew: the next paint asks again.
      return;
    }
    this.#onLoaded();
  }

  #keep(key: number, block: LineBlock): void {
    this.#blocks.delete(key);
    this.#blocks.set(key, block);
    if (this.#blocks.size <= BLOCK_LIMIT) return;
    for (const oldest of this.#blocks.keys()) {
      this.#blocks.delete(oldest);
      return;
    }
  }
}
