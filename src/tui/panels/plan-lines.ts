import type { Standing } from '../../core/schedule/needs.ts';
import { own } from '../../core/model/work.ts';
import { burnUp } from '../../core/select/burn-up.ts';
import type { Forecast } from '../../core/select/forecast.ts';
import { nextGate } from '../../core/select/gates.ts';
import { oneLine } from '../../core/text.ts';
import { hoursWords } from '../../core/select/time.ts';
import type { Room } from '../app/room.ts';
import { progressBar } from '../presentation/agent.ts';
import { type Look, span } from '../presentation/look.ts';
import { gateLook, progressOf, sparkline } from '../presentation/plan.ts';
import { dayClock } from '../presentation/time.ts';
import type { Line, Span } from '../widgets/line.ts';

/** `▰▰▱▱▱ 12/40 tasks  ▁▂▃▅  3 running, 1 failed`: how far the whole is, and how it got there. */
export function progressLine(standing: Standing, now: number, columns: number, look: Look): Line {
  const { work } = standing;
  const { done, all } = progressOf(standing, Object.keys(work.tasks));
  const burn = burnUp(work, now, columns);
  const counts = { running: 0, blocked: 0, failed: 0 };
  for (const { stage, active } of Object.values(work.tasks)) {
    if (!active) continue;
    if (stage === 'blocked' || stage === 'failed') counts[stage]++;
    else if (stage === 'running' || stage === 'verifying' || stage === 'landing') counts.running++;
  }
  const said = Object.entries(counts).filter(([, count]) => count > 0);
  const tokens = { running: 'state.working', blocked: 'state.stuck', failed: 'error' } as const;
  return [
    span(look, `${progressBar(all === 0 ? 0 : (done / all) * 100, 5)} `, 'progress'),
    span(look, `${done}/${all} tasks`, 'strong'),
    span(look, `  ${sparkline(burn.done, burn.total)} `, 'progress'),
    ...said.map(([word, count]): Span => span(look, ` ${count} ${word}`, tokens[word as keyof typeof tokens])),
  ];
}

/** `6h left, over at 14:03 · pace 0.5 · 20h of 50h done · planned 30h` */
export function forecastLine({ now, ...forecast }: Forecast, look: Look): Line {
  const { hoursLeft, end, pace, doneHours, totalHours, plannedHours, guessed, failed } = forecast;
  const over = forecast.critical.length === 0 && hoursLeft === 0;
  const head = over
    ? `over since ${dayClock(end, now)}`
    : `${hoursWords(hoursLeft)} left, over at ${dayClock(end, now)}`;
  const parts = [
    pace === null ? 'as estimated' : `pace ${pace < 0.1 ? pace.toPrecision(1) : Math.round(pace * 100) / 100}`,
    `${hoursWords(doneHours)} of ${hoursWords(totalHours)} done`,
    `planned ${hoursWords(plannedHours)}`,
    ...(guessed > 0 ? [`${guessed} without estimate`] : []),
    ...(failed > 0 ? [`if ${failed} failed ${failed === 1 ? 'begins' : 'begin'} anew`] : []),
  ];
  return [span(look, head, over ? 'ok' : 'text'), span(look, ` · ${parts.join(' · ')}`, 'muted')];
}

/** `next gate: ◆ asks you  ready`; [] where no gate is open. */
export function nextGateLine({ state }: Room, standing: Standing, now: number, look: Look): Line {
  const gate = nextGate(state, now);
  if (gate === null) return [];
  const { glyph, word, token } = gateLook(standing, gate.id);
  const key = own(standing.work.gates, gate.id)?.asked ? [span(look, ' w', 'key')] : [];
  return [
    span(look, 'next gate ', 'muted'),
    span(look, `${glyph} ${word} `, token),
    span(look, oneLine(gate.title, 80)),
    ...key,
  ];
}
