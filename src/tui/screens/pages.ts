import type { Room } from '../app/room.ts';
import { focusedAgent, focusedId } from '../app/room.ts';
import type { Agent } from '../../core/model/agent.ts';
import { isWatched, lastProgress, stuckAfterMs } from '../../core/watch/limits.ts';
import { heldBy } from '../../core/overlap/holders.ts';
import { showControls } from '../../core/text.ts';
import { type Binding, CONTEXT_TITLES, KEY_CONTEXTS } from '../keys/binding.ts';
import { keyNames } from '../keys/markdown.ts';
import { actorName } from '../presentation/agent.ts';
import { exitWords } from '../presentation/events.ts';
import { type Look, span } from '../presentation/look.ts';
import { age, clock } from '../presentation/time.ts';
import { type Line, pad, wrapText } from '../widgets/line.ts';
import type { PopupContent } from './popup-box.ts';

/** Pages are text to read; the keys move through their lines. */
function page(title: string, body: readonly Line[], top: number, summary?: Line): PopupContent {
  return { title, body, top, count: body.length, cursor: null, ...(summary ? { summary } : {}) };
}

export function helpPage(room: Room, top: number, width: number, look: Look): PopupContent {
  const keys = Math.min(24, Math.floor(width * 0.3));
  const body = KEY_CONTEXTS.flatMap((context): Line[] => {
    const bindings = room.table.filter((binding) => binding.when[0] === context && binding.keys.length > 0);
    if (bindings.length === 0) return [];
    const title: Line = [span(look, CONTEXT_TITLES[context], 'sectionTitle')];
    return [title, ...bindings.flatMap((binding) => helpLines(binding, keys, width, look)), []];
  });
  return page('keys', body.slice(0, -1), top, [span(look, 'every key can be changed in the config', 'muted')]);
}

function helpLines(binding: Binding, keys: number, width: number, look: Look): Line[] {
  const text = binding.description.replaceAll('`', '');
  return wrapText(text, Math.max(10, width - keys - 2)).map((part, i) => [
    span(look, pad(i === 0 ? `  ${keyNames(binding).join(' ')}` : '', keys), 'key'),
    span(look, `  ${part}`, 'text'),
  ]);
}

/** Why the agent with the focus is in its state, and what it is made of. */
export function explainPage(room: Room, top: number, width: number, look: Look): PopupContent {
  const agent = focusedAgent(room);
  const id = focusedId(room);
  if (!agent || id === null) return page('explain', [[span(look, 'there is no agent', 'faint')]], top);
  const { status, spec } = agent;
  const facts: readonly (readonly [string, string])[] = [
    ['state', `${status.state} for ${age(status.since, look.now)}, since ${clock(status.since, true)}`],
    ['why', status.reason],
    ['known by', status.evidence],
    ['by', actorName(status.by)],
    ['profile', spec.profile],
    ['command', spec.command.map(quoted).join(' ')],
    ['folder', spec.cwd],
    ['task', spec.task ?? ''],
    ['prompt', spec.prompt ?? ''],
    ['says', agent.activity],
    ['progress', progressWords(room, agent, look.now)],
    ['process', agent.run ? `pid ${agent.run.pid}, for ${age(agent.run.startedAt, look.now)}` : 'none'],
    ['last exit', agent.exit ? `${exitWords(agent.exit)}, ${age(agent.exit.at, look.now)} ago` : ''],
    ['restarts', agent.restarts > 0 ? String(agent.restarts) : ''],
    ['branch', agent.git?.branch ?? ''],
    ['holds', heldBy(room.state, id).join(', ')],
  ];
  const body = facts
    .filter(([, text]) => text !== '')
    .flatMap(([name, text]) =>
      wrapText(showControls(text), Math.max(10, width - 11)).map((part, i): Line => [
        span(look, pad(i === 0 ? name : '', 11), 'muted'),
        span(look, part, name === 'state' ? `state.${status.state}` : 'text'),
      ]),
    );
  return page(showControls(spec.name), body, top, [span(look, id === spec.name ? '' : id, 'muted')]);
}

/** The last evidence that it gets on, and when it counts as stuck. */
function progressWords({ state }: Room, agent: Agent, now: number): string {
  if (!isWatched(state, agent)) return '';
  const { at, text } = lastProgress(state, agent);
  const limit = at + stuckAfterMs(state, agent.spec.id);
  return `${text}, ${age(at, now)} ago${limit > now ? `; stuck from ${clock(limit)} on` : ''}`;
}

/** An argument as it could be typed: only for reading, nothing is ever given to a shell. */
function quoted(arg: string): string {
  return /^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`;
}
