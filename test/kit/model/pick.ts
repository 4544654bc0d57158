/**
 * Which turn of which script a request gets. It follows from the request alone, so that retries, conversations that are
 * taken up again and several agents at once need no memory here.
 */
import type { ModelRequest } from './request.ts';
import { MARK, type Script, type Scripts, type Turn } from './script.ts';

export interface Picked {
  /** Name of the script; '' for what a CLI asks beside the conversation. */
  readonly name: string;
  readonly script: Script;
  readonly turn: Turn;
  /** Place of the turn in the script. */
  readonly index: number;
}

const NOTHING: Turn = [{ text: 'Nothing left to do.' }];

export function pick(scripts: Scripts, request: ModelRequest): Picked {
  const { said, tools, schema } = request;
  // Titles, summaries and classifications come without tools.
  if (tools.length === 0) {
    const text = schema === undefined ? 'Stub title' : JSON.stringify(smallest(schema));
    return { name: '', script: { turns: [], firstMs: 20, tokenMs: 0 }, turn: [{ text }], index: 0 };
  }
  const anchor = said.findLastIndex(({ role, text }) => role === 'user' && text.search(MARK) >= 0);
  const name = anchor < 0 ? '' : ([...said[anchor]!.text.matchAll(MARK)].at(-1)?.[1] ?? '');
  const script = scripts[name];
  if (script === undefined) {
    const text = name === '' ? 'Nothing was asked of the stand-in.' : `The stand-in has no script "${name}".`;
    return { name, script: { turns: [] }, turn: [{ text }], index: 0 };
  }
  const index = said.slice(anchor + 1).filter(({ role }) => role === 'assistant').length;
  return { name, script, turn: script.turns[index] ?? NOTHING, index };
}

/** The smallest value that fits a JSON Schema. */
function smallest(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) return 'stub';
  const {
    const: only,
    enum: values,
    anyOf,
    oneOf,
    type,
    properties,
    required,
    items,
    minItems,
    minimum,
  } = schema as {
    readonly const?: unknown;
    readonly enum?: readonly unknown[];
    readonly anyOf?: readonly unknown[];
    readonly oneOf?: readonly unknown[];
    readonly type?: string | readonly string[];
    readonly properties?: Readonly<Record<string, unknown>>;
    readonly required?: readonly string[];
    readonly items?: unknown;
    readonly minItems?: number;
    readonly minimum?: number;
  };
  if (only !== undefined) return only;
  if (values !== undefined) return values[0];
  const choice = anyOf ?? oneOf;
  if (choice !== undefined) return smallest(choice[0]);
  switch (String(typeof type === 'string' ? type : type?.[0]).toLowerCase()) {
    case 'object': {
      const wanted = Object.entries(properties ?? {}).filter(([key]) => required?.includes(key) ?? true);
      return Object.fromEntries(wanted.map(([key, value]) => [key, smallest(value)]));
    }
    case 'array':
      return Array.from({ length: minItems ?? 0 }, () => smallest(items));
    case 'integer':
    case 'number':
      return minimum ?? 1;
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      return 'stub';
  }
}
