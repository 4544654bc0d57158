/** A shape says once what a value may be: it reads it out of a tree, and it is the JSON Schema of it. */
import type { ProblemList, Tree } from '../tree.ts';
import type { Places } from '../places.ts';

/** The part of JSON Schema (2020-12) that shapes need. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly patternProperties?: Readonly<Record<string, JsonSchema | boolean>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly (string | number | boolean)[];
  readonly const?: string | number | boolean;
  readonly pattern?: string;
  readonly default?: unknown;
  readonly deprecated?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** What a reading needs beside the value itself. */
export interface ReadContext {
  readonly problems: ProblemList;
  readonly places: Places;
  /** Files that the plan names, by the path as written; a path that isn't there could not be read. */
  readonly sources: PlanSources;
}

/** A file that a plan names: its text, and its path for messages. */
export interface PlanSource {
  readonly text: string;
  readonly file: string;
}

export type PlanSources = ReadonlyMap<string, PlanSource>;

export interface Shape<T> {
  readonly schema: JsonSchema;
  /** What to write where a value of another kind stands, for messages: `"- one line for each"`. */
  readonly example?: string;
  /** @returns null after a problem was noted; `what` names the value in it: `"title" of task "a"` */
  read(tree: Tree, what: string, context: ReadContext): T | null;
}

/** What a shape reads. */
export type Reads<S> = S extends Shape<infer T> ? T : never;
