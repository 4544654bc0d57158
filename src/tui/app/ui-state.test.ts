import { describe, expect, it } from 'vitest';
import { openPopup } from './popup.ts';
import { type ScrollBounds, lastTop, selectionOf } from './scroll.ts';
import { type UiAction, type UiState, initialUi, reduceUi } from './ui-state.ts';

const run = (...actions: readonly UiAction[]): UiState => actions.reduce(reduceUi, initialUi(80, 24));
/** 100 lines gone by, a screen of 24 rows of which 10 are seen. */
const bounds: ScrollBounds = { oldest: 0, base: 100, rows: 24, cols: 80, view: 10 };
const enter: UiAction = { type: 'scroll.enter', agent: 'ada', pane: 1, top: lastTop(bounds) };

describe('modes', () => {
  it('entering a pane closes what lies over it and leaves the scrollback', () => {
    const ui = run(enter, { type: 'popup', popup: openPopup('help') }, { type: 'mode', mode: 'pane' });
    expect(ui).toMatchObject({ mode: 'pane', popup: null, scroll: null });
  });

  it('another focus leaves the scrollback, the same one keeps it', () => {
    expect(run(enter, { type: 'focus', agent: 'bob' }).scroll).toBeNull();
    expect(run(enter, { type: 'focus', agent: 'ada' }).scroll).not.toBeNull();
  });

  it('layouts go round', () => {
    const next: UiAction = { type: 'layout', step: 1 };
    expect(run(next).layout).toBe('main-stack');
    expect(run(next, next).layout).toBe('list-one');
    expect(run(next, next, next).layout).toBe('grid');
    expect(run({ type: 'layout', step: -1 }).layout).toBe('list-one');
  });

  it('a message goes by its own number only', () => {
    const first = run({ type: 'toast', level: 'info', text: 'a' });
    const second = reduceUi(first, { type: 'toast', level: 'info', text: 'a' });
    expect(reduceUi(second, { type: 'toast.over', number: first.toast!.number }).toast).not.toBeNull();
    expect(reduceUi(second, { type: 'toast.over', number: second.toast!.number }).toast).toBeNull();
  });
});

describe('popups', () => {
  it('lists stay within what they have', () => {
    const down: UiAction = { type: 'popup.move', by: 50, count: 3, view: 10 };
    const up: UiAction = { type: 'popup.move', by: -50, count: 3, view: 10 };
    expect(run({ type: 'popup', popup: openPopup('alerts') }, down).popup).toMatchObject({ index: 2 });
    expect(run({ type: 'popup', popup: openPopup('alerts') }, down, up).popup).toMatchObject({ index: 0 });
    expect(run({ type: 'popup', popup: openPopup('help') }, down).popup).toMatchObject({ top: 0 });
    expect(run({ type: 'popup', popup: openPopup('help') }, { ...down, count: 30 }).popup).toMatchObject({ top: 20 });
    expect(run({ type: 'popup', popup: openPopup('alerts') }, { ...down, count: 0 }).popup).toMatchObject({ index: 0 });
  });

  it('typing goes to the field, and marks the best answer', () => {
    const ui = run(
      { type: 'popup', popup: openPopup('palette') },
      { type: 'popup.move', by: 3, count: 9, view: 9 },
      { type: 'field.insert', text: 'pau' },
    );
    expect(ui.popup).toMatchObject({ index: 0, field: { text: 'pau', cursor: 3 } });
  });

  it('what is sent is remembered once, newest first', () => {
    const ui = run({ type: 'sent', text: 'a' }, { type: 'sent', text: 'b' }, { type: 'sent', text: 'a' });
    expect(ui.sent).toEqual(['a', 'b']);
  });
});

describe('scrollback', () => {
  it('starts at the live end and stops at both', () => {
    expect(run(enter).scroll!.top).toBe(114);
    expect(run(enter, { type: 'scroll.by', lines: -1000, bounds }).scroll!.top).toBe(0);
    expect(run(enter, { type: 'scroll.by', lines: 1000, bounds }).scroll!.top).toBe(lastTop(bounds));
  });

  it('begins at the screen itself where that is smaller than its pane', () => {
    expect(lastTop({ ...bounds, rows: 6 })).toBe(100);
  });

  it('stands still while the program prints on', () => {
    const ui = run(enter, { type: 'scroll.by', lines: -20, bounds });
    const later = { ...bounds, base: 140 };
    expect(reduceUi(ui, { type: 'scroll.by', lines: 0, bounds: later }).scroll!.top).toBe(94);
  });

  it('goes on from the oldest line when those before are dropped', () => {
    const ui = run(enter, { type: 'scroll.by', lines: -1000, bounds });
    expect(reduceUi(ui, { type: 'scroll.by', lines: 0, bounds: { ...bounds, oldest: 30 } }).scroll!.top).toBe(30);
  });

  it('selects from the anchor to the caret, in reading order', () => {
    const start: UiAction = { type: 'select.start', bounds, at: { line: 120, column: 5 } };
    const up: UiAction = { type: 'select.move', move: 'up', bounds };
    expect(selectionOf(run(enter, start, up).scroll!)).toEqual({
      from: { line: 119, column: 5 },
      to: { line: 120, column: 5 },
    });
    const lines = run(enter, start, up, { type: 'select.linewise' });
    expect(selectionOf(lines.scroll!)).toMatchObject({ from: { line: 119, column: 0 }, to: { line: 120 } });
    expect(selectionOf(run(enter, start, up, { type: 'select.anchor' }).scroll!)?.from).toEqual({
      line: 119,
      column: 5,
    });
    expect(run(enter, start, up, { type: 'select.swap' }).scroll!.caret).toEqual({ line: 120, column: 5 });
    expect(selectionOf(run(enter, start, { type: 'select.end' }).scroll!)).toBeNull();
  });

  it('takes the view along with the caret', () => {
    const start: UiAction = { type: 'select.start', bounds, at: null };
    const top = run(enter, start, { type: 'select.move', move: 'top', bounds }).scroll!;
    expect(top).toMatchObject({ top: 0, caret: { line: 0 } });
    expect(run(enter, start, { type: 'select.move', move: 'bottom', bounds }).scroll!.caret!.line).toBe(123);
  });

  it('finds upwards from what is in view, then round', () => {
    const matches = [10, 50, 118].map((line) => ({ line, column: 0, length: 3 }));
    const found = run(
      enter,
      { type: 'scroll.by', lines: -40, bounds },
      { type: 'search.found', query: 'x', matches, bounds },
    );
    expect(found.scroll).toMatchObject({ current: 1, top: 45 });
    const step = (ui: UiState, by: -1 | 1) => reduceUi(ui, { type: 'search.step', step: by, bounds });
    expect(step(found, -1).scroll).toMatchObject({ current: 0, top: 5 });
    expect(step(step(found, -1), -1).scroll).toMatchObject({ current: 2, top: 113 });
    expect(step(found, 1).scroll!.current).toBe(2);
  });

  it('ignores what is meant for a scrollback that nobody is in', () => {
    const ui = initialUi(80, 24);
    expect(reduceUi(ui, { type: 'scroll.by', lines: 1, bounds })).toBe(ui);
  });
});
