/** Which policy holds for a path, and whether an overlap calls for a round by itself. */
import type { MergePolicy, Overlap, OverlapPolicy, OverlapRule } from '../model/overlap.ts';

/** The last rule that matches. */
export function ruleFor(policy: MergePolicy, path: string): OverlapRule | null {
  return policy.rules.findLast((rule) => matches(rule.match, path)) ?? null;
}

export function policyFor(policy: MergePolicy, path: string): OverlapPolicy {
  return policy.rules.findLast((rule) => rule.policy !== null && matches(rule.match, path))?.policy ?? policy.policy;
}

/** True where both agents are to be paused and merged without being asked. */
export function wantsRound(overlap: Overlap): boolean {
  if (overlap.state !== 'watching' || overlap.verdict === 'unknown') return false;
  switch (overlap.policy) {
    case 'merge':
      return overlap.verdict === 'conflict' || overlap.sameRegion;
    case 'pause':
      return true;
    case 'warn':
    case 'lock':
      return false;
    default:
      return overlap.policy satisfies never;
  }
}

/** A pattern as in .gitignore (gitignore(5), "PATTERN FORMAT"), without negation. */
export function matches(pattern: string, path: string): boolean {
  return regExpOf(pattern).test(path);
}

function regExpOf(pattern: string): RegExp {
  const anchored = pattern.replace(/\/$/, '').includes('/');
  const plain = pattern.replace(/^\//, '');
  // A folder's name stands for all below it.
  return new RegExp(`^${anchored ? '' : '(?:.*/)?'}${translate(plain.replace(/\/$/, ''))}(?:/.*)?$`, 'su');
}

function translate(pattern: string): string {
  return pattern.replaceAll(/\*\*\/|\/\*\*|\*\*|\*|\?|[\\^$.|+()[\]{}]/g, (token) => {
    switch (token) {
      case '**/':
        return '(?:.*/)?';
      case '/**':
        return '/.*';
      case '**':
        return '.*';
      case '*':
        return '[^/]*';
      case '?':
        return '[^/]';
      default:
        return `\\${token}`;
    }
  });
}
