/** The plan to be written: values in their order, each with the line that it came from. */
import type { From } from './blocks.ts';
import type { Sourced } from './draft.ts';

export type Out =
  | { readonly kind: 'value'; readonly value: string | number | boolean; readonly from: From | null }
  | { readonly kind: 'list'; readonly items: readonly Out[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [string, Out])[] };

const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/g;

/** A value; texts lose what a plan can't hold, and what is too long for it. */
export function value(raw: string | number | boolean, from: From | null = null, max = 500): Out {
  if (typeof raw !== 'string') return { kind: 'value', value: raw, from };
  const plain = raw.replaceAll(CONTROL, '');
  const text = max > 1000 ? plain : plain.replaceAll(/\s+/g, ' ').trim();
  const chars = Array.from(text);
  return { kind: 'value', value: chars.length > max ? `${chars.slice(0, max - 1).join('')}…` : text, from };
}

export function sourcedValue(text: Sourced<string> | null, max = 500): Out | null {
  return text === null || text.value.trim() === '' ? null : value(text.value, text.from, max);
}

export function list(items: readonly (Out | null)[]): Out | null {
  const there = items.filter((item) => item !== null);
  return there.length === 0 ? null : { kind: 'list', items: there };
}

export function textList(texts: readonly Sourced<string>[], max = 500): Out | null {
  return list(texts.map((text) => sourcedValue(text, max)));
}

/** A map without the keys that have nothing. */
export function map(entries: Readonly<Record<string, Out | null | undefined>>): Out {
  return {
    kind: 'map',
    entries: Object.entries(entries).flatMap(([key, out]) => (out ? [[key, out] as const] : [])),
  };
}
