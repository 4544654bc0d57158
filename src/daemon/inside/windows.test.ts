import { describe, expect, it } from 'vitest';
import { fillOf, windowsOf } from './windows.ts';

describe('the context of opencode', () => {
  it('has the window that its provider gives a model', () => {
    const model = { limit: { context: 200_000, output: 8192 } };
    const listed = { providers: [{ id: 'a', models: { m: model, n: { limit: {} } } }, { id: 'b', models: null }, 7] };
    expect([...windowsOf(listed)]).toEqual([['a/m', 200_000]]);
    expect([...windowsOf(null)]).toEqual([]);
  });

  it('is filled by all of the last answer', () => {
    const tokens = { input: 30, output: 5, reasoning: 1, cache: { read: 20, write: 0 } };
    const message = { role: 'assistant', providerID: 'a', modelID: 'm', tokens };
    expect(fillOf(message)).toEqual({ model: 'a/m', tokens: 56 });
    expect(fillOf({ ...message, role: 'user' })).toBeNull();
    expect(fillOf({ ...message, tokens: { input: 0, output: 0 } })).toBeNull();
    expect(fillOf({})).toBeNull();
  });
});
