/** Where the values of a plan stand in its files: kept beside the plan, so that the plan itself is plain data. */
import { snakeCase } from './reader.ts';
import type { Place, Tree } from './tree.ts';

/** The place of a character of a text, by its offset. */
export type Locate = (offset: number) => Place;

const NOWHERE: Place = { line: 1, column: 1 };

export class Places {
  /** Trees, not the places in them: most are never asked for. */
  readonly #trees = new Map<object, Tree>();
  readonly #objects = new Map<object, Place>();
  readonly #locators = new Map<object, Locate>();

  /** `value` was read from `tree`: keys and items of both answer to one another. */
  setTree(value: object, tree: Tree): void {
    this.#trees.set(value, tree);
  }

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

  /** Takes over all that is known of `from`: for a value made from another. */
  copy<T extends object>(from: object, to: T): T {
    const at = this.#objects.get(from);
    if (at) this.#objects.set(to, at);
    const tree = this.#trees.get(from);
    if (tree) this.#trees.set(to, tree);
    return to;
  }

  of(value: object): Place {
    return this.#objects.get(value) ?? this.#trees.get(value)?.at ?? NOWHERE;
  }

  /** The place of one key or item; that of its owner where the key wasn't written. */
  field(owner: object, key: string | number): Place {
    const tree = this.#trees.get(owner);
    if (typeof key === 'number') {
      // One value where a list of one is meant stands for its item.
      return (tree?.kind === 'list' ? tree.items[key]?.at : tree?.at) ?? this.of(owner);
    }
    const entries = tree?.kind === 'map' ? tree.entries : [];
    const entry = entries.find((one) => one.key === key) ?? entries.find((one) => one.key === snakeCase(key));
    return entry ? (entry.value.kind === 'nothing' ? entry.keyAt : entry.value.at) : this.of(owner);
  }
}
