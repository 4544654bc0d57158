/** The demo's story must hold together: every edit finds its place, whoever works first. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import stringWidth from 'string-width';
import { NEAR_LINES } from '../../adapters/git/hunks.ts';
import { parsePlan } from '../../adapters/planfile/load.ts';
import { KeyReader } from './agent/keys.ts';
import { Screen } from './agent/screen.ts';
import type { Script, Step } from './agent/script.ts';
import { difference } from './agent/tools.ts';
import { wrap } from './agent/wrap.ts';
import { demoPlan } from './plan.ts';
import { ABACUS } from './project/abacus.ts';
import { SCRIPTS } from './scripts/all.ts';

function flat(steps: readonly Step[], answer: 'yes' | 'no'): Step[] {
  return steps.flatMap((step) => (step.do === 'ask' ? flat(step[answer], answer) : [step]));
}

const fresh = () => new Map(ABACUS.flatMap(({ files }) => files.map(({ path, text }) => [path, text] as const)));

/** Plays the edits of scripts, one step of each in turn or one script after the other. */
function play(
  scripts: readonly Script[],
  turns: 'in turn' | 'one by one',
  answer: 'yes' | 'no',
  files = fresh(),
): string[] {
  const missing: string[] = [];
  const lists = scripts.map(({ steps }) => flat(steps, answer));
  const longest = Math.max(...lists.map(({ length }) => length));
  const order =
    turns === 'one by one'
      ? lists.flat()
      : Array.from({ length: longest }, (_, i) => lists.map((list) => list[i])).flat();
  for (const step of order) {
    if (step?.do === 'write') files.set(step.path, step.text);
    if (step?.do !== 'edit') continue;
    const text = files.get(step.path) ?? '';
    if (text.split(step.find).length !== 2) missing.push(`${step.path}: ${step.find}`);
    files.set(
      step.path,
      text.replace(step.find, () => step.put),
    );
  }
  return missing;
}

function mergeTexts(base: string, mine: string, theirs: string): { conflicts: number | null; text: string } {
  const folder = mkdtempSync(join(tmpdir(), 'llmctl-demo-test-'));
  try {
    const files = { mine, base, theirs };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const { status, stdout } = spawnSync('git', ['merge-file', '-p', ...Object.keys(files)], {
      cwd: folder,
      encoding: 'utf8',
    });
    return { conflicts: status, text: stdout };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the scripts', () => {
  it.each([
    ['in turn', 'yes', SCRIPTS],
    ['one by one', 'no', SCRIPTS],
    ['one by one', 'yes', SCRIPTS.toReversed()],
    ...SCRIPTS.map((script) => ['one by one', 'yes', [script]] as const),
  ] as const)(
    'find every place they edit exactly once, whatever was merged before: %s, %s',
    (turns, answer, scripts) => {
      expect(play(scripts, turns, answer)).toEqual([]);
    },
  );

  it('let two meet in the same lines with changes that fit together, at every moment of their day', () => {
    const [ben, cleo] = ['ben', 'cleo'].map((id) => SCRIPTS.find((script) => script.id === id)!);
    const path = 'src/evaluate.js';
    const base = fresh().get(path)!;
    const firstOf = (script: Script, count: number): string => {
      const files = fresh();
      const edits = flat(script.steps, 'yes').filter((step) => step.do === 'edit' && step.path === path);
      play([{ ...script, steps: edits.slice(0, count) }], 'one by one', 'yes', files);
      return files.get(path)!;
    };
    for (const [mine, theirs] of [
      [1, 1],
      [1, 3],
      [4, 1],
      [4, 3],
    ] as const) {
      const merged = mergeTexts(base, firstOf(ben!, mine), firstOf(cleo!, theirs));
      expect(merged).toMatchObject({ conflicts: 0 });
      expect(merged.text).toContain('tau: 2 * Math.PI');
      expect(merged.text).toContain('sqrt: { takes: 1, apply: root }');
    }
    const lines = base.split('\n');
    const near =
      lines.indexOf('export function calculate(source, scope = constants) {') -
      lines.findIndex((line) => line.includes('const constants'));
    // As close as llmctl takes for the same region.
    expect(near).toBeLessThanOrEqual(NEAR_LINES);
  });

  it('have what the first minute shows: one asks, one gets stuck, two meet in one file', () => {
    const kinds = (kind: Step['do']) => SCRIPTS.filter(({ steps }) => steps.some((step) => step.do === kind)).length;
    const touching = SCRIPTS.filter(({ steps }) =>
      steps.some((step) => step.do === 'edit' && step.path === 'src/evaluate.js'),
    );
    expect([kinds('ask'), kinds('stall'), touching.length]).toEqual([1, 1, 2]);
    for (const { steps } of SCRIPTS)
      expect(steps.findLast((step) => step.do === 'progress')).toMatchObject({ percent: 100 });
  });

  it('stand in a plan without a problem', () => {
    expect(parsePlan(demoPlan(2), 'llmctl.yaml')).toMatchObject({ ok: true, plan: { name: 'abacus' }, warnings: [] });
  });
});

describe('keys', () => {
  const read = (...chunks: string[]) => {
    const reader = new KeyReader();
    return chunks.flatMap((chunk) => reader.read(Buffer.from(chunk, 'latin1')));
  };
  it('tells text, pastes and controls apart', () => {
    expect(read('hi\r')).toEqual([{ key: 'text', text: 'hi', pasted: false }, { key: 'enter' }]);
    expect(read('\u001B[200~a\rb\u001B[201~\r')).toEqual([
      { key: 'text', text: 'a\nb', pasted: true },
      { key: 'enter' },
    ]);
    expect(read('\u001B[200~be', 'gun\u001B[201~')).toEqual([{ key: 'text', text: 'begun', pasted: true }]);
    expect(read('\u0003\u001B\u001B[A')).toEqual([{ key: 'interrupt' }, { key: 'escape' }, { key: 'up' }]);
  });
  it('puts a character together that came in two reads', () => {
    expect(read('\u00C3', '\u00A9')).toEqual([{ key: 'text', text: 'é', pasted: false }]);
  });
});

describe('lines', () => {
  it.each([1, 2, 7, 20, 200])('break so that no row is wider than %i', (cols) => {
    const line = { text: '● \u001B[1mThe 日本 parser\u001B[22m climbs by-a-very-long-word-indeed 🚀 up', indent: 4 };
    const rows = wrap(line, cols);
    for (const row of rows) expect(stringWidth(row)).toBeLessThanOrEqual(Math.max(2, cols));
    const plain = rows.join('').replace(/\u001B\[[0-9;]*m|\s/g, '');
    expect(plain).toBe('●The日本parserclimbsby-a-very-long-word-indeed🚀up');
  });

  it('fill a diff line up to the edge', () => {
    expect(wrap({ text: '+ x', fill: '\u001B[42m' }, 6)).toEqual(['\u001B[42m+ x   \u001B[0m']);
  });

  it('differ in one stretch', () => {
    expect(difference(['a', 'b', 'c', 'd', 'e'], ['a', 'b', 'X', 'd', 'e'])).toEqual({
      at: 1,
      before: ['a', 'b'],
      removed: ['c'],
      added: ['X'],
      after: ['d', 'e'],
    });
  });
});

describe('the screen', () => {
  it('draws the live part over itself', () => {
    let out = '';
    const screen = new Screen({ write: (text) => void (out += text), size: () => ({ cols: 20, rows: 10 }) });
    screen.live({ lines: [{ text: 'one' }, { text: '> ' }], cursor: { line: 1, column: 2 } });
    out = '';
    screen.print([{ text: 'done' }]);
    expect(out).toContain('\u001B[1A\r\u001B[0m\u001B[Jdone\r\none\r\n> ');
  });
});
