import { describe, expect, it } from 'vitest';
import type { UsageReader } from './profile.ts';
import { eventUsage, figuresOf } from './usage.ts';

const READER: UsageReader = {
  from: 'api',
  on: 'used',
  where: {},
  each: null,
  tokens: [],
  costUsd: null,
  contextUsed: null,
  context: [],
  window: null,
  model: null,
};
const BODY = { n: { in: 30, out: 12 }, size: 200, cost: 0.5, who: 'm-1', id: 'x', full: 7.5, text: '9' };

describe('a reader of what is used', () => {
  it('adds fields up, and leaves out what is no number', () => {
    const reader = { ...READER, tokens: ['n.in', 'n.out', 'n.none', 'text'], costUsd: 'cost', model: 'who' };
    expect(figuresOf(reader, BODY)).toEqual({ key: null, tokens: 42, costUsd: 0.5, contextUsed: null, model: 'm-1' });
  });

  it.each([
    ['size', 15],
    ['300', 10],
    ['none', null],
    ['text', null],
  ])('knows how full a window of %s is', (window, contextUsed) => {
    const reader = { ...READER, tokens: ['n.in'], context: ['n.in'], window };
    expect(figuresOf(reader, BODY)?.contextUsed).toBe(contextUsed);
  });

  it('says nothing of another document, of one without figures, or of one that has no name', () => {
    const reader = { ...READER, tokens: ['n.in'] };
    expect(figuresOf({ ...reader, where: { who: '^m-2$' } }, BODY)).toBeNull();
    expect(figuresOf({ ...READER, model: 'who' }, BODY)).toBeNull();
    expect(figuresOf({ ...reader, each: 'name' }, BODY)).toBeNull();
    expect(figuresOf({ ...reader, each: 'id' }, BODY)).toMatchObject({ key: 'x', tokens: 30 });
    expect(figuresOf(reader, null)).toBeNull();
  });

  it('is of one hook or event', () => {
    const readers = [{ ...READER, contextUsed: 'full' }];
    expect(eventUsage(readers, 'api', 'used', BODY)).toMatchObject({ contextUsed: 7.5, tokens: null });
    expect(eventUsage(readers, 'api', 'other', BODY)).toBeNull();
    expect(eventUsage(readers, 'hook', 'used', BODY)).toBeNull();
  });
});
