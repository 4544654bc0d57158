import { own, type GateCheckWork } from '../../core/model/work.ts';
import { healthCommandText } from '../../core/plan/model.ts';
import type { PlanCheck, PlanOnFail } from '../../core/plan/sections/gate.ts';
import type { ScheduledGate } from '../../core/schedule/gates.ts';
import { areDone, type Standing } from '../../core/schedule/needs.ts';
import { standingOf } from '../../core/schedule/standing.ts';
import { oneLine, showControls } from '../../core/text.ts';
import type { Popup } from '../app/popup.ts';
import type { Room } from '../app/room.ts';
import { actorName } from '../presentation/agent.ts';
import { type Look, ageSpan, span } from '../presentation/look.ts';
import { checkLook, gateLook } from '../presentation/plan.ts';
import { clock } from '../presentation/time.ts';
import { type Line, wrapText } from '../widgets/line.ts';
import { type Fact, factLines } from './fact-lines.ts';
import { stateSpans } from './plan-rows.ts';
import type { PopupContent } from './popup-box.ts';

/** What a gate asks, what go and no-go mean, and what its commands and figures said. */
export function gateDialog(
  { state }: Room,
  popup: Extract<Popup, { kind: 'gate' }>,
  width: number,
  look: Look,
): PopupContent {
  const standing = standingOf(state);
  const gate = standing?.index.gates.get(popup.gate);
  const title = `gate ${oneLine(popup.gate, 60)}`;
  if (!standing || !gate) {
    const body = [[span(look, 'the plan has no such gate any more', 'faint')]];
    return { title, body, top: 0, count: 0, cursor: null };
  }
  const known = own(standing.work.gates, gate.id)!;
  const written = standing.work.plan.gates.find(({ id }) => id === gate.id);
  const facts: readonly Fact[] = [
    ['why', oneLine(known.reason, 500)],
    ['by', known.by ? `${actorName(known.by)}${known.forced ? ', by force' : ''}` : ''],
    ['after', doneWords(standing, gate.after)],
    ['before', oneLine(gate.before.join(', '), 500)],
    ['notes', oneLine(written?.notes ?? '', 1000)],
    ['tried', known.retries === 0 ? '' : `${known.retries} times again`],
  ];
  const body: Line[] = [
    [span(look, oneLine(gate.title, 200), 'strong')],
    [...stateSpans(gateLook(standing, gate.id), look), span(look, `since ${clock(known.since, true)}`, 'muted')],
    ...factLines(facts, width, look),
    [],
    ...questionLines(gate, written?.onPass ?? null, width, look),
    ...evidence(gate, known.checks, width, look),
  ];
  return {
    title,
    summary: [ageSpan(look, known.since, 'muted')],
    body,
    top: popup.top,
    count: body.length,
    cursor: null,
  };
}

function doneWords(standing: Standing, ids: readonly string[]): string {
  const words = ids.map((id) => `${areDone(standing, [id]) ? '✓' : '○'} ${id}`);
  return oneLine(words.join(', '), 1000);
}

/** What is asked, and what follows from yes and no. */
function questionLines(gate: ScheduledGate, onPass: string | null, width: number, look: Look): Line[] {
  const asks = gate.checks.flatMap(({ check }) => (check.kind === 'person' ? [check] : []));
  const questions = asks.flatMap(({ text }) =>
    wrapText(oneLine(text, 500), width).map((part): Line => [span(look, part, 'state.waiting')]),
  );
  const said = (of: 'go' | 'noGo'): string =>
    oneLine(
      asks
        .map((ask) => ask[of] ?? '')
        .filter((text) => text !== '')
        .join('; '),
      500,
    );
  const released = gate.before.length > 0 ? `${gate.before.join(', ')} may begin` : 'it holds nothing back any more';
  const meaning: readonly Fact[] = [
    ['y  go', said('go') || oneLine(onPass ?? released, 500), 'ok'],
    ['n  no-go', [said('noGo'), failWords(gate.onFail)].filter((text) => text !== '').join('; '), 'error'],
  ];
  return [...questions, ...factLines(meaning, width, look)];
}

function failWords(onFail: PlanOnFail): string {
  switch (onFail.kind) {
    case 'reassess':
      return 'what follows stays held back until somebody decides anew';
    case 'retry':
      return `the work before it is done again, ${onFail.times} ${onFail.times === 1 ? 'time' : 'times'} at most`;
    case 'fallback':
      return `${oneLine(onFail.task, 60)} is done instead`;
  }
}

function evidence(gate: ScheduledGate, checks: readonly GateCheckWork[], width: number, look: Look): Line[] {
  if (gate.checks.length === 0) return [];
  const lines = gate.checks.flatMap(({ check }, at): Line[] => {
    const { state, said } = checks[at] ?? { state: 'pending', said: '' };
    const first: Line = [
      ...stateSpans(checkLook(state), look),
      span(look, `${check.kind} `, 'muted'),
      span(look, oneLine(check.text, 500)),
      span(look, limitWords(check), 'accent'),
    ];
    const words = said === '' ? [] : wrapText(showControls(said), Math.max(10, width - 12));
    const run = check.kind === 'person' || check.run === null ? '' : healthCommandText(check.run);
    return [
      first,
      ...(run === '' || run === check.text
        ? []
        : [[span(look, `            $ ${oneLine(run, 500)}`, 'muted')] as Line]),
      ...words.map((part): Line => [span(look, `            ${part}`, state === 'failed' ? 'error' : 'muted')]),
    ];
  });
  return [[], [span(look, 'evidence', 'sectionTitle')], ...lines];
}

/** `  < 5 ms`, `  at most 10 % above bench.txt`. */
function limitWords(check: PlanCheck): string {
  if (check.kind !== 'threshold') return '';
  const { limit, baseline, tolerance, better, unit } = check;
  const bound = limit === null ? '' : `${limit.op} ${limit.value}${unit === null ? '' : ` ${unit}`}`;
  const compared =
    baseline === null
      ? ''
      : `at most ${tolerance} % ${better === 'lower' ? 'above' : 'below'} ${oneLine(baseline, 80)}`;
  return `  ${[bound, compared].filter((part) => part !== '').join(', ')}`;
}
