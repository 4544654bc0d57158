/** What a page asks the session for, and what came. */
export interface Fetched<T> {
  /** What it is about; another subject starts with nothing. */
  readonly subject: string;
  readonly latest: T | null;
  /** Why there is nothing newer; null while all is well. */
  readonly trouble: string | null;
}

/**
 * Keeps one answer of the session current while somebody looks at it: asked for anew whenever `mark` changes, one question at a
 * time, and the one before stays in sight meanwhile.
 */
export class Feed<T> {
  readonly #ask: (subject: string) => Promise<T>;
  readonly #onNews: () => void;
  #view: Fetched<T> | null = null;
  #mark = '';
  #asking = false;

  constructor(ask: (subject: string) => Promise<T>, onNews: () => void) {
    this.#ask = ask;
    this.#onNews = onNews;
  }

  /** null while nobody looks. */
  view(): Fetched<T> | null {
    return this.#view;
  }

  /**
   * @param subject - null: nobody looks
   * @param mark - differs when the answer may
   */
  want(subject: string | null, mark = ''): void {
    if (subject === null) {
      this.#view = null;
      return;
    }
    if (this.#view?.subject !== subject) this.#view = { subject, latest: null, trouble: null };
    else if (this.#mark === mark) return;
    this.#mark = mark;
    void this.#fetch();
  }

  async #fetch(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    while (this.#view) {
      const { subject } = this.#view;
      const mark = this.#mark;
      const change = await this.#answer(subject);
      if (this.#view?.subject === subject) {
        this.#view = { ...this.#view, ...change };
        this.#onNews();
      }
      // What was asked for in the meantime comes next.
      if (this.#view?.subject === subject && this.#mark === mark) break;
    }
    this.#asking = false;
  }

  async #answer(subject: string): Promise<Partial<Fetched<T>>> {
    try {
      return { latest: await this.#ask(subject), trouble: null };
    } catch (error) {
      const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
      return { trouble: line };
    }
  }
}
