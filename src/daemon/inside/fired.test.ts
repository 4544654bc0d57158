import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { firedOf, type HookFired } from './fired.ts';
import { answerOf } from './hook-answer.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'llmctl-hook-')));
mkdirSync(join(folder, 'real'));
symlinkSync('real', join(folder, 'link'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fired = (name: string, text: string, cwd = folder): HookFired => firedOf({ name, cwd, text: Buffer.from(text) });

const said = (tool: string, input: unknown, cwd = folder): string =>
  JSON.stringify({ session_id: 'x', cwd, hook_event_name: 'PreToolUse', tool_name: tool, tool_input: input });

const PATCH =
  '*** Begin Patch\n*** Update File: real/a.js\n@@\n-a\n+b\n*** Move to: b.js\n*** Add File: c.js\n+c\n*** End Patch';

describe('the files of a tool call', () => {
  it.each([
    ['Edit', { file_path: join(folder, 'real/a.js') }, ['real/a.js']],
    ['Write', { file_path: 'real/new/deeper.js' }, ['real/new/deeper.js']],
    ['MultiEdit', { file_path: join(folder, 'link/a.js') }, ['real/a.js']],
    ['NotebookEdit', { notebook_path: 'n.ipynb' }, ['n.ipynb']],
    ['write_file', { file_path: 'g.js' }, ['g.js']],
    ['apply_patch', { command: PATCH }, ['real/a.js', 'b.js', 'c.js']],
    ['Read', { file_path: 'a' }, []],
    ['toString', { file_path: 'a' }, []],
    ['Edit', { file_path: 7 }, []],
    ['Edit', null, []],
  ])('%s %j', (tool, input, files) => {
    expect(fired('pre-tool-use', said(tool, input)).files).toEqual(files.map((file) => join(folder, file)));
  });

  it('are in the folder of the hook where its CLI tells no other', () => {
    const text = JSON.stringify({ tool_name: 'Edit', tool_input: { file_path: 'real/a.js' } });
    expect(fired('PreToolUse', text, folder).files).toEqual([join(folder, 'real/a.js')]);
  });
});

describe('what a hook is given', () => {
  it.each([
    ['pre-tool-use', 'PreToolUse'],
    ['PreToolUse', 'PreToolUse'],
    ['BeforeTool', 'BeforeTool'],
    ['', 'PreToolUse'],
  ])('under the name %j is %s', (name, called) => {
    expect(fired(name, said('Read', {})).name).toBe(called);
  });

  it('is cut where it is long, and no JSON is told as such', () => {
    const { said: fields } = fired('Stop', JSON.stringify({ text: 'x'.repeat(100_000), deep: [[[[[[[1]]]]]]] }));
    expect(JSON.stringify(fields).length).toBeLessThan(9_000);
    expect(fired('Stop', '{"a": 1,}')).toEqual({
      name: 'Stop',
      said: null,
      wrong: expect.stringContaining('line 1 column 9'),
      files: [],
    });
    expect(fired('Stop', '[1]')).toMatchObject({ said: null, wrong: 'it is no object' });
    expect(fired('Stop', ' \n')).toMatchObject({ said: null, wrong: 'it is empty' });
  });

  it('never throws', () => {
    expect(() => fc.assert(fc.property(fc.json(), (text) => void fired('pre-tool-use', text)))).not.toThrow();
    fc.assert(
      fc.property(fc.string(), fc.string(), (path, cwd) => {
        fired('pre-tool-use', JSON.stringify({ cwd, tool_name: 'Edit', tool_input: { file_path: path } }));
      }),
    );
  });
});

describe('what a hook answers', () => {
  const no = { verdict: 'deny', reason: 'held by ana' } as const;
  const fired = (name: string) => ({ name, said: {}, wrong: '', files: [] });

  it('is in the words of its CLI', () => {
    expect(JSON.parse(answerOf(fired('PreToolUse'), no))).toEqual({
      hookSpecificOutput: {
        hookEventName: 'PreToolUse',
        permissionDecision: 'deny',
        permissionDecisionReason: 'llmctl: held by ana',
      },
    });
    expect(JSON.parse(answerOf(fired('BeforeTool'), no))).toEqual({ decision: 'deny', reason: 'llmctl: held by ana' });
    const decision = { behavior: 'deny', message: 'llmctl: held by ana' };
    expect(JSON.parse(answerOf(fired('PermissionRequest'), no))).toMatchObject({ hookSpecificOutput: { decision } });
  });

  it('is a yes only where the CLI asked for one', () => {
    const yes = { verdict: 'allow', reason: '' } as const;
    expect(answerOf(fired('PreToolUse'), yes)).toBe('');
    expect(answerOf(fired('Stop'), yes)).toBe('');
    expect(answerOf(fired('PermissionRequest'), yes)).toContain('"behavior":"allow"');
    expect(answerOf(fired('PermissionRequest'), { verdict: null, reason: '' })).toBe('');
  });
});
