/** Where the values of a plan stand in its files: kept beside the plan, so that the plan itself is plain data. */
import type { Place } from './tree.ts';

/** The place of a character of a text, by its offset. */
export type Locate = (offset: number) => Place;

const NOWHERE: Place = { line: 1, column: 1 };

export class Places {
  readonly #objects = new WeakMap<object, Place>();
  readonly #locators = new WeakMap<object, Locate>();
  readonly #fields = new WeakMap<object, Map<string | number, Place>>();

  set(value: object, at: Place): void {
    this.#objects.set(value, at);
  }

  /** For texts that are looked into: where a character of it stands. */
  setLocator(value: object, locate: Locate): void {
    this.#locators.set(value, locate);
  }

  locate(value: object, offset: number): Place {
    return this.#locators.get(value)?.(offset) ?? this.of(value);
  }

  setField(owner: object, key: string | number, at: Place): void {
    const fields = this.#fields.get(owner);
    if (fields) fields.set(key, at);
    else this.#fields.set(owner, new Map([[key, at]]));
  }

  /** Takes over all that is known of `from`: for a value made from another. */
  copy<T extends object>(from: object, to: T): T {
    const at = this.#objects.get(from);
    if (at) this.#objects.set(to, at);
    const fields = this.#fields.get(from);
    if (fields) this.#fields.set(to, fields);
    return to;
  }

  of(value: object): Place {
    return this.#objects.get(value) ?? NOWHERE;
  }

  /** The place of one key or item; that of its owner where the key wasn't written. */
  field(owner: object, key: string | number): Place {
    return this.#fields.get(owner)?.get(key) ?? this.of(owner);
  }
}
