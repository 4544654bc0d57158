/**
 * Interns grapheme clusters that don't fit in one code point (combining marks, ZWJ emoji): a combined cell's
 * content word holds the index instead. One table per process that decodes rows; indices never leave it.
 */
export class ClusterTable {
  #texts: string[] = [];
  #index = new Map<string, number>();

  /** @returns the index of `text`, at most 2^21 - 1; text past the limit becomes index 0 (a replacement character) */
  intern(text: string): number {
    const known = this.#index.get(text);
    if (known !== undefined) return known;
    if (this.#texts.length === 0) this.#add('\ufffd');
    if (this.#texts.length >= CLUSTER_LIMIT) return 0;
    return this.#add(text);
  }

  at(index: number): string {
    return this.#texts[index] ?? '\ufffd';
  }

  #add(text: string): number {
    const index = this.#texts.length;
    this.#texts.push(text);
    this.#index.set(text, index);
    return index;
  }
}

/** What 21 bits can address would be 2 million; hostile output must not grow the table without end. */
const CLUSTER_LIMIT = 65_536;
