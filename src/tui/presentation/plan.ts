import type { State } from '../../core/model/state.ts';
import { own, type GateWork, type TaskStateName } from '../../core/model/work.ts';
import { COORDINATOR as PERSON } from '../../core/plan/model.ts';
import { isGroupDone, type Standing } from '../../core/schedule/needs.ts';
import { agentFor, needWords, openNeeds, taskState } from '../../core/schedule/standing.ts';
import { oneLine } from '../../core/text.ts';
import type { Token } from '../theme/tokens.ts';
import { nameOf } from './overlap.ts';

/** A state as the screens say it: a glyph and always the word beside it. */
export interface StateLook {
  readonly glyph: string;
  readonly word: string;
  readonly token: Token;
}

const TASKS: Readonly<Record<TaskStateName, Omit<StateLook, 'word'>>> = {
  waiting: { glyph: '○', token: 'muted' },
  ready: { glyph: '◔', token: 'accent' },
  running: { glyph: '●', token: 'state.working' },
  blocked: { glyph: '▲', token: 'state.stuck' },
  verifying: { glyph: '◌', token: 'info' },
  landing: { glyph: '◌', token: 'info' },
  done: { glyph: '✓', token: 'ok' },
  failed: { glyph: '✗', token: 'error' },
};

const GATES: Readonly<Record<GateWork['state'], Omit<StateLook, 'word'>>> = {
  pending: { glyph: '○', token: 'muted' },
  running: { glyph: '◌', token: 'info' },
  passed: { glyph: '✓', token: 'ok' },
  failed: { glyph: '✗', token: 'error' },
  waived: { glyph: '■', token: 'warn' },
};

export function taskLook(standing: Standing, id: string): StateLook {
  const word = taskState(standing, id);
  return { ...TASKS[word], word };
}

export function gateLook({ work }: Standing, id: string): StateLook {
  const known = own(work.gates, id);
  const word = known?.state ?? 'pending';
  if (known?.asked && word === 'pending') return { glyph: '◆', word: 'asks you', token: 'state.waiting' };
  return { ...GATES[word], word };
}

/** How a check of a gate came out. */
export function checkLook(state: 'pending' | 'running' | 'passed' | 'failed'): StateLook {
  return { ...GATES[state], word: state };
}

/** A phase or a milestone. */
export function groupLook(standing: Standing, id: string): StateLook {
  const { work, index } = standing;
  if (isGroupDone(standing, id)) {
    return { ...TASKS.done, word: own(work.milestones, id) ? 'reached' : 'done' };
  }
  const begun = (index.members.get(id) ?? []).some((task) => own(work.tasks, task)?.startedAt != null);
  return begun ? { ...TASKS.running, word: 'running' } : { ...TASKS.waiting, word: 'waiting' };
}

export function handoverLook({ work }: Standing, id: string): StateLook {
  const given = own(work.handovers, id)?.givenAt != null;
  return given ? { ...TASKS.done, word: 'given' } : { ...TASKS.waiting, word: 'owed' };
}

/** Who has it, or is to do it: an agent's name, or a person. */
export function doerName(state: State, standing: Standing, id: string): string {
  const agent = own(standing.work.tasks, id)?.agent ?? agentFor(standing, id);
  return agent === null ? PERSON : nameOf(state, agent);
}

const NAMED = 6;

/** Why it doesn't go on: `waits for parser, gate ready`, what it is blocked by, why it failed; '' where nothing holds it. */
export function taskWhy(standing: Standing, id: string): string {
  const known = own(standing.work.tasks, id);
  if (!known) return '';
  if (known.stage !== 'open') return oneLine(known.reason, 300);
  if (!known.active) return 'only done where a gate fails';
  const needs = openNeeds(standing, id);
  if (needs.length === 0) return oneLine(known.reason, 300);
  const more = needs.length > NAMED ? ` and ${needs.length - NAMED} more` : '';
  return `waits for ${needs.slice(0, NAMED).map(needWords).join(', ')}${more}`;
}

/** Done, of how many, and percent with what is under way. */
export interface GroupProgress {
  readonly done: number;
  readonly all: number;
  readonly percent: number;
}

export function progressOf({ work }: Standing, ids: readonly string[]): GroupProgress {
  let [done, all, sum] = [0, 0, 0];
  for (const id of ids) {
    const task = own(work.tasks, id);
    if (!task?.active) continue;
    all++;
    if (task.stage === 'done') done++;
    sum += task.stage === 'done' ? 100 : task.progress;
  }
  return { done, all, percent: all === 0 ? 0 : Math.floor(sum / all) };
}

const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** One column a value, from nothing to `most`. */
export function sparkline(values: readonly number[], most: number): string {
  const top = LEVELS.length - 1;
  return values
    .map((value) => LEVELS[most <= 0 ? 0 : Math.round((Math.max(0, Math.min(most, value)) / most) * top)])
    .join('');
}
