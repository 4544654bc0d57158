import type { Agent } from '../../core/model/agent.ts';
import type { PaneBox } from '../layout/boxes.ts';
import type { Rect } from '../paint/api.ts';
import { type AgentView, agentView } from '../presentation/agent.ts';
import { type Look, paintOf, span } from '../presentation/look.ts';
import { clock } from '../presentation/time.ts';
import type { Paint } from '../theme/paint.ts';
import { type Line, fitLine } from '../widgets/line.ts';
import { type FrameKind, bottomEdge, frameLook, topEdge } from './frame.ts';
import { footWords, titleLine } from './title.ts';

/** One pane, ready to be drawn: what stands around the agent's screen, and where that goes. */
export interface PaneScene {
  readonly agent: string;
  readonly pane: number;
  readonly kind: 'full' | 'bar';
  readonly box: Rect;
  readonly hole: Rect;
  readonly title: Line;
  /** null for bars. */
  readonly foot: Line | null;
  /** What stands left and right of the screen, row by row. */
  readonly side: readonly [text: string, paint: Paint];
  readonly dim: boolean;
}

export interface PaneNote {
  readonly kind: FrameKind;
  /** Said at the right end of the bottom edge: where in the scrollback, what is cut off. */
  readonly end: Line;
  /** `merging src/a.ts with ben`; '' while it is in no merge. */
  readonly merging: string;
  /** The plan's task that it has in hand; null: none. */
  readonly task: string | null;
}

export function paneScene(agent: Agent, box: PaneBox, note: PaneNote, look: Look): PaneScene {
  const view = agentView(agent, box.index + 1, note.task);
  if (box.kind === 'full') return fullScene(view, box, note, look);
  // A bar has no foot to say it.
  return barScene(note.merging === '' ? view : { ...view, task: '', activity: note.merging }, box, note, look);
}

function fullScene(view: AgentView, box: PaneBox, note: PaneNote, look: Look): PaneScene {
  const paused = view.state === 'paused';
  const frame = frameLook(note.kind, look, paused);
  const rule = { char: frame.border.across, paint: frame.paint };
  const words = footWords(view, clock(view.since), note.merging, look);
  return {
    ...placed(view, box),
    title: topEdge(frame, box.box.width, (columns) => titleLine(view, columns, look, rule)),
    foot: bottomEdge(frame, box.box.width, words, note.end, look),
    side: [frame.border.down, frame.paint],
    dim: paused,
  };
}

/** A title row with a rule in it, and the last lines below behind a thin line. */
function barScene(view: AgentView, box: PaneBox, note: PaneNote, look: Look): PaneScene {
  const focused = note.kind !== 'other';
  const paint = paintOf(look, focused ? 'borderFocus' : 'border');
  const rule = { char: focused ? '━' : '─', paint, focused };
  const title = fitLine([...titleLine(view, box.box.width - 1, look, rule), span(look, ' ')], box.box.width);
  return {
    ...placed(view, box),
    title,
    foot: null,
    side: [focused ? '┃' : '│', paint],
    dim: view.state === 'paused',
  };
}

function placed(view: AgentView, box: PaneBox) {
  return { agent: view.id, pane: view.pane, kind: box.kind, box: box.box, hole: box.hole };
}
