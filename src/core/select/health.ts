/** Health checks as scripts see them. */
import { usualMs } from '../health/usual.ts';
import type { HealthCheck, HealthRun, OwnedFailure } from '../model/health.ts';
import { isoTime } from './time.ts';

export function healthDocument(check: HealthCheck) {
  const { state, stale, command, commit, ms, at, firstError, history = [] } = check;
  const inquiry = check.inquiry ?? null;
  const brokenBy = inquiry?.blame?.agent ?? null;
  return {
    state,
    stale,
    command,
    commit,
    snapshot: check.snapshot || null,
    agent: check.agent ?? null,
    ms,
    usualMs: usualMs(history),
    at: at === 0 ? null : isoTime(at),
    in: check.place ?? 'repository',
    brokenBy,
    inquiry,
    counts: check.counts ?? null,
    firstError,
    measures: check.measures ?? [],
    failures: (check.failures ?? []).map(failureDocument),
  };
}

export function failureDocument({ kind, text, file, line, column, files, owner, why }: OwnedFailure) {
  return { kind, text, file, line, column, files, owner, why };
}

export function runDocument({ state, at, ms, commit, counts, values = {} }: HealthRun) {
  return { state, at: isoTime(at), ms, commit, counts, values };
}
