/** doctor: what this machine and this terminal can do, and what to change. */
import { examine, worstState } from '../../adapters/doctor/examine.ts';
import { problemLine } from '../../core/plan/model.ts';
import type { CommandLine } from '../define.ts';
import { EXIT } from '../errors.ts';
import { loadSettings } from '../settings.ts';
import { columns } from '../table.ts';

const MARKS = { ok: 'ok', warn: 'warn', fail: 'FAIL' } as const;

export async function doctor({ context }: CommandLine): Promise<void> {
  const { stdout, env } = process;
  const terminal = stdout.isTTY ? { cols: stdout.columns, rows: stdout.rows } : null;
  const [looked, settings] = await Promise.all([examine({ env, terminal, repo: context.repo.root }), loadSettings()]);
  const wrong = settings.problems.map((problem) => ({
    name: 'settings',
    state: 'warn' as const,
    text: problemLine(problem),
    remedy: '',
  }));
  const rows = [...looked, ...wrong];
  const lines = columns(
    rows.map(({ state, name, text, remedy }) => [MARKS[state], name, remedy === '' ? text : `${text}: ${remedy}`]),
  );
  const worst = worstState(rows);
  if (worst === 'fail') process.exitCode = EXIT.failed;
  context.answer({ ok: worst !== 'fail', rows }, lines);
}
