import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordCrash } from './crash.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'llmctl-crash-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a control room that broke', () => {
  it('leaves one line for the person and the stack in a file of theirs alone', () => {
    const file = join(folder, 'logs', 'tui.log');
    const line = recordCrash(new Error('no such\n\x1b[31mrow'), file);
    expect(line).toBe(`llmctl: the screen failed: no such ␛[31mrow (details in ${file})`);
    recordCrash('a string', file);
    const story = readFileSync(file, 'utf8');
    expect(story).toContain('crash.test.ts');
    expect(story).toContain('a string');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('points to no file where none can be written', () => {
    writeFileSync(join(folder, 'logs'), '');
    expect(recordCrash(new Error('x'), join(folder, 'logs', 'tui.log'))).toBe('llmctl: the screen failed: x');
  });
});
