import { describe, expect, it } from 'vitest';
import type { Panes } from './panes.ts';
import { applyViews, type Viewer } from './views.ts';

class FakePanes {
  readonly sizes = new Map<number, string>();
  readonly modes = new Map<number, string>();

  all() {
    return [{ pane: 1 }, { pane: 2 }];
  }

  resize(pane: number, cols: number, rows: number): void {
    this.sizes.set(pane, `${cols}×${rows}`);
  }

  show(pane: number, mode: string): void {
    this.modes.set(pane, mode);
  }
}

function viewer(cols: number, rows: number, activeAt: number, more: Partial<Viewer> = {}): Viewer {
  return { readOnly: false, panes: new Map([[1, { pane: 1, cols, rows }]]), focus: null, activeAt, ...more };
}

function apply(...viewers: Viewer[]): FakePanes {
  const panes = new FakePanes();
  applyViews(panes as unknown as Panes, viewers);
  return panes;
}

describe('applyViews', () => {
  it('gives a pane the size of the client that was active last, of those that may type', () => {
    expect(apply(viewer(100, 30, 5), viewer(200, 60, 9)).sizes.get(1)).toBe('200×60');
    expect(apply(viewer(200, 60, 9), viewer(100, 30, 10)).sizes.get(1)).toBe('100×30');
    expect(apply(viewer(100, 30, 5), viewer(50, 10, 9, { readOnly: true })).sizes.get(1)).toBe('100×30');
  });

  it('leaves alone what nobody shows, or only those who look', () => {
    expect(apply(viewer(50, 10, 1, { readOnly: true })).sizes.size).toBe(0);
    expect(apply(viewer(50, 10, 1)).sizes.has(2)).toBe(false);
  });

  it('gives a folded pane no say in the size', () => {
    expect(apply(viewer(100, 30, 1), viewer(0, 0, 9)).sizes.get(1)).toBe('100×30');
    expect(apply(viewer(0, 0, 9)).sizes.size).toBe(0);
  });

  it('watches as closely as the closest looker', () => {
    const modes = apply(viewer(50, 10, 1), viewer(50, 10, 2, { focus: 1, readOnly: true })).modes;
    expect(modes).toEqual(
      new Map([
        [1, 'focus'],
        [2, 'none'],
      ]),
    );
    expect(apply(viewer(50, 10, 1)).modes.get(1)).toBe('background');
  });

  it('clamps sizes to what a frame of rows can carry', () => {
    expect(apply(viewer(100_000, 100_000, 1)).sizes.get(1)).toBe('600×300');
  });
});
