import type { BranchFacts } from '../../client/api.ts';
import type { Landing } from '../../core/landing/landing.ts';
import type { Agent } from '../../core/model/agent.ts';
import { showControls } from '../../core/text.ts';
import { type GitEntry, gitEntries } from '../app/marked.ts';
import type { Popup } from '../app/popup.ts';
import { type Room, indexOf } from '../app/room.ts';
import { aheadSpans, branchSpans, changeLine } from '../panels/git-lines.ts';
import { matrixLines } from '../panels/overlap-lines.ts';
import { agentView } from '../presentation/agent.ts';
import { type Look, ageSpan, span } from '../presentation/look.ts';
import { nameOf } from '../presentation/overlap.ts';
import { clock } from '../presentation/time.ts';
import type { Token } from '../theme/tokens.ts';
import { type Line, pad, spread } from '../widgets/line.ts';
import { roundLine } from './overlaps-page.ts';
import { type PopupContent, listRow, topFor } from './popup-box.ts';

/** Files of the marked agent that are shown; the diff has all of them. */
const FILES = 6;

/** Each agent's branch, what it changed, with whom that overlaps, and the merges that were. */
export function gitPage(
  room: Room,
  popup: Extract<Popup, { kind: 'git' }>,
  width: number,
  rows: number,
  look: Look,
): PopupContent {
  const entries = gitEntries(room.state);
  const index = Math.min(popup.index, Math.max(0, entries.length - 1));
  const lineOf = (entry: GitEntry) =>
    listRow(entryLine(room, entry, width - 2, look), entry === entries[index], width, look);
  const part = (kind: GitEntry['kind']) => entries.filter((entry) => entry.kind === kind).map(lineOf);
  const agents = part('agent');
  const landings = part('landing');
  const merges = part('round');
  const above: Line[] = [
    ...repoLines(room, look),
    [],
    title('agents in worktrees of their own', look),
    ...(agents.length > 0 ? agents : [[span(look, 'none', 'faint')]]),
    ...fileLines(room, entries[index], look),
    ...section('files that two changed', matrixLines(room.state, width, look), look),
  ];
  const queue = section('landing', landings, look);
  const below = [...queue, ...section('merges', merges, look)];
  const body = [...above, ...below, ...section('changed here', hereLines(room, look), look)];
  const lineAt = (at: number): number => rowOf(at, agents.length, landings.length, above.length, queue.length);
  const count = entries.length;
  const top = index === 0 ? 0 : topFor(lineAt(index), rows);
  return { title: 'git', summary: summaryOf(room, look), body, top, count, cursor: null, lineOf: lineAt };
}

/** Line of the marked entry: agents below the repository's line, then what lands, then merges, each below a blank and its title. */
function rowOf(index: number, agents: number, landings: number, above: number, queue: number): number {
  if (index < agents) return 3 + index;
  if (index < agents + landings) return above + 2 + index - agents;
  return above + queue + 2 + index - agents - landings;
}

function title(text: string, look: Look): Line {
  return [span(look, text, 'sectionTitle')];
}

function section(name: string, lines: readonly Line[], look: Look): readonly Line[] {
  return lines.length === 0 ? [] : [[], title(name, look), ...lines];
}

function summaryOf({ state, branches }: Room, look: Look): Line {
  if (branches?.trouble) return [span(look, showControls(branches.trouble), 'warn')];
  if (!state.git) return [];
  const { stale, at } = state.git;
  return [
    span(look, stale ? 'stale: git did not answer in time' : `as of ${clock(at, true)}`, stale ? 'warn' : 'muted'),
  ];
}

function repoLines({ state, branches }: Room, look: Look): readonly Line[] {
  const { git, session } = state;
  const repo = span(look, `${showControls(session.repo)}  `, 'muted');
  if (!git) {
    const why = session.git ? 'git was not asked yet' : 'this folder is no git repository: there is no branch to show';
    return [[repo, span(look, why, 'faint')]];
  }
  const upstream = git.upstream === null ? '' : ` follows ${showControls(git.upstream)}`;
  const integration = branches?.latest?.integration || session.integration || '';
  const lands = integration === '' ? '' : `, agents land on ${showControls(integration)}`;
  return [[repo, ...branchSpans(git, look), span(look, ` ${upstream} at ${git.head.slice(0, 10)}${lands}`, 'muted')]];
}

function entryLine(room: Room, entry: GitEntry, width: number, look: Look): Line {
  if (entry.kind === 'landing') return landingLine(room, entry.landing, width, look);
  return entry.kind === 'round'
    ? roundLine(room.state, entry.round, width, look)
    : agentLine(room, entry.agent, width, look);
}

/** `✗ failed  ana  3f2a91c  tests fail (src/parse.ts:12)` */
function landingLine({ state }: Room, landing: Landing, width: number, look: Look): Line {
  const { firstError } = landing;
  const where = firstError?.file ? ` (${firstError.file}${firstError.line ? `:${firstError.line}` : ''})` : '';
  const why = landing.reason === '' ? '' : `  ${showControls(`${landing.reason}${where}`)}`;
  const left: Line = [
    span(look, pad(`${LANDING_GLYPHS[landing.state]} ${landing.state}`, 12), LANDING_TOKENS[landing.state]),
    span(look, nameOf(state, landing.agent), 'strong'),
    span(look, `  ${(landing.merge ?? landing.commit).slice(0, 10)}`, 'accent'),
    span(look, why, landing.state === 'failed' ? 'error' : 'muted'),
  ];
  return spread(left, [span(look, ' '), ageSpan(look, landing.endedAt ?? landing.requestedAt, 'muted')], width);
}

const LANDING_GLYPHS: Readonly<Record<Landing['state'], string>> = {
  queued: '○',
  testing: '◌',
  landed: '✓',
  failed: '✗',
  withdrawn: '■',
  undone: '■',
};
const LANDING_TOKENS: Readonly<Record<Landing['state'], Token>> = {
  queued: 'muted',
  testing: 'info',
  landed: 'ok',
  failed: 'error',
  withdrawn: 'muted',
  undone: 'warn',
};

/** `1 ● ana  llmctl/ana ↑2 ↓1            3 files +40 -12` */
function agentLine(room: Room, agent: Agent, width: number, look: Look): Line {
  const view = agentView(agent, indexOf(room.state, agent.spec.id) + 1, null);
  const facts = factsOf(room, agent);
  const left: Line = [
    span(look, `${view.number} `, 'key'),
    span(look, `${view.glyph} `, view.token),
    span(look, `${pad(view.name, 12)} `, 'strong'),
    span(look, showControls(facts?.branch ?? agent.tree?.branch ?? agent.git?.branch ?? ''), 'accent'),
    ...aheadSpans(facts?.ahead ?? view.ahead, facts?.behind ?? view.behind, look),
  ];
  return spread(left, [span(look, ' '), ...changeSpans(facts, view.changed ?? 0, look)], width);
}

function changeSpans(facts: BranchFacts | null, changed: number, look: Look): Line {
  const many = facts?.files.length ?? changed;
  if (many === 0) return [span(look, 'nothing changed', 'faint')];
  const sum = (of: 'added' | 'deleted') => facts?.files.reduce((all, file) => all + (file[of] ?? 0), 0) ?? 0;
  const lines = facts ? [span(look, ` +${sum('added')}`, 'ok'), span(look, ` -${sum('deleted')}`, 'error')] : [];
  return [span(look, `${many} ${many === 1 ? 'file' : 'files'}`, 'warn'), ...lines];
}

function factsOf(room: Room, agent: Agent): BranchFacts | null {
  return room.branches?.latest?.agents.find((one) => one.agent === agent.spec.id) ?? null;
}

/** What the marked agent changed. */
function fileLines(room: Room, entry: GitEntry | undefined, look: Look): Line[] {
  if (entry?.kind !== 'agent') return [];
  const facts = factsOf(room, entry.agent);
  const files = facts?.files ?? (entry.agent.git?.changed ?? []).map((path) => ({ path, added: null, deleted: null }));
  const shown = files
    .slice(0, FILES)
    .map(({ path, added, deleted }): Line => [
      span(look, `      ${added === null ? '' : `+${added}`}`.padEnd(11), 'ok'),
      span(look, (deleted === null ? (facts ? 'binary' : '') : `-${deleted}`).padEnd(7), 'error'),
      span(look, showControls(path)),
    ]);
  if (shown.length === 0) return [];
  const more = files.length - shown.length;
  const rest: Line[] = more > 0 ? [[span(look, `      and ${more} more: Enter shows the diff`, 'faint')]] : [];
  // The list of agents stands above it, and it is of the marked one alone.
  return [...section(`what ${nameOf(room.state, entry.agent.spec.id)} changed`, [...shown, ...rest], look)];
}

function hereLines({ state }: Room, look: Look): Line[] {
  return (state.git?.changed ?? []).map((change) => changeLine(change, look));
}
