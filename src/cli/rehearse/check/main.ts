/**
 * Stands in for a plan's commands: `rehearse-check.js build|setup|task|gate [--id ID] [--seed N] [--at I] [--good X] [--bad Y]`, in a
 * tree of the rehearsal. What it says follows from the tree and the seed alone: the same tree gives the same answer.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { againLine, BROKEN, shortLine } from '../../../core/rehearse/files.ts';
import { gateFails } from '../../../core/rehearse/gate-fails.ts';

interface Found {
  readonly path: string;
  /** Counts from 1. */
  readonly line: number;
  readonly text: string;
}

/** The first line that `is` it, in files in the order of their names. */
function find(is: (line: string) => boolean, folder = '.'): Found | null {
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name === '.git' || entry.name === '.llmctl') continue;
    const path = join(folder, entry.name);
    const found = entry.isDirectory() ? find(is, path) : entry.isFile() ? findIn(is, path) : null;
    if (found) return found;
  }
  return null;
}

function findIn(is: (line: string) => boolean, path: string): Found | null {
  const lines = readFileSync(path, 'utf8').split('\n');
  const at = lines.findIndex(is);
  return at < 0 ? null : { path, line: at + 1, text: lines[at]! };
}

function fail(reason: string): void {
  process.stdout.write(`${reason}\n`);
  process.exitCode = 1;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    id: { type: 'string', default: '' },
    seed: { type: 'string' },
    at: { type: 'string', default: '0' },
    good: { type: 'string' },
    bad: { type: 'string' },
  },
});
const { id, good, bad } = values;
const seed = values.seed === undefined ? null : Number(values.seed);

/** What must be so before anything else is looked at. */
const broken = find((line) => BROKEN.test(line));
switch (positionals[0]) {
  case 'build':
    if (broken) fail(`${broken.path}:${broken.line}:1: error: ${BROKEN.exec(broken.text)![1]} breaks the build`);
    break;
  case 'task': {
    const short = find((line) => line === shortLine(id));
    if (short) fail(`${short.path}:${short.line}:1: error: task ${id} falls short`);
    break;
  }
  case 'gate': {
    const bound = gateFails(seed, id, Number(values.at)) && find((line) => line === againLine(id)) === null;
    if (bound && bad === undefined) fail(`error: gate ${id} does not hold`);
    else if (good !== undefined || bad !== undefined) process.stdout.write(`${bound ? bad : (good ?? bad)}\n`);
    break;
  }
  default:
    break;
}
