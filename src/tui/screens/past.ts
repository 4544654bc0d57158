import type { Agent } from '../../core/model/agent.ts';
import { isLive } from '../../core/model/agent.ts';
import { taskInHand } from '../../core/select/in-hand.ts';
import { eventWords } from '../../core/select/recent.ts';
import { showControls } from '../../core/text.ts';
import type { PastView } from '../app/room.ts';
import type { Room } from '../app/room.ts';
import type { Rect } from '../paint/api.ts';
import { actorName } from '../presentation/agent.ts';
import { type Look, paintOf, span } from '../presentation/look.ts';
import { age, clock } from '../presentation/time.ts';
import { type Line, fitLine } from '../widgets/line.ts';
import { factLines } from './fact-lines.ts';

/** The row over everything while the room shows how it was. */
export function pastBanner(past: PastView, cols: number, look: Look): Line {
  const { seq, entry, trouble } = past;
  const what =
    trouble !== null
      ? showControls(trouble)
      : entry === null
        ? 'reading…'
        : `${clock(entry.at, true)} ${eventWords(entry.event)}`;
  const text = ` as it was after event ${seq} · ${what} · [ ] event before, behind · Esc back to now `;
  return fitLine([span(look, text, 'banner')], cols, paintOf(look, 'banner'));
}

/** What stands in a pane's place then: its screen is of now, and says nothing about that time. */
export function pastPane(room: Room, agent: Agent, rect: Rect, at: number, look: Look): Line[] {
  const { status, spec, run, git, progress } = agent;
  const task = taskInHand(room.state, spec.id);
  const facts = factLines(
    [
      // The banner covers the titles of the panes at the top.
      ['agent', showControls(spec.name), 'strong'],
      ['state', `${status.state} for ${age(status.since, at)}`, `state.${status.state}`],
      ['why', showControls(status.reason)],
      ['known by', status.by ? `${status.evidence}, ${showControls(actorName(status.by))}` : status.evidence],
      ['task', task ? showControls(task) : ''],
      ['progress', progress === null ? '' : `${progress} %`],
      ['says', showControls(agent.activity)],
      ['process', isLive(agent) && run ? `pid ${run.pid}, for ${age(run.startedAt, at)}` : 'none'],
      ['branch', showControls(git?.branch ?? agent.tree?.branch ?? '')],
      ['changed', (git?.changed ?? []).map(showControls).join(', ')],
    ],
    rect.width,
    look,
  );
  return Array.from({ length: rect.height }, (_, row) => fitLine(facts[row] ?? [], rect.width));
}
