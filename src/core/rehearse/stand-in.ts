/** The plan as it is rehearsed: the same work in the same order, with programs in place of its agents and its commands. */
import { list, value, type Out } from '../plan/import/out.ts';
import type { Plan } from '../plan/model.ts';
import type { Tree, TreeEntry } from '../plan/tree.ts';
import { figuresFor, baselineOf } from './figures.ts';

/** What a command is asked for. */
export type CommandUse =
  | { readonly of: 'build' }
  | { readonly of: 'task'; readonly id: string }
  /** `good` and `bad`: figures to print; null where none is wanted. */
  | {
      readonly of: 'gate';
      readonly id: string;
      readonly at: number;
      readonly good: number | null;
      readonly bad: number | null;
    };

/** Programs, as argv. */
export interface StandIns {
  readonly agent: readonly string[];
  readonly command: (use: CommandUse) => readonly string[];
}

type TreeMap = Tree & { readonly kind: 'map' };
/** What becomes of a key's value; null: the key is left out. */
type Change = (entry: TreeEntry, owner: TreeMap, at: number) => Out | null;

/**
 * @param texts of the files that prompts are in, by their names
 * @param count called for every command that something stands in for
 */
export function rehearsedPlan(
  tree: Tree,
  plan: Plan,
  texts: ReadonlyMap<string, string>,
  standIns: StandIns,
  count: () => void,
): Out {
  const run = (use: CommandUse): Out => {
    count();
    return words(standIns.command(use));
  };
  const plain = (one: Tree): Out => copy(one, texts);

  const item =
    (use: CommandUse): Change =>
    ({ key, value: of }) =>
      key === 'verify' ? run(use) : plain(of);
  const items = (of: Tree, use: CommandUse): Out => each(of, item(use), plain);
  const commands = (of: Tree, use: CommandUse): Out =>
    list((of.kind === 'list' ? of.items : [of]).map(() => run(use))) ?? plain(of);

  const task: Change = ({ key, value: of }, owner) => {
    const use = { of: 'task', id: idOf(owner) } as const;
    if (key === 'deliverables' || key === 'acceptance') return items(of, use);
    return key === 'validation' ? commands(of, use) : plain(of);
  };
  const check =
    (gate: string): Change =>
    ({ key, value: of }, _, at) => {
      const known = plan.gates.find(({ id }) => id === gate)?.checks[at];
      const threshold = known?.kind === 'threshold' ? known : null;
      if (key === 'run') {
        return run({ of: 'gate', id: gate, at, ...(threshold ? figuresFor(threshold) : { good: null, bad: null }) });
      }
      // The stand-in prints the figure alone.
      if (key === 'metric') return null;
      if (key === 'baseline' && threshold) return value(baselineOf(threshold) ?? '');
      return plain(of);
    };
  const gate: Change = ({ key, value: of }, owner) =>
    key === 'checks' ? each(of, check(idOf(owner)), plain, named(plan, idOf(owner))) : plain(of);
  const group: Change = ({ key, value: of }, owner) => {
    // What every task has to show is no gate that could be waived.
    const ofTasks = textOf(owner, 'when') === 'after-task';
    const use = ofTasks ? BUILD : ({ of: 'gate', id: idOf(owner), at: 0, good: null, bad: null } as const);
    if (key === 'validation') return commands(of, use);
    return key === 'success' || key === 'deliverables' || key === 'items' ? items(of, use) : plain(of);
  };
  const agent: Change = ({ key, value: of }) => (AGENT_OWN.has(key) ? null : plain(of));
  const health: Change = ({ value: of }) => {
    const build = run(BUILD);
    return of.kind === 'map' ? each(of, ({ key, value: one }) => (key === 'run' ? build : plain(one)), plain) : build;
  };
  const overlapRule: Change = ({ key, value: of }) => (key === 'regenerate' ? null : plain(of));
  const sections: Readonly<Record<string, (of: Tree) => Out | null>> = {
    health: (of) => each(of, health, plain),
    agents: (of) => agents(each(of, agent, plain), standIns.agent),
    tasks: (of) => each(of, task, plain),
    gates: (of) => each(of, gate, plain),
    phases: (of) => each(of, group, plain),
    milestones: (of) => each(of, group, plain),
    checklists: (of) => each(of, group, plain),
    success: (of) => items(of, { of: 'gate', id: 'end', at: 0, good: null, bad: null }),
    overlaps: (of) =>
      each(of, ({ key, value: one }) => (key === 'paths' ? each(one, overlapRule, plain) : plain(one)), plain),
    workspace: (of) => each(of, ({ key, value: one }) => (WORKSPACE_OWN.has(key) ? null : plain(one)), plain),
    // The scratch repository has one branch.
    base: () => null,
    // What was included stands in the tree already.
    include: () => null,
  };
  return each(tree, ({ key, value: of }) => (Object.hasOwn(sections, key) ? sections[key]!(of) : plain(of)), plain);
}

const BUILD = { of: 'build' } as const;

/** How an agent is launched is nothing for a rehearsal. */
const AGENT_OWN = new Set(['command', 'profile', 'cwd', 'env', 'host', 'model']);
/** Files and commands that a real worktree needs. */
const WORKSPACE_OWN = new Set(['setup', 'copy', 'reflink']);

function agents(out: Out, program: readonly string[]): Out {
  if (out.kind !== 'list') return out;
  const items = out.items.map((one): Out => {
    const launch = [
      ['profile', value('demo')],
      ['command', words(program)],
    ] as const;
    return one.kind === 'map' ? { ...one, entries: [...one.entries, ...launch] } : one;
  });
  return { kind: 'list', items };
}

/** What checks are called, where only their command says so. */
function named(plan: Plan, gate: string): (at: number, owner: TreeMap) => readonly (readonly [string, Out])[] {
  return (at, owner) => {
    const text = plan.gates.find(({ id }) => id === gate)?.checks[at]?.text ?? '';
    const has = owner.entries.some(({ key }) => key === 'text' || key === 'threshold' || key === 'person');
    return has || text === '' ? [] : [['text', value(text)]];
  };
}

/** The map, or every map of the list, with its values changed; anything else as it is. */
function each(
  tree: Tree,
  change: Change,
  plain: (tree: Tree) => Out,
  more: (at: number, owner: TreeMap) => readonly (readonly [string, Out])[] = () => [],
): Out {
  const one = (of: Tree, at: number): Out => {
    if (of.kind !== 'map') return plain(of);
    const entries = filled(of).flatMap((entry): (readonly [string, Out])[] => {
      const out = change(entry, of, at);
      return out === null ? [] : [[entry.key, out]];
    });
    return { kind: 'map', entries: [...entries, ...more(at, of)] };
  };
  return tree.kind === 'list' ? { kind: 'list', items: tree.items.map(one) } : one(tree, 0);
}

function copy(tree: Tree, texts: ReadonlyMap<string, string>): Out {
  switch (tree.kind) {
    case 'map': {
      const file = tree.entries.find(({ key }) => key === 'file')?.value;
      const text = file?.kind === 'text' && tree.entries.length === 1 ? texts.get(file.value) : undefined;
      if (text !== undefined) return raw(text);
      return { kind: 'map', entries: filled(tree).map(({ key, value: of }) => [key, copy(of, texts)]) };
    }
    case 'list':
      return { kind: 'list', items: tree.items.filter(isSome).map((one) => copy(one, texts)) };
    case 'text':
      return raw(tree.value);
    case 'number':
      // 007 and 1.0 stay as they were written.
      return raw(String(tree.value) === tree.source ? tree.value : tree.source);
    case 'flag':
      return raw(tree.value);
    case 'nothing':
      return raw('');
  }
}

/** A key without a value is as good as none. */
function filled(owner: TreeMap): readonly TreeEntry[] {
  return owner.entries.filter(({ value: of }) => isSome(of));
}

function isSome(tree: Tree): boolean {
  return tree.kind !== 'nothing';
}

function raw(of: string | number | boolean): Out {
  return { kind: 'value', value: of, from: null };
}

function words(argv: readonly string[]): Out {
  return { kind: 'list', items: argv.map(raw) };
}

function idOf(owner: TreeMap): string {
  return textOf(owner, 'id');
}

function textOf(owner: TreeMap, name: string): string {
  const found = owner.entries.find(({ key }) => key === name)?.value;
  return found?.kind === 'text' ? found.value : found?.kind === 'number' ? found.source : '';
}
