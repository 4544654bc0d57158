import { roundOf } from '../../core/select/overlaps.ts';
import type { State } from '../../core/model/state.ts';
import type { Round } from '../../core/merge/round.ts';
import { showControls } from '../../core/text.ts';
import { type OverlapEntry, overlapEntries } from '../app/marked.ts';
import type { Popup } from '../app/popup.ts';
import type { Room } from '../app/room.ts';
import { actorName } from '../presentation/agent.ts';
import { type Look, ageSpan, span } from '../presentation/look.ts';
import { type OverlapView, nameOf, overlapView, pathWords, roundToken, roundWord } from '../presentation/overlap.ts';
import { clock, duration } from '../presentation/time.ts';
import { type Line, pad, spread, wrapText } from '../widgets/line.ts';
import { type PopupContent, linesFrom, listRow, topFor } from './popup-box.ts';

/** Overlaps by urgency, who holds what, and the merges that were: the marked one with all that is known of it. */
export function overlapsPage(
  room: Room,
  popup: Extract<Popup, { kind: 'overlaps' }>,
  width: number,
  rows: number,
  look: Look,
): PopupContent {
  const { state } = room;
  const entries = overlapEntries(state);
  const index = Math.min(popup.index, entries.length - 1);
  const summary: Line = [span(look, `policy ${state.mergePolicy.policy}`, 'muted')];
  if (entries.length === 0) {
    const words =
      'No two agents have changed the same file. Once they do, it stands here within a second, with a word on whether the changes combine.';
    const body = wrapText(words, width).map((text): Line => [span(look, text, 'faint')]);
    return { title: 'overlaps', summary, body, top: 0, count: 0, cursor: null };
  }
  const list = entries.map((entry, i) => listRow(entryLine(state, entry, width - 2, look), i === index, width, look));
  const marked = entries[index]!;
  const detail = detailLines(state, marked, width, look);
  const listRows = Math.max(1, rows - detail.length - 1);
  const from = topFor(index, listRows);
  const body = [...list.slice(from, from + listRows), [], ...detail];
  return {
    title: 'overlaps',
    summary,
    body,
    top: 0,
    count: entries.length,
    cursor: null,
    lineOf: linesFrom(from, listRows),
  };
}

const WORD = 13;
const VERDICT = 12;

/** `▲ needs-person  src/calc.js  ana + ben  in conflict  2m` */
function entryLine(state: State, entry: OverlapEntry, width: number, look: Look): Line {
  switch (entry.kind) {
    case 'overlap': {
      const view = overlapView(state, entry.overlap);
      // Glyph and blanks, names, policy, age.
      const path = Math.max(8, width - WORD - VERDICT - 35);
      const left: Line = [
        ...stateSpans(view, look),
        span(look, `${pad(view.path, path)} `, 'text'),
        span(look, pad(view.names.join(' + '), 18), 'strong'),
        span(look, ` ${pad(view.verdict, VERDICT)}`, view.token),
        span(look, ` ${pad(view.policy, 5)}`, 'muted'),
      ];
      return spread(left, [ageSpan(look, view.since, 'muted')], width);
    }
    case 'lock':
      return [
        span(look, pad('■ held', WORD + 2), 'info'),
        span(look, ` ${showControls(entry.path)}  by `),
        span(look, nameOf(state, entry.holder), 'strong'),
      ];
    case 'round':
      return roundLine(state, entry.round, width, look);
  }
}

/** `✓ merged        src/calc.js  ana + ben            4m` */
export function roundLine(state: State, round: Round, width: number, look: Look): Line {
  const glyph = round.undone ? '■' : round.phase === 'resolved' ? '✓' : '✗';
  const left: Line = [
    span(look, pad(`${glyph} ${roundWord(round)}`, WORD + 2), roundToken(round)),
    span(look, ` ${pathWords(round.paths)}  `),
    span(look, round.sides.map(({ agent }) => nameOf(state, agent)).join(' + '), 'strong'),
    span(look, round.reason === '' ? '' : `  ${showControls(round.reason)}`, 'muted'),
  ];
  return spread(left, [span(look, ' '), ageSpan(look, round.endedAt ?? round.startedAt, 'muted')], width);
}

function stateSpans(view: OverlapView, look: Look): Line {
  return [span(look, `${view.glyph} ${pad(view.word, WORD)} `, view.token)];
}

function detailLines(state: State, entry: OverlapEntry, width: number, look: Look): Line[] {
  const facts =
    entry.kind === 'overlap'
      ? overlapFacts(state, entry)
      : entry.kind === 'round'
        ? roundFacts(state, entry.round)
        : [];
  return facts
    .filter(([, text]) => text !== '')
    .flatMap(([name, text]) =>
      wrapText(text, Math.max(10, width - 9)).map((part, i): Line => [
        span(look, pad(i === 0 ? name : '', 9), 'muted'),
        span(look, part),
      ]),
    );
}

type Fact = readonly [name: string, text: string];

function overlapFacts(state: State, { overlap }: Extract<OverlapEntry, { kind: 'overlap' }>): readonly Fact[] {
  const view = overlapView(state, overlap);
  const round = roundOf(state, overlap.agents);
  return [
    ['file', view.path],
    ['A and B', view.names.join(' and ')],
    ['state', `${view.word} since ${clock(overlap.since, true)}: ${stateSays(view, round !== null)}`],
    ['why', view.reason],
    ['paused', round ? pausedWords(state, round) : ''],
    ['policy', policyWords(view.policy)],
    ['merge', round ? `${round.id}, ${round.phase}, begun by ${actorName(round.by)}` : ''],
  ];
}

function stateSays({ word, verdict }: OverlapView, inRound: boolean): string {
  switch (word) {
    case 'watching':
      if (verdict === 'one tree') return 'both work in one tree, so there are no two versions to merge';
      return verdict === 'in conflict'
        ? 'git can not combine the two'
        : `both go on, the changes combine so far (${verdict})`;
    case 'pausing':
      return 'both are being stopped, and nothing is written any more';
    case 'merging':
      return 'both stand still, git combines what they have';
    case 'needs-person':
      return inRound
        ? 'both stand still until somebody decides: Enter'
        : 'it was put off: both go on as they were, and it stays red';
    case 'resuming':
      return 'both have the merged file and are being told';
    case 'resolved':
      return 'it is over';
  }
}

function policyWords(policy: string): string {
  const says: Readonly<Record<string, string>> = {
    warn: 'say so, and let both go on',
    merge: 'merge what combines; where the same lines meet, pause both and merge now',
    pause: 'pause both, and ask a person',
    lock: 'whoever comes first has it',
  };
  return `${policy}: ${says[policy] ?? ''}`;
}

function pausedWords(state: State, { sides }: Round): string {
  return sides
    .map(
      ({ agent, paused, gone }) =>
        `${nameOf(state, agent)} ${gone ? 'does not run' : paused ? 'stands still' : 'is being paused'}`,
    )
    .join(', ');
}

function roundFacts(state: State, round: Round): readonly Fact[] {
  const took = round.endedAt === null ? '' : `, took ${duration(round.endedAt - round.startedAt)}`;
  const [a, b] = round.sides.map(({ agent }) => nameOf(state, agent));
  const shown = (paths: readonly string[]) => paths.map(showControls).join(', ');
  return [
    [
      'merge',
      `${round.id}: ${roundWord(round)}, begun by ${actorName(round.by)} at ${clock(round.startedAt, true)}${took}`,
    ],
    ['A and B', `${a} and ${b}`],
    ['combined', shown(round.merged)],
    ['decided', round.settled.map(({ path, take }) => `${showControls(path)}: ${take}`).join(', ')],
    ['conflict', round.settled.length > 0 ? '' : shown(round.conflicts)],
    ['why', showControls(round.reason)],
    [
      'backup',
      `refs/llmctl/backup/${round.id}${round.phase === 'resolved' && !round.undone ? ': u restores both sides' : ''}`,
    ],
  ];
}
