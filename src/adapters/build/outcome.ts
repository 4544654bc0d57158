/** What the end of a run and its output come to: green or red, the first error, all failures, counts, figures. */
import { constants } from 'node:os';
import { testCounts, type TestCounts } from '../../core/health/counts.ts';
import { failuresIn, type Failure } from '../../core/health/failures.ts';
import { firstError, firstErrorLine, type FirstError } from '../../core/health/first-error.ts';
import { sortOf, type KindRule } from '../../core/health/kinds.ts';
import type { Threshold } from '../../core/health/threshold.ts';
import type { Measure } from '../../core/model/health.ts';
import type { HealthCommand, PlanHealth } from '../../core/plan/model.ts';
import { measuresOf } from './measure.ts';

export interface HealthRequest {
  /** As in the plan: letters, digits, - and _; names the log file. */
  readonly name: string;
  readonly command: HealthCommand;
  readonly timeoutMs: number;
  /** Figures that the output is held to. */
  readonly thresholds?: readonly Threshold[];
  /** A plan's own rules for what failures are. */
  readonly rules?: readonly KindRule[];
}

export function requestOf({ name, run, timeoutMs, thresholds = [], failures = [] }: PlanHealth): HealthRequest {
  return { name, command: run, timeoutMs, thresholds, rules: failures };
}

/** What `health.result` needs. */
export interface HealthOutcome {
  readonly name: string;
  /** unknown: it was cancelled, so nothing is known. */
  readonly state: 'green' | 'red' | 'unknown';
  readonly ms: number;
  /** Head when it began; '' where there was none. */
  readonly commit: string;
  /** '' while green. */
  readonly firstError: string;
  /** The same, with its place; null while green, and where nothing looks like one. */
  readonly error: FirstError | null;
  /** All that failed, sorted; [] while green. Paths inside the folder it ran in are relative to it. */
  readonly failures: readonly Failure[];
  /** As its runner says; null where none does. */
  readonly counts: TestCounts | null;
  readonly measures: readonly Measure[];
  /** Processes that it started and that run on although it has ended. */
  readonly left: number;
  /** The last 200 lines, control characters shown. */
  readonly tail: readonly string[];
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it could not be started at all. */
  readonly error: string | null;
}

export interface RunEnd {
  readonly commit: string;
  readonly ms: number;
  readonly left: number;
  /** null: it was called off. */
  readonly exit: Exit | 'timeout' | null;
  readonly output: {
    readonly lines: readonly string[];
    readonly tail: readonly string[];
    /** `lines` are all there were. */
    readonly whole: boolean;
  };
  /** Folder it ran in; absolute. */
  readonly dir: string;
  readonly fallback?: string | undefined;
}

export async function assess(request: HealthRequest, end: RunEnd): Promise<HealthOutcome> {
  const { name, timeoutMs, thresholds = [] } = request;
  const { commit, ms, left, exit, output, dir, fallback } = end;
  const { tail, whole, lines } = output;
  // Summaries stand at the end; a runner without one is counted line by line, where all lines are at hand.
  const counts = testCounts(whole ? lines : tail);
  const common = { name, ms, commit, tail, counts, error: null, failures: [], measures: [], left };
  if (exit === null) return { ...common, state: 'unknown', firstError: 'cancelled' };
  const red = (firstError: string, rule: string): HealthOutcome => {
    const error = { text: firstError, file: null, line: null, column: null };
    const failure: Failure = { ...error, ...sortOf(rule, null, firstError, request.rules), files: [] };
    return { ...common, state: 'red', firstError, failures: [failure] };
  };
  if (exit === 'timeout') return red(`took longer than ${timeoutMs / 1000} s and was ended`, 'limit');
  if (exit.error !== null) return red(exit.error, 'shell');
  if (exit.code === 0) {
    const measures = await measuresOf(thresholds, whole ? lines : tail, [dir, ...(fallback ? [fallback] : [])]);
    const worse = measures.find(({ ok }) => ok === false);
    return worse
      ? { ...red(worse.said, 'threshold'), measures }
      : { ...common, state: 'green', firstError: '', measures };
  }
  const inside = (line: string): string => line.replaceAll(`${dir}/`, '');
  for (const text of [lines, tail]) {
    const said = text.map(inside);
    const found = firstError(said);
    if (!found) continue;
    const failures = failuresIn(said, request.rules);
    return { ...common, state: 'red', firstError: firstErrorLine(found), error: found, failures };
  }
  return red(howItEnded(exit, tail), exit.signal === null ? 'exit' : 'crash');
}

function howItEnded(exit: Exit, tail: readonly string[]): string {
  const last = tail
    .findLast((line) => line.trim() !== '')
    ?.trim()
    .slice(0, 200);
  const how = exit.signal
    ? `ended by ${exit.signal} (${constants.signals[exit.signal]})`
    : `ended with exit code ${exit.code}`;
  return last ? `${how}: ${last}` : how;
}
