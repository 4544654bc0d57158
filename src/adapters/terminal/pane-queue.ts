/** What came of a pane's stream and isn't dealt with yet, in order. */
export type StreamItem =
  | { readonly type: 'data'; bytes: Uint8Array; offset: number }
  | { readonly type: 'resized'; readonly cols: number; readonly rows: number }
  | { readonly type: 'ended' };

export class PaneQueue {
  #items: StreamItem[] = [];
  #head = 0;
  #bytes = 0;

  get empty(): boolean {
    return this.#head === this.#items.length;
  }

  /** Bytes waiting. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @param item its bytes are kept, not copied */
  push(item: StreamItem): void {
    this.#items.push(item);
    if (item.type === 'data') this.#bytes += item.bytes.length;
  }

  peek(): StreamItem | undefined {
    return this.#items[this.#head];
  }

  /** Takes the first item off. */
  drop(): void {
    const item = this.#items[this.#head++];
    if (item?.type === 'data') this.#bytes -= item.bytes.length;
    if (this.#head === this.#items.length) {
      this.#items = [];
      this.#head = 0;
    }
  }

  /** Takes bytes off the first item, which must hold data; all of them drop it. */
  advance(length: number): void {
    const item = this.peek();
    if (item?.type !== 'data' || length >= item.bytes.length) {
      this.drop();
      return;
    }
    item.bytes = item.bytes.subarray(length);
    item.offset += length;
    this.#bytes -= length;
  }
}
