/** What is to be done where two agents change one file. */
import { DEFAULT_MERGE_POLICY, OVERLAP_POLICIES } from '../model/overlap.ts';
import type { MergePolicy, MergeScope, OverlapPolicy, OverlapRule } from '../model/overlap.ts';
import { didYouMean } from '../nearest.ts';
import { parseDuration } from './duration.ts';
import { MapReader, shorten } from './reader.ts';
import { treeKindName } from './tree.ts';
import type { ProblemList, Tree } from './tree.ts';

const DRIVERS = ['union', 'A', 'B'] as const;
const MAX_SETTLE_MS = 7 * 24 * 3_600_000;

/** `overlaps: merge`, or a map with rules for paths. */
export function readOverlaps(plan: MapReader, problems: ProblemList): MergePolicy {
  const tree = plan.take('overlaps');
  if (!tree) return DEFAULT_MERGE_POLICY;
  if (tree.kind !== 'map') {
    const policy = readWord(tree, '"overlaps"', OVERLAP_POLICIES, problems);
    return policy ? { ...DEFAULT_MERGE_POLICY, policy } : DEFAULT_MERGE_POLICY;
  }
  const reader = new MapReader(tree, '"overlaps"', problems);
  const word = <T extends string>(key: string, words: readonly T[]): T | null => {
    const value = reader.take(key);
    return value && readWord(value, `"${key}" of ${reader.what}`, words, problems);
  };
  const policy: MergePolicy = {
    policy: word<OverlapPolicy>('policy', OVERLAP_POLICIES) ?? DEFAULT_MERGE_POLICY.policy,
    scope: word<MergeScope>('scope', ['paths', 'tree']) ?? DEFAULT_MERGE_POLICY.scope,
    settleMs: readSettle(reader, problems),
    verify: reader.text('verify', { max: 32 }),
    mergeAgent: reader.text('mergeAgent', { max: 40 }),
    rules: reader
      .list('paths', '"- match: package-lock.json" for each')
      .flatMap((item) => readRule(item, problems) ?? []),
  };
  reader.finish();
  return policy;
}

/** Names that other parts of the plan must have. Called when those are read. */
export function checkOverlapNames(
  plan: MapReader,
  policy: MergePolicy,
  names: { readonly checks: readonly string[]; readonly agents: readonly string[] },
  problems: ProblemList,
): void {
  const tree = plan.entry('overlaps')?.value;
  if (tree?.kind !== 'map') return;
  const at = (key: string) => tree.entries.find((entry) => entry.key === key)?.value.at ?? tree.at;
  const { verify, mergeAgent } = policy;
  if (verify !== null && !names.checks.includes(verify)) {
    const remedy = didYouMean(verify, names.checks) || '; name one of "health:"';
    problems.error(at('verify'), `no health check is named "${shorten(verify)}"${remedy}`);
  }
  if (mergeAgent !== null && !names.agents.includes(mergeAgent)) {
    const remedy = didYouMean(mergeAgent, names.agents) || '; name one of "agents:"';
    problems.error(at('mergeAgent'), `no agent is named "${shorten(mergeAgent)}"${remedy}`);
  }
}

function readSettle(reader: MapReader, problems: ProblemList): number {
  const tree = reader.take('settleWithin');
  if (!tree) return DEFAULT_MERGE_POLICY.settleMs;
  const ms = parseDuration(tree.kind === 'number' ? tree.source : tree.kind === 'text' ? tree.value : '');
  if (ms !== null && ms >= 1000 && ms <= MAX_SETTLE_MS) return ms;
  const got = tree.kind === 'text' ? `"${shorten(tree.value)}"` : treeKindName(tree);
  problems.error(tree.at, `"settleWithin" of ${reader.what} can't be ${got}; write a time such as 90s, 15m, 2h`);
  return DEFAULT_MERGE_POLICY.settleMs;
}

function readRule(item: Tree, problems: ProblemList): OverlapRule | null {
  if (item.kind !== 'map') {
    problems.error(item.at, `a rule for paths is a map, not ${treeKindName(item)}; write "- match: package-lock.json"`);
    return null;
  }
  const reader = new MapReader(item, 'a rule for paths', problems);
  const match = reader.text('match', { max: 300 });
  if (match === null && !reader.entry('match')) {
    problems.error(item.at, 'a rule for paths has no "match"; write one such as "match: src/generated/**"');
  }
  const policy = reader.take('policy');
  const driver = reader.take('driver');
  const rule: OverlapRule = {
    match: match ?? '',
    policy: policy && readWord(policy, '"policy" of a rule for paths', OVERLAP_POLICIES, problems),
    driver: driver && readWord(driver, '"driver" of a rule for paths', DRIVERS, problems),
    regenerate: reader.text('regenerate', { max: 10_000, line: false }),
  };
  reader.finish();
  return match === null ? null : rule;
}

function readWord<T extends string>(tree: Tree, what: string, words: readonly T[], problems: ProblemList): T | null {
  const found = tree.kind === 'text' ? words.find((word) => word === tree.value) : undefined;
  if (found !== undefined) return found;
  const got = tree.kind === 'text' ? `"${shorten(tree.value)}"` : treeKindName(tree);
  problems.error(tree.at, `${what} can't be ${got}; write ${words.join(', ').replace(/, ([^,]*)$/, ' or $1')}`);
  return null;
}
