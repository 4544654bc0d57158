import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { editOf } from './edited.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'llmctl-hook-')));
mkdirSync(join(folder, 'real'));
symlinkSync('real', join(folder, 'link'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const said = (tool: string, input: unknown, cwd = folder): string =>
  JSON.stringify({ session_id: 'x', cwd, hook_event_name: 'PreToolUse', tool_name: tool, tool_input: input });

describe('the file of a tool call', () => {
  it.each([
    ['pre-tool-use', said('Edit', { file_path: join(folder, 'real/a.js') }), 'before', 'real/a.js'],
    ['PreToolUse', said('Write', { file_path: 'real/new/deeper.js' }), 'before', 'real/new/deeper.js'],
    ['post-tool-use', said('MultiEdit', { file_path: join(folder, 'link/a.js') }), 'after', 'real/a.js'],
    ['PostToolUse', said('NotebookEdit', { notebook_path: 'n.ipynb' }), 'after', 'n.ipynb'],
  ] as const)('%s %s', (name, text, event, path) => {
    expect(editOf(name, text)).toEqual({ event, file: join(folder, path) });
  });

  it.each([
    ['stop', said('Edit', { file_path: 'a' })],
    ['constructor', said('Edit', { file_path: 'a' })],
    ['pre-tool-use', said('Read', { file_path: 'a' })],
    ['pre-tool-use', said('toString', { file_path: 'a' })],
    ['pre-tool-use', said('Edit', { file_path: 7 })],
    ['pre-tool-use', said('Edit', null)],
    ['pre-tool-use', 'no json'],
    ['pre-tool-use', ''],
  ])('%s %s is about none', (name, text) => {
    expect(editOf(name, text)).toBeNull();
  });

  it('never throws', () => {
    expect(() => fc.assert(fc.property(fc.json(), (text) => void editOf('pre-tool-use', text)))).not.toThrow();
    fc.assert(
      fc.property(fc.string(), fc.string(), (path, cwd) => {
        editOf('pre-tool-use', JSON.stringify({ cwd, tool_name: 'Edit', tool_input: { file_path: path } }));
      }),
    );
  });
});
