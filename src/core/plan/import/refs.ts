/** References, durations and dates in prose: `Agents 1 & 2`, `waits for WS1`, `2-4 hours`, `Week 5-7`. */
import { hoursIn } from '../shape/leaves.ts';

export type RefKind = 'agent' | 'milestone' | 'workstream' | 'phase' | 'issue' | 'id';

export interface Ref {
  readonly kind: RefKind;
  /** `3`, `A`, or an id as it stands. */
  readonly name: string;
}

/** `Phase 1 (Weeks 1-2): Foundation`. */
export const PHASE = /^phase\s*(\d+)\s*(\([^)]*\))?\s*[:–—-]?\s*(.*)$/i;

const KINDS: Readonly<Record<string, RefKind>> = {
  agent: 'agent',
  subagent: 'agent',
  milestone: 'milestone',
  workstream: 'workstream',
  ws: 'workstream',
  phase: 'phase',
  issue: 'issue',
  task: 'issue',
};

const LIST =
  /\b(sub-?agent|agent|milestone|workstream|ws|phase|issue|task)s?[\s#-]*((?:\d+|[A-Z])\b(?:\s*(?:,|&|\+|\/|and|,\s*and)\s*(?:(?:agent|milestone|workstream|ws|phase|issue|task)s?[\s#-]*)?(?:\d+|[A-Z])\b)*)/gi;
const ID = /\b[A-Z][A-Z0-9]+-\d+\b/g;

/** Everything that a text refers to, in its order, each once. */
export function refsIn(text: string): readonly Ref[] {
  const found = new Map<string, Ref>();
  for (const match of text.matchAll(LIST)) {
    const kind = KINDS[match[1]!.toLowerCase().replace('-', '')]!;
    for (const [name] of match[2]!.matchAll(/\b(?:\d+|[A-Z])\b|(?<=ws)\d+/gi)) {
      if (/^\d+$/.test(name) || name === name.toUpperCase()) found.set(`${kind} ${name}`, { kind, name });
    }
  }
  for (const [name] of text.matchAll(ID)) found.set(`id ${name}`, { kind: 'id', name });
  return [...found.values()];
}

/** Estimated hours in a text such as `2-4 hours` or `30 minutes of work`. */
export function hoursOf(text: string): readonly [number, number] | null {
  const found = /~?\d+(?:\.\d+)?(?:\s*[-–—]\s*\d+(?:\.\d+)?)?\s*(?:hours?|hrs?|h|minutes?|mins?|days?|weeks?)\b/i.exec(
    text,
  );
  const hours = found ? hoursIn(found[0]) : null;
  return hours && isEstimate(hours) ? hours : null;
}

/** What a plan takes as an estimate: from less to more, within a year's work or so. */
export function isEstimate([low, high]: readonly [number, number]): boolean {
  return low >= 0 && high >= low && high <= 10_000;
}

/** `Week 1-2`, `Weeks 5-7`. */
export function weeksOf(text: string): readonly [number, number] | null {
  const found = /\bweeks?\s+(\d+)(?:\s*[-–]\s*(\d+))?/i.exec(text);
  const [from, to] = [Number(found?.[1]), Number(found?.[2] ?? found?.[1])];
  return found && to >= from ? [from, to] : null;
}

/** `Day 2`. */
export function dayOf(text: string): number | null {
  const found = /\bday\s+(\d+)/i.exec(text);
  return found && Number(found[1]) <= 10_000 ? Number(found[1]) : null;
}

/** An id out of words: `Candle Proof of Concept` → `candle-proof-of-concept`. */
export function slug(text: string, max = 40): string {
  const plain = text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return plain.slice(0, max).replace(/-+$/, '') || 'x';
}

/** Texts in a code span or a list that are files of the repository: with a slash or an extension, no blanks. */
export function isPath(text: string): boolean {
  return /^[\w.@*-]+(?:\/+[\w.@*-]+)*\/?$/.test(text) && (/\//.test(text) || /\.[A-Za-z][A-Za-z0-9]{0,7}$/.test(text));
}
