/** Health commands of a plan: a string, or {run, timeout, on, in, thresholds}. */
import type { Tell } from '../model/health.ts';
import { parseDuration } from './duration.ts';
import { DEFAULT_HEALTH_TIMEOUT_MS } from './model.ts';
import type { HealthCommand, HealthMoment, PlanHealth } from './model.ts';
import { MapReader, readArgv, readText, shorten } from './reader.ts';
import { treeKindName } from './tree.ts';
import { thresholds } from './sections/failures.ts';
import type { ReadContext } from './shape/shape.ts';
import type { ProblemList, Tree, TreeEntry } from './tree.ts';

export const CHECK_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,31}$/;
const MOMENTS: readonly HealthMoment[] = ['land', 'change', 'schedule', 'hand'];
const PLACES = ['integration', 'agent', 'repository'] as const;
const TELL: readonly Tell[] = ['auto', 'ask', 'off'];
const MAX_TIMEOUT_MS = 24 * 3_600_000;

export function readHealth(plan: MapReader, context: ReadContext): PlanHealth[] {
  const health = plan.map('health', '"build: make" under it');
  if (!health) return [];
  const checks: PlanHealth[] = [];
  for (const entry of health.keys()) {
    const check = readCheck(entry, context);
    if (check) checks.push(check);
  }
  return checks;
}

function readCheck(entry: TreeEntry, context: ReadContext): PlanHealth | null {
  const { problems } = context;
  if (!CHECK_NAME.test(entry.key)) {
    const remedy = 'use letters, digits, - and _, a letter first, 32 at most, such as "build"';
    problems.error(entry.keyAt, `"${shorten(entry.key)}" can't name a health check; ${remedy}`);
    return null;
  }
  const what = `health check "${entry.key}"`;
  const tree = entry.value;
  if (tree.kind !== 'map') {
    const run = readCommand(tree, what, problems);
    return run && { name: entry.key, run, timeoutMs: DEFAULT_HEALTH_TIMEOUT_MS };
  }
  const reader = new MapReader(tree, what, problems);
  const command = reader.take('run');
  if (!command) problems.error(tree.at, `${what} has nothing to run; write "run: make" in it`);
  const run = command && readCommand(command, `"run" of ${what}`, problems);
  const timeoutMs = readTime(reader, 'timeout', problems) ?? DEFAULT_HEALTH_TIMEOUT_MS;
  const when = readWhen(reader, problems);
  const held = reader.take('thresholds');
  const figures = held && thresholds.read(held, `"thresholds" of ${what}`, context);
  const tell = readWord(reader, 'tell', TELL, problems);
  reader.finish(['cwd', 'env']);
  return (
    run && {
      name: entry.key,
      run,
      timeoutMs,
      ...when,
      ...(figures ? { thresholds: figures } : {}),
      ...(tell ? { tell } : {}),
    }
  );
}

function readCommand(tree: Tree, what: string, problems: ProblemList): HealthCommand | null {
  if (tree.kind === 'text') {
    const line = readText(tree, what, problems, { max: 10_000, line: false });
    return line === null ? null : { kind: 'shell', line };
  }
  if (tree.kind === 'list') {
    const argv = readArgv(tree, what, problems);
    return argv && { kind: 'argv', argv };
  }
  problems.error(tree.at, `${what} must be a command such as "npm test" or a list of words, not ${treeKindName(tree)}`);
  return null;
}

/** `on: [land, change]`, `quiet: 2s`, `every: 1h`, `in: integration`: only what is written there. */
function readWhen(reader: MapReader, problems: ProblemList): Pick<PlanHealth, 'on' | 'quietMs' | 'everyMs' | 'place'> {
  const on = readMoments(reader, problems);
  const quietMs = readTime(reader, 'quiet', problems);
  const everyMs = readTime(reader, 'every', problems);
  const inside = readWord(reader, 'in', PLACES, problems);
  // What is looked at after a landing is what it landed on.
  const place = inside ?? (on?.includes('land') ? 'integration' : 'repository');
  return {
    ...(on === null ? {} : { on }),
    ...(quietMs === null ? {} : { quietMs }),
    ...(everyMs === null ? {} : { everyMs }),
    ...(place === 'repository' ? {} : { place }),
  };
}

function readMoments(reader: MapReader, problems: ProblemList): HealthMoment[] | null {
  const tree = reader.take('on');
  if (!tree) return null;
  const items = tree.kind === 'list' ? tree.items : [tree];
  return items.flatMap((item) => {
    const moment = item.kind === 'text' ? MOMENTS.find((word) => word === item.value) : undefined;
    if (moment !== undefined) return [moment];
    const got = item.kind === 'text' ? `"${shorten(item.value)}"` : treeKindName(item);
    problems.error(item.at, `"on" of ${reader.what} can't be ${got}; write land, change, schedule or hand, or a list`);
    return [];
  });
}

function readWord<W extends string>(
  reader: MapReader,
  key: string,
  words: readonly W[],
  problems: ProblemList,
): W | null {
  const tree = reader.take(key);
  if (!tree) return null;
  // `off` is a flag in some dialects of YAML.
  const said = tree.kind === 'text' ? tree.value : tree.kind === 'flag' && !tree.value ? 'off' : '';
  const word = words.find((one) => one === said);
  if (word !== undefined) return word;
  const got = tree.kind === 'text' ? `"${shorten(tree.value)}"` : treeKindName(tree);
  const listed = `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
  problems.error(tree.at, `"${key}" of ${reader.what} can't be ${got}; write ${listed}`);
  return null;
}

function readTime(reader: MapReader, key: 'timeout' | 'quiet' | 'every', problems: ProblemList): number | null {
  const tree = reader.take(key);
  if (!tree) return null;
  const text = tree.kind === 'number' ? tree.source : tree.kind === 'text' ? tree.value : '';
  const ms = parseDuration(text);
  if (ms !== null && ms >= 1 && ms <= MAX_TIMEOUT_MS) return ms;
  const got = tree.kind === 'text' ? `"${shorten(tree.value)}"` : treeKindName(tree);
  problems.error(
    tree.at,
    `"${key}" of ${reader.what} can't be ${got}; write seconds or a time such as 90s, 5m, 1h (24h at most)`,
  );
  return null;
}
