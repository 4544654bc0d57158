import { afterEach, expect, it } from 'vitest';
import { WORDS_PER_CELL } from '../../core/cells.ts';
import { ClusterTable } from '../../core/clusters.ts';
import { FrameMerger } from '../paint/frame-merger.ts';
import { fakeAgent } from '../testing/fake-agent.ts';
import { FakeRoom } from '../testing/fake-room.ts';
import { show } from '../testing/show.tsx';
import { firstFrame } from './first-frame.ts';

let shown: ReturnType<typeof show> | undefined;
afterEach(() => shown?.close());

const NAMES = ['ada', 'bob', 'cleo', 'dan', 'eve', 'fay', 'gil'];

const room = (agents: number): FakeRoom =>
  new FakeRoom(
    NAMES.slice(0, agents).map((name, i) =>
      fakeAgent(name, i + 1, i === 1 ? { state: 'waiting', reason: '日本語 — may I? 👍' } : {}),
    ),
  );

it.each([
  { cols: 200, rows: 60, agents: 6, charset: 'unicode' },
  { cols: 120, rows: 40, agents: 2, charset: 'ascii' },
  { cols: 100, rows: 30, agents: 7, charset: 'unicode' },
  { cols: 80, rows: 24, agents: 4, charset: 'unicode' },
  { cols: 80, rows: 24, agents: 0, charset: 'unicode' },
  { cols: 30, rows: 8, agents: 2, charset: 'unicode' },
] as const)(
  "is Ink's frame to the cell: $agents agents at $cols×$rows, $charset",
  ({ cols, rows, agents, charset }) => {
    shown = show(room(agents), { cols, rows, charset });
    const { store } = shown;
    const scene = store.scene();
    const clusters = new ClusterTable();
    const cellsOf = (frame: string): Uint32Array => {
      const merger = new FrameMerger(clusters);
      merger.resize(cols, rows);
      merger.merge(frame);
      return merger.cells;
    };
    const first = cellsOf(firstFrame(scene, store.size(), store.ansi));
    const inks = cellsOf(shown.raw());
    // What is in the panes is the stage's business.
    const inHole = (x: number, y: number): boolean =>
      scene.panes.some(({ hole }) => x >= hole.x && x < hole.x + hole.width && y >= hole.y && y < hole.y + hole.height);
    const wrong: string[] = [];
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < cols; x++) {
        if (inHole(x, y)) continue;
        const at = (y * cols + x) * WORDS_PER_CELL;
        const [a, b] = [first, inks].map((cells) => cells.slice(at, at + WORDS_PER_CELL).join(' '));
        if (a !== b) wrong.push(`${x},${y}: ${a} for ${b}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(first.some((word) => (word & 0x1fffff) > 32)).toBe(true);
  },
);
