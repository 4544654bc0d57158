/** tui: attaches the control room; the session is started first where none runs. */
import { dirname, join } from 'node:path';
import type { CommandLine } from '../define.ts';
import { CliError, usageError } from '../errors.ts';
import { prepareStart } from '../prepare.ts';
import { startDaemon } from '../session.ts';
import { openTui, terminalProblem } from '../terminal.ts';

export async function tui({ context, options }: CommandLine): Promise<void> {
  if (context.json) throw usageError('tui is a screen: `llmctl status --json` prints what it shows');
  const problem = terminalProblem();
  if (problem !== null) throw new CliError(problem);
  const readOnly = options.readOnly === true;
  const theme = typeof options.theme === 'string' ? options.theme : undefined;
  if (typeof options.host === 'string') {
    const { remoteSocket } = await import('../remote.ts');
    const remote = await remoteSocket(options.host, typeof options.repo === 'string' ? options.repo : undefined);
    try {
      await openTui({
        socket: remote.socket,
        log: join(dirname(context.paths.stateDir), 'tui.log'),
        readOnly,
        theme,
        farewell: remote.farewell,
      });
    } finally {
      remote.close();
    }
    return;
  }
  await openTui({
    socket: context.paths.socket,
    log: join(context.paths.logDir, 'tui.log'),
    readOnly,
    theme,
    here: true,
    begin: async () => startDaemon(context.paths, await prepareStart(context, options)),
    start: (again) => startDaemon(context.paths, again),
  });
}
