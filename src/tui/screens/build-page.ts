import type { HealthCheck, OwnedFailure } from '../../core/model/health.ts';
import { own } from '../../core/model/work.ts';
import { failureLine } from '../../core/health/brief.ts';
import { inquiryWords } from '../../core/select/inquiry.ts';
import { oneLine, showControls } from '../../core/text.ts';
import { placeOf } from '../app/marked-health.ts';
import type { Popup } from '../app/popup.ts';
import type { Room } from '../app/room.ts';
import { checkLines, countSpans, historySpans } from '../panels/health-lines.ts';
import { type Look, span } from '../presentation/look.ts';
import { nameOf } from '../presentation/overlap.ts';
import { type Line, spread, wrapText } from '../widgets/line.ts';
import { type Fact, factLines } from './fact-lines.ts';
import { type PopupContent, linesFrom, listRow, topFor } from './popup-box.ts';

type Of<K extends Popup['kind']> = Extract<Popup, { kind: K }>;

/** Every check; of the marked one what it runs, what it came to, and the end of its output. */
export function buildPage(room: Room, popup: Of<'build'>, width: number, rows: number, look: Look): PopupContent {
  const checks = Object.values(room.state.health);
  if (checks.length === 0) {
    const words = 'The plan names no check. Add to it, for example, "health: {build: make}"; then this key runs it.';
    const body = wrapText(words, width).map((text): Line => [span(look, text, 'faint')]);
    return { title: 'build health', body, top: 0, count: 0, cursor: null };
  }
  const index = Math.min(popup.index, checks.length - 1);
  const shown = checks[index]!;
  // What its output is worth reading for is mostly at its end; a list of many checks leaves half of the page to it.
  const space = Math.min(checks.length, Math.max(1, Math.floor(rows / 2)));
  const from = topFor(index, space);
  const list = checks
    .slice(from, from + space)
    .map((check, i) => listRow(checkLines(check, width - 2, look)[0]!, from + i === index, width, look));
  const tail = shown.tail.length > 0 ? shown.tail : [shown.firstError || 'no output yet'];
  const found: Line[] = [[span(look, `$ ${showControls(shown.command)}`, 'muted')], ...foundLines(shown, width, look)];
  const left = Math.max(1, rows - list.length - 1 - found.length);
  const output = tail
    .slice(-left)
    .map((text): Line => [span(look, showControls(text), shown.tail.length > 0 ? 'text' : 'faint')]);
  const summary: Line = checks.length > space ? [span(look, `${index + 1} of ${checks.length}`, 'muted')] : [];
  return {
    title: 'build health',
    summary,
    body: [...list, [], ...found, ...output],
    top: 0,
    count: checks.length,
    cursor: null,
    lineOf: linesFrom(from, space),
  };
}

/** How many tests it ran, its figures, its history, what failed, and who broke it. */
function foundLines(check: HealthCheck, width: number, look: Look): Line[] {
  const { name, counts, inquiry, measures = [], history = [], failures = [] } = check;
  const lines: Line[] = [];
  if (counts) lines.push(countSpans(counts, look));
  for (const { ok, said } of measures) {
    lines.push([span(look, showControls(said), ok === false ? 'error' : ok === null ? 'warn' : 'ok')]);
  }
  if (history.length > 1) lines.push([span(look, 'runs ', 'muted'), ...historySpans(history, width - 5, look)]);
  if (failures.length > 1) lines.push([span(look, `${failures.length} failures: Enter reads them`, 'error')]);
  if (!inquiry) return lines;
  const words = wrapText(showControls(inquiryWords(name, inquiry)), width);
  const token = inquiry.verdict === 'green' ? 'ok' : inquiry.blame ? 'error' : 'warn';
  return [...lines, ...words.map((text): Line => [span(look, text, token)])];
}

/** All that failed in one check; of the marked one what is known, and where it would be mended. */
export function failuresPage(room: Room, popup: Of<'failures'>, width: number, rows: number, look: Look): PopupContent {
  const check = own(room.state.health, popup.name);
  const failures = check?.failures ?? [];
  const title = `failures of ${oneLine(popup.name, 60)}`;
  if (!check || failures.length === 0) {
    const words = check ? `nothing fails: ${check.name} is ${check.state}` : 'the plan has no such check any more';
    return { title, body: [[span(look, words, 'faint')]], top: 0, count: 0, cursor: null };
  }
  const index = Math.min(popup.index, failures.length - 1);
  const head = [checkLines(check, width, look)[0]!, []];
  const detail = detailLines(room, failures[index]!, width, look);
  const space = Math.max(1, rows - head.length - detail.length - 1);
  const from = topFor(index, space);
  const list = failures
    .slice(from, from + space)
    .map((one, i) => listRow(failureRow(room, one, width - 2, look), from + i === index, width, look));
  const summary: Line = [span(look, `${failures.length}`, 'error')];
  return {
    title,
    summary,
    head,
    body: [...list, [], ...detail],
    top: 0,
    count: failures.length,
    cursor: null,
    lineOf: linesFrom(from, space),
  };
}

function failureRow({ state }: Room, failure: OwnedFailure, width: number, look: Look): Line {
  const who = failure.owner === null ? ' nobody’s' : ` ${nameOf(state, failure.owner)}`;
  const whose: Line = [span(look, who, failure.owner === null ? 'warn' : 'accent')];
  return spread([span(look, showControls(failureLine(failure)), 'text')], whose, width);
}

function detailLines(room: Room, failure: OwnedFailure, width: number, look: Look): Line[] {
  const { kind, text, file, line, column, files, owner, why } = failure;
  const place = [file, line, column].filter((part) => part !== null).join(':');
  const facts: readonly Fact[] = [
    ['kind', kind],
    ['says', text],
    ['at', place],
    ['trace', files.join(', ')],
    ['whose', owner === null ? `nobody’s for sure: ${why}` : `${nameOf(room.state, owner)}: ${why}`],
    ['in', placeOf(room, failure)],
  ];
  return factLines(facts, width, look);
}
