/** rehearse: a whole plan with scripted agents in a throw-away repository, through a daemon, terminals and git as they are. */
import { resolve } from 'node:path';
import { join } from 'node:path';
import { Journal } from '../../adapters/journal/journal.ts';
import { RoomConnection } from '../../client/room.ts';
import type { JournalEntry } from '../../core/model/events.ts';
import { openWork } from '../../core/rehearse/end.ts';
import { rehearsalReport, type RehearsalReport } from '../../core/rehearse/report.ts';
import { reportLines } from '../../core/rehearse/report-text.ts';
import type { CommandLine } from '../define.ts';
import { CliError, EXIT } from '../errors.ts';
import { print, printError, printJson } from '../io.ts';
import { positiveNumber, wholeNumber } from '../numbers.ts';
import { shortest } from '../prepare.ts';
import { Drive } from '../rehearse/drive.ts';
import { lostWork } from '../rehearse/landed-work.ts';
import { setStage, type Stage } from '../rehearse/stage.ts';
import { clearScratch, endSession } from '../scratch/clear.ts';
import { startDaemon } from '../session.ts';
import { openTui, terminalProblem } from '../terminal.ts';
import { userName } from '../user.ts';

export async function rehearse({ context, args, options }: CommandLine): Promise<void> {
  const path = resolve(context.cwd, args[0] as string);
  const screen = options.tui === true;
  const problem = screen ? terminalProblem() : null;
  if (problem !== null) throw new CliError(problem);
  const seed = options.chaos === undefined ? null : wholeNumber(options.chaos, '--chaos');
  const speed = options.speed === undefined ? null : positiveNumber(options.speed, '--speed');
  const keep = options.keep === true;
  const stage = await setStage({ path, shown: shortest(path, context.cwd), seed, speed, keep });
  const say = context.json || screen ? () => undefined : print;
  let report: RehearsalReport;
  try {
    report = await play(stage, seed, say, screen);
  } finally {
    if (keep) await endSession(stage.paths);
    else await clearScratch(stage.scratch, stage.paths);
  }
  if (context.json) printJson(report);
  else print(reportLines(report).join('\n'));
  if (keep) printError(`kept: ${stage.scratch.repo} (\`llmctl tui --repo\` shows it), journal ${stage.paths.journal}`);
  if (report.ok) return;
  printError(`${stage.plan.name} did not run to its end: ${report.reason}`);
  process.exitCode = EXIT.failed;
}

async function play(
  stage: Stage,
  seed: number | null,
  say: (line: string) => void,
  screen: boolean,
): Promise<RehearsalReport> {
  const { paths, plan, planFile, speed, commands, scratch } = stage;
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const start = () => startDaemon(paths, { plan: planFile, git: true });
  say(`rehearsing ${plan.name} ${speed} times faster than life in ${scratch.repo}`);
  try {
    await start();
    const greeting = { kind: 'cli', readOnly: false, user: userName() } as const;
    const room = await RoomConnection.open({ socket: paths.socket, greeting, revive: start });
    const drive = new Drive({ room, seed, speed, say, stop: stop.signal });
    const shown = screen
      ? openTui({ socket: paths.socket, log: join(paths.logDir, 'tui.log'), here: true, start: () => start() })
      : null;
    // Who leaves the room early doesn't want to see the rest of it.
    shown?.finally(interrupt).catch(() => undefined);
    const stopped = await drive.run();
    const open = openWork(room.state());
    const lost = stopped === '' ? await lostWork(scratch.repo, room.state()) : [];
    const reason = lost.length === 0 ? stopped : `${lost.join(', ')} done, and not on the integration branch`;
    await shown;
    room.close();
    await endSession(paths);
    return rehearsalReport(plan, journalOf(paths.journal), { open, reason, seed, speed, commands });
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

function journalOf(path: string): readonly JournalEntry[] {
  const journal = Journal.open(path, { onTrouble: () => undefined, onReplaced: () => undefined });
  const entries = [...journal.read(1)];
  journal.close();
  return entries;
}
