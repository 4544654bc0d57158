/** report-session: what the session came to, as Markdown or JSON; also of one that was ended. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readJournalFile } from '../../adapters/journal/read-file.ts';
import { LlmctlError } from '../../client/error.ts';
import { evolve } from '../../core/evolve.ts';
import { emptyState } from '../../core/model/state.ts';
import { Chronicler } from '../../core/records/chronicle.ts';
import { reportMarkdown } from '../../core/records/report-markdown.ts';
import { sessionReport, type SessionReport } from '../../core/records/session-report.ts';
import type { Context } from '../context.ts';
import type { CommandLine } from '../define.ts';
import { CliError, EXIT, noSession } from '../errors.ts';
import { report as ask } from '../requests.ts';

export async function reportSession({ context, options }: CommandLine): Promise<void> {
  const report = await reportOf(context);
  const markdown = reportMarkdown(report).trimEnd();
  if (typeof options.out !== 'string') {
    context.answer(report, markdown);
    return;
  }
  const file = resolve(context.cwd, options.out);
  const text = file.endsWith('.json') ? JSON.stringify(report, null, 2) : markdown;
  try {
    await writeFile(file, `${text}\n`);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CliError(
      `${file} can't be written: ${code === 'ENOENT' ? 'there is no such folder; make it first' : message}`,
    );
  }
  context.answer({ ok: true, file }, `written: ${file}`);
}

async function reportOf(context: Context): Promise<SessionReport> {
  try {
    return await context.withSession(ask);
  } catch (error) {
    const isGone = error instanceof CliError && error.exit === EXIT.noSession;
    if (!isGone && !(error instanceof LlmctlError && error.code === 'no-session')) throw error;
    const ended = endedReport(context);
    if (ended === null) throw noSession(context.repo.root);
    return ended;
  }
}

/** The last session of the repository, out of its journal; null where there never was one. */
function endedReport({ paths, repo }: Context): SessionReport | null {
  const entries = readJournalFile(paths.journal);
  const [first] = entries ?? [];
  if (!entries || !first) return null;
  const chronicler = new Chronicler();
  const session = {
    id: paths.id,
    repo: repo.root,
    git: repo.git,
    startedAt: first.at,
    plan: null,
    planName: '',
    pid: 0,
  };
  let state = emptyState(session);
  for (const entry of entries) {
    chronicler.add(entry);
    state = evolve(state, entry);
  }
  return sessionReport(chronicler.chronicle, state, entries.at(-1)!.at);
}
