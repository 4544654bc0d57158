/** demo: the control room on a throw-away repository with scripted agents. */
import { join } from 'node:path';
import { sessionPaths } from '../../adapters/paths/session.ts';
import type { CommandLine } from '../define.ts';
import { runRound } from '../demo/headless.ts';
import { demoPlan } from '../demo/plan.ts';
import { makeProject } from '../demo/project/make.ts';
import { CliError } from '../errors.ts';
import { print, printError } from '../io.ts';
import { positiveNumber } from '../numbers.ts';
import { clearScratch } from '../scratch/clear.ts';
import type { Scratch } from '../scratch/scratch.ts';
import { startDaemon } from '../session.ts';
import { openTui, terminalProblem } from '../terminal.ts';

export async function demo({ context, options }: CommandLine): Promise<void> {
  const speed = positiveNumber(options.speed, '--speed');
  const screen = !context.json && process.stdin.isTTY === true && process.stdout.isTTY === true;
  const problem = screen ? terminalProblem() : null;
  if (problem !== null) throw new CliError(problem);

  const project = await makeProject(demoPlan(speed), options.keep === true);
  const paths = sessionPaths(project.repo);
  let keep = options.keep === true;
  let left: 'detached' | 'ended' | null = null;
  try {
    await startDaemon(paths, { plan: join(project.repo, 'llmctl.yaml'), git: true });
    if (screen) {
      left = await openTui({
        socket: paths.socket,
        log: join(paths.logDir, 'tui.log'),
        here: true,
        start: (again) => startDaemon(paths, again),
        farewell: comeBack(project),
      });
      keep ||= left === 'detached';
    } else {
      await runRound(paths.socket, speed, context.json);
    }
  } catch (error) {
    if (!keep) await clearScratch(project, paths).catch(() => undefined);
    throw error;
  }
  if (!keep) await clearScratch(project, paths);
  const last = keep ? comeBack(project) : 'The demo is over; what it made is deleted.';
  if (context.json) printError(last);
  // Who detached has been told already.
  else if (left !== 'detached') print(last);
}

function comeBack({ repo }: Scratch): string {
  return `The demo goes on. \`llmctl tui --repo ${repo}\` brings you back, \`llmctl down --repo ${repo}\` ends it.`;
}
