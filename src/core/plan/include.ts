/** Parts of a plan in files of their own: merged before anything is checked, each value with the place it has there. */
import { shorten } from './reader.ts';
import { treeKindName } from './tree.ts';
import type { ProblemList, Tree, TreeEntry } from './tree.ts';

/** The key that names files to include. */
export const INCLUDE = 'include';

export interface NamedFile {
  readonly path: string;
  readonly at: Tree['at'];
}

/** Files that a document includes. */
export function includedFiles(tree: Tree, problems: ProblemList): readonly NamedFile[] {
  const value = tree.kind === 'map' ? tree.entries.find(({ key }) => key === INCLUDE)?.value : undefined;
  if (!value || value.kind === 'nothing') return [];
  const items = value.kind === 'list' ? value.items : [value];
  return items.flatMap((item) => {
    if (item.kind === 'text' && item.value.trim() !== '') return [{ path: item.value, at: item.at }];
    problems.error(
      item.at,
      `"${INCLUDE}" of the plan must name files, not ${treeKindName(item)}; write "- shared.yaml"`,
    );
    return [];
  });
}

/** Keys under which `{file: …}` names a text. */
const TEXT_KEYS = new Set(['prompt', 'body']);

/** Files whose text the plan wants: `prompt: {file: …}` and the like, wherever they stand. */
export function namedFiles(tree: Tree): readonly NamedFile[] {
  const found: NamedFile[] = [];
  const visit = (node: Tree, inPrompts: boolean): void => {
    if (node.kind === 'list') for (const item of node.items) visit(item, false);
    if (node.kind !== 'map') return;
    for (const { key, value } of node.entries) {
      if (inPrompts || TEXT_KEYS.has(key)) {
        const file = value.kind === 'map' ? value.entries.find((entry) => entry.key === 'file')?.value : undefined;
        if (file?.kind === 'text') found.push({ path: file.value, at: file.at });
      }
      visit(value, key === 'prompts');
    }
  };
  visit(tree, false);
  return found;
}

/** Keys that belong to the plan itself alone. */
const OWN = ['version', 'name', INCLUDE];

/**
 * `tree` with what `part` holds: lists one behind the other (the plan's own last), maps joined, other values only where
 * the plan has none.
 */
export function mergePart(tree: Tree & { kind: 'map' }, part: Tree, problems: ProblemList): Tree & { kind: 'map' } {
  if (part.kind !== 'map') {
    problems.error(
      part.at,
      `what a plan includes is a map of keys, not ${treeKindName(part)}; write "agents:" or such`,
    );
    return tree;
  }
  const entries = new Map<string, TreeEntry>();
  for (const entry of part.entries) {
    if (!OWN.includes(entry.key)) entries.set(entry.key, entry);
    else {
      problems.error(
        entry.keyAt,
        `"${shorten(entry.key)}" belongs in the plan itself; take it out of what it includes`,
      );
    }
  }
  const seen = new Set<string>();
  const repeated: TreeEntry[] = [];
  for (const entry of tree.entries) {
    const other = entries.get(entry.key);
    if (seen.has(entry.key)) repeated.push(entry);
    else entries.set(entry.key, other ? { ...entry, value: joined(entry.value, other.value) } : entry);
    seen.add(entry.key);
  }
  return { ...tree, entries: [...entries.values(), ...repeated] };
}

function joined(own: Tree, other: Tree): Tree {
  if (own.kind === 'nothing') return other;
  if (own.kind === 'list' && other.kind === 'list') return { ...own, items: [...other.items, ...own.items] };
  if (own.kind !== 'map' || other.kind !== 'map') return own;
  const keys = new Set(own.entries.map(({ key }) => key));
  return { ...own, entries: [...other.entries.filter(({ key }) => !keys.has(key)), ...own.entries] };
}
