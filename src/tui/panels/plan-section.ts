import { standingOf } from '../../core/schedule/standing.ts';
import { forecastOf } from '../../core/select/forecast.ts';
import { hoursWords } from '../../core/select/time.ts';
import type { Room } from '../app/room.ts';
import { type Look, span } from '../presentation/look.ts';
import { progressOf } from '../presentation/plan.ts';
import { dayClock } from '../presentation/time.ts';
import { nextGateLine, progressLine } from './plan-lines.ts';
import type { Line } from '../widgets/line.ts';
import type { Section } from './sections.ts';

/** Only where there is a plan with tasks: how far it is, with its burn-up, the next gate, and when it will be over. */
export function planSection(room: Room, width: number, look: Look): readonly Section[] {
  const standing = standingOf(room.state);
  if (standing === null || Object.keys(standing.work.tasks).length === 0) return [];
  const { done, all } = progressOf(standing, Object.keys(standing.work.tasks));
  const gate = nextGateLine(room, standing, look.now, look);
  const forecast = forecastOf(standing, look.now);
  const left = forecast === null || forecast.hoursLeft === 0 ? null : forecast;
  const ends: Line[] = left
    ? [
        [
          span(look, `${hoursWords(left.hoursLeft)} left, over at ${dayClock(left.end, left.now)}`),
          span(look, left.pace === null ? ' as estimated' : '', 'muted'),
        ],
      ]
    : [];
  const lines = [
    progressLine(standing, look.now, Math.max(6, Math.min(20, width - 30)), look),
    ...[gate].filter((line) => line.length > 0),
    ...ends,
  ];
  const summary = [span(look, `${done}/${all}`, done === all ? 'ok' : 'muted')];
  return [{ id: 'plan', key: 'o', title: 'plan', summary, lines, keepEnd: false }];
}
