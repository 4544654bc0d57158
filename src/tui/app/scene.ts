import { taskInHand } from '../../core/select/in-hand.ts';
import { showControls } from '../../core/text.ts';
import type { RoomLayout } from '../layout/room.ts';
import type { LiveField, Rect } from '../paint/api.ts';
import { coordinatorLines } from '../panels/coordinator.ts';
import { statusLine } from '../panels/status-line.ts';
import type { FrameKind } from '../panes/frame.ts';
import { type PaneNote, type PaneScene, paneScene } from '../panes/pane-scene.ts';
import { type Look, span } from '../presentation/look.ts';
import { mergingWords } from '../presentation/overlap.ts';
import type { PopupScene } from '../screens/popup-box.ts';
import { pastBanner, pastPane } from '../screens/past.ts';
import { popupScene } from '../screens/popup-scene.ts';
import { emptyRoom, moreLine, tooSmallLines } from '../screens/placeholders.ts';
import { type Line, fitLine, liveFields } from '../widgets/line.ts';
import { type Room, focusedId, layoutOf } from './room.ts';
import { type ScrollBounds, lastTop } from './scroll.ts';

/** Lines at a place: drawn as they are, one row each. */
export interface Block {
  readonly id: string;
  readonly rect: Rect;
  readonly lines: readonly Line[];
}

/** Everything that one frame shows, placed to the cell; the cells of the panes apart. */
export interface Scene {
  readonly layout: RoomLayout;
  readonly panes: readonly PaneScene[];
  readonly blocks: readonly Block[];
  readonly popup: PopupScene | null;
  /** A row over everything while the connection is down. */
  readonly banner: Block | null;
  readonly covers: readonly Rect[];
  readonly fields: readonly LiveField[];
  readonly cursor: { readonly x: number; readonly y: number } | null;
}

/** What the scene needs to know of a pane's screen: its size and place in the scrollback. */
export type BoundsOf = (pane: number, view: Rect) => ScrollBounds | null;

export function buildScene(room: Room, look: Look, boundsOf: BoundsOf): Scene {
  const layout = layoutOf(room);
  const screen = { x: 0, y: 0, width: room.ui.cols, height: room.ui.rows };
  if (layout.tooSmall) return onlyBlock({ id: 'too-small', rect: screen, lines: tooSmallLines(room, look) }, layout);
  const panes = layout.panes.flatMap((box) => {
    const agent = room.state.agents[room.state.order[box.index] ?? ''];
    return agent
      ? [paneScene(agent, box, noteOf(room, agent.spec.id, agent.pane, box.hole, look, boundsOf), look)]
      : [];
  });
  const popup = popupScene(room, look);
  const banner = bannerOf(room, look);
  const then = room.past ? pastBlocks(room, panes, look) : [];
  const covers = [popup?.rect, banner?.rect, ...then.map(({ rect }) => rect)].filter((rect) => rect !== undefined);
  const blocks = [...blocksOf(room, layout, look), ...then];
  return {
    layout,
    panes,
    blocks,
    popup,
    banner,
    covers,
    fields: fieldsOf(panes, blocks, popup, look),
    cursor: popup?.cursor ?? null,
  };
}

function onlyBlock(block: Block, layout: RoomLayout): Scene {
  return { layout, panes: [], blocks: [block], popup: null, banner: null, covers: [], fields: [], cursor: null };
}

function blocksOf(room: Room, layout: RoomLayout, look: Look): Block[] {
  const blocks: Block[] = [];
  const { panel, more, empty, status } = layout;
  if (empty) blocks.push({ id: 'empty', rect: empty, lines: emptyRoom(room, empty, look) });
  if (more) blocks.push({ id: 'more', rect: more, lines: [moreLine(layout, more.width, look)] });
  if (panel) blocks.push({ id: 'panel', rect: panel.rect, lines: coordinatorLines(room, panel, look) });
  blocks.push({ id: 'status', rect: status, lines: [statusLine(room, status.width, look)] });
  return blocks;
}

function noteOf(room: Room, agent: string, pane: number, hole: Rect, look: Look, boundsOf: BoundsOf): PaneNote {
  const { ui } = room;
  const focused = agent === focusedId(room);
  const scroll = ui.scroll?.agent === agent ? ui.scroll : null;
  const kind: FrameKind = !focused ? 'other' : ui.mode === 'pane' ? 'pane' : scroll ? 'scroll' : 'focus';
  const merging = mergingWords(room.state, agent);
  const task = taskInHand(room.state, agent);
  const bounds = boundsOf(pane, hole);
  if (!bounds) return { kind, end: [], merging, task };
  if (scroll) {
    const back = lastTop(bounds) - scroll.top;
    const words = `[-${back}/${lastTop(bounds) - bounds.oldest}]`;
    const { query, matches, current } = scroll;
    const found =
      query === '' ? [] : [span(look, ` /${showControls(query)} ${current + 1} of ${matches.length}`, 'warn')];
    return { kind, end: [span(look, words, 'accent'), ...found], merging, task };
  }
  const cut = bounds.cols > hole.width || bounds.rows > hole.height;
  return { kind, merging, task, end: cut ? [span(look, `part of ${bounds.cols}×${bounds.rows}`, 'faint')] : [] };
}

/** Panes show what is known of their agents then. */
function pastBlocks(room: Room, panes: readonly PaneScene[], look: Look): Block[] {
  const at = room.past?.entry?.at ?? look.now;
  return panes.flatMap(({ agent, hole }) => {
    const known = room.state.agents[agent];
    if (!known || hole.width <= 0 || hole.height <= 0) return [];
    return [{ id: `then ${agent}`, rect: hole, lines: pastPane(room, known, hole, at, look) }];
  });
}

function bannerOf({ connection, past, ui: { cols } }: Room, look: Look): Block | null {
  if (past && connection.state === 'live') {
    return { id: 'banner', rect: { x: 0, y: 0, width: cols, height: 1 }, lines: [pastBanner(past, cols, look)] };
  }
  if (connection.state === 'live' || connection.state === 'connecting') return null;
  const text =
    connection.state === 'lost'
      ? ` connection lost: ${showControls(connection.reason)} · trying again, the screens are as last seen `
      : ` the session ended: ${showControls(connection.reason)} `;
  const lines = [fitLine([span(look, text, 'banner')], cols, look.theme.paints.banner)];
  return { id: 'banner', rect: { x: 0, y: 0, width: cols, height: 1 }, lines };
}

/** Live texts by their places; the stage leaves out those under a cover that aren't part of it. */
function fieldsOf(
  panes: readonly PaneScene[],
  blocks: readonly Block[],
  popup: PopupScene | null,
  look: Look,
): LiveField[] {
  const { charset } = look;
  const rows = (lines: readonly Line[], rect: Rect) =>
    lines.flatMap((line, i) => liveFields(line, rect.x, rect.y + i, charset));
  return [
    ...panes.flatMap(({ title, box }) => liveFields(title, box.x, box.y, charset)),
    ...blocks.flatMap(({ lines, rect }) => rows(lines, rect)),
    ...(popup ? rows(popup.lines, popup.rect).map((field) => ({ ...field, inCover: true })) : []),
  ];
}
