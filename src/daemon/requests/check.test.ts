import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkMessage } from './check.ts';

describe('checkMessage', () => {
  it('lets through what is as it should be', () => {
    const messages = [
      { id: 1, method: 'hello', version: 1, kind: 'tui', readOnly: false, user: 'ana' },
      { id: 2, method: 'command', command: { type: 'agent.send', agent: 'a', text: 'x', enter: true } },
      { id: 3, method: 'add', agent: { id: 'a', command: ['bash'], start: true } },
      { id: 4, method: 'view', panes: [{ pane: 1, cols: 80, rows: 24 }], focus: null, active: true },
      { id: 5, method: 'output', agent: 'a', lines: null, screen: false, ansi: false },
      { id: 6, method: 'down' },
    ];
    for (const message of messages) expect(checkMessage(message)).toBe(message);
  });

  it.each([
    [{ id: 1, method: 'constructor' }],
    [{ id: 1, method: '__proto__' }],
    [{ id: 1, method: 'command', command: { type: 'pty.exited', agent: 'a' } }],
    [{ id: 1, method: 'command', command: { type: 'agent.keys', agent: 'a', keys: 'Enter' } }],
    [{ id: 1, method: 'command', command: { type: 'toString' } }],
    [{ id: 1, method: 'view', panes: [{ pane: 1, cols: -1, rows: 24 }], focus: null, active: true }],
    [{ id: 1, method: 'view', panes: [{ pane: 1, cols: 1e9, rows: Number.NaN }], focus: null, active: true }],
    [{ id: 1, method: 'log', since: 'x', agent: null, limit: 1 }],
    [{ id: 1, method: 'add', agent: { id: 'a', command: [1], start: true } }],
  ])('says what is wrong with %j', (message) => {
    expect(checkMessage(message)).toMatchObject({ id: 1, wrong: expect.any(String) });
  });

  it('has no answer for what is no message', () => {
    for (const value of [null, 1, 'x', [], {}, { id: 'x' }, { id: -1, method: 'down' }, { id: 1.5 }]) {
      expect(checkMessage(value)).toBeNull();
    }
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void checkMessage(value)));
    expect(() =>
      checkMessage(JSON.parse('{"id":1,"method":"command","command":{"__proto__":{"type":"todo.add"}}}')),
    ).not.toThrow();
  });
});
