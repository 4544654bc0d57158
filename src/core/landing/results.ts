/** What is known of sets of landings on top of the integration branch: how they merge, and whether the merged tree passes. */
import type { FirstError } from '../health/first-error.ts';

/** A set of landings, in order, on top of the branch. */
export type Merged =
  | {
      readonly kind: 'tree';
      readonly tree: string;
      /** One merge commit for each landing, the last one on top. */
      readonly commits: readonly string[];
    }
  /** The first of them that git can't combine with the branch and those before it. */
  | { readonly kind: 'conflict'; readonly landing: string; readonly paths: readonly string[] }
  /** The first of them that brings nothing new. */
  | { readonly kind: 'nothing'; readonly landing: string };

export interface Checked {
  readonly green: boolean;
  readonly firstError: FirstError | null;
}

export interface LandingResults {
  /** Commit of the integration branch; '' before it is known. */
  readonly tip: string;
  /** By `setKey`; on this tip. */
  readonly merged: Readonly<Record<string, Merged>>;
  /** By tree: what a tree is worth does not depend on how it came about. */
  readonly checked: Readonly<Record<string, Checked>>;
}

export const NO_RESULTS: LandingResults = { tip: '', merged: {}, checked: {} };

export type ResultEvent =
  /** Where the branch stands: at the start, after a landing, and when somebody moved it by hand. */
  | { readonly type: 'landing.tip'; readonly tip: string }
  | {
      readonly type: 'landing.merged';
      readonly tip: string;
      readonly landings: readonly string[];
      readonly merged: Merged;
    }
  | { readonly type: 'landing.checked'; readonly tree: string; readonly checked: Checked }
  /** The checks are others now, or a person wants a tree (null: all) tested again. */
  | { readonly type: 'landing.forgotten'; readonly tree: string | null };

/** The oldest go first. */
const TREES_REMEMBERED = 200;

export function evolveResults(results: LandingResults, event: ResultEvent): LandingResults {
  switch (event.type) {
    case 'landing.tip':
      return event.tip === results.tip ? results : { ...results, tip: event.tip, merged: {} };
    case 'landing.merged':
      // Of a branch that has moved since.
      if (event.tip !== results.tip) return results;
      return { ...results, merged: { ...results.merged, [setKey(event.landings)]: event.merged } };
    case 'landing.checked': {
      const others = Object.entries(results.checked).filter(([tree]) => tree !== event.tree);
      const kept = [...others.slice(1 - TREES_REMEMBERED), [event.tree, event.checked] as const];
      return { ...results, checked: Object.fromEntries(kept) };
    }
    case 'landing.forgotten': {
      if (event.tree === null) return { ...results, checked: {} };
      const others = Object.entries(results.checked).filter(([tree]) => tree !== event.tree);
      return { ...results, checked: Object.fromEntries(others) };
    }
    default:
      return event satisfies never;
  }
}

/** @param landings ids, in order; none for the branch alone. */
export function setKey(landings: readonly string[]): string {
  return JSON.stringify(landings);
}
