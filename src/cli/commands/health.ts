/** health: checks, their failures, whom these concern, and the runs before. */
import type { DaemonConnection } from '../../client/connection.ts';
import { LlmctlError } from '../../client/error.ts';
import { failureLine } from '../../core/health/brief.ts';
import { usualMs } from '../../core/health/usual.ts';
import type { HealthCheck } from '../../core/model/health.ts';
import { failureDocument, healthDocument, runDocument } from '../../core/select/health.ts';
import { showControls } from '../../core/text.ts';
import type { CommandLine } from '../define.ts';
import { wholeNumber } from '../numbers.ts';
import { command, snapshot } from '../requests.ts';
import { age, columns, duration } from '../table.ts';

export async function list({ context }: CommandLine): Promise<void> {
  await context.withSession(async (connection) => {
    const checks = Object.values((await snapshot(connection)).state.health);
    const document = Object.fromEntries(checks.map((check) => [check.name, healthDocument(check)]));
    const rows = checks.map((check) => rowOf(check, Date.now()));
    const table = columns([['CHECK', 'STATE', 'TOOK', 'TESTS', 'AGE', ''], ...rows]);
    context.answer({ health: document }, rows.length === 0 ? 'the plan names no check' : table);
  });
}

function rowOf(check: HealthCheck, now: number): string[] {
  const { name, state, stale, ms, counts, at, firstError, history = [], measures = [] } = check;
  const usual = usualMs(history);
  const took = ms === 0 ? '' : `${duration(ms)}${usual === null ? '' : ` (usually ${duration(usual)})`}`;
  const tests = counts ? `${counts.passed}/${counts.failed}/${counts.skipped}` : '';
  const figures = measures.map(({ said }) => said).join('; ');
  const said = state === 'red' ? firstError : figures;
  return [name, stale ? `${state} (stale)` : state, took, tests, at === 0 ? '' : age(at, now), showControls(said)];
}

export async function failures({ context, args }: CommandLine): Promise<void> {
  await context.withSession(async (connection) => {
    const check = await checkNamed(connection, args[0] as string);
    const all = check.failures ?? [];
    const lines = all.map((one, i) => {
      const whose = one.owner === null ? `nobody's for sure: ${one.why}` : `${one.owner}: ${one.why}`;
      return [`${i + 1}`, showControls(failureLine(one)), showControls(`(${whose})`)];
    });
    const { name, state, commit } = check;
    const text = lines.length === 0 ? `${name} is ${state}: nothing failed` : columns(lines);
    context.answer({ name, state, commit, failures: all.map(failureDocument) }, text);
  });
}

export async function send({ context, args, options }: CommandLine): Promise<void> {
  const name = args[0] as string;
  const agent = typeof options.to === 'string' ? options.to : null;
  const failure = options.failure === undefined ? null : wholeNumber(options.failure, '--failure', 1);
  await context.withSession(async (connection) => {
    const before = (await checkNamed(connection, name)).told?.length ?? 0;
    await command(connection, { type: 'health.send', name, failure, agent });
    const told = ((await checkNamed(connection, name)).told ?? []).slice(before);
    const whom = [...new Set(told.map((one) => one.agent))];
    context.answer({ ok: true, name, told: whom, failures: told.length }, `${whom.join(', ')} told of ${told.length}`);
  });
}

export async function history({ context, args }: CommandLine): Promise<void> {
  await context.withSession(async (connection) => {
    const { name, history: runs = [] } = await checkNamed(connection, args[0] as string);
    const rows = runs.map(({ state, at, ms, commit, counts, values = {} }) => {
      const tests = counts ? `${counts.passed}/${counts.failed}/${counts.skipped}` : '';
      const figures = Object.entries(values).map(([what, value]) => `${what} ${value}`);
      return [
        new Date(at).toISOString(),
        state,
        duration(ms),
        tests,
        commit.slice(0, 12),
        showControls(figures.join(', ')),
      ];
    });
    const text = rows.length === 0 ? `${name} has not run yet` : columns(rows);
    context.answer({ name, usualMs: usualMs(runs), runs: runs.map(runDocument) }, text);
  });
}

/** @throws LlmctlError where the plan has none of that name */
export async function checkNamed(connection: DaemonConnection, name: string): Promise<HealthCheck> {
  const { health } = (await snapshot(connection)).state;
  if (Object.hasOwn(health, name)) return health[name]!;
  const names = Object.keys(health);
  const what = names.length === 0 ? 'the plan names none' : `there are ${names.join(', ')}`;
  throw new LlmctlError('unknown-check', `no check is named "${showControls(name)}"; ${what}`, names);
}
