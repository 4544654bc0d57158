/** land: takes an agent's work into the integration branch, once its checks have passed on the merged tree. */
import type { DaemonConnection } from '../../client/connection.ts';
import { LlmctlError } from '../../client/error.ts';
import { isOpen } from '../../core/landing/landing.ts';
import { landingDocument, lastLanding } from '../../core/select/landings.ts';
import { showControls } from '../../core/text.ts';
import type { CommandLine } from '../define.ts';
import { CliError, EXIT } from '../errors.ts';
import { printError, printJson } from '../io.ts';
import { command, snapshot } from '../requests.ts';

export async function land({ context, args, options }: CommandLine): Promise<void> {
  const agent = args[0] as string;
  await context.withSession(async (connection) => {
    if (options.withdraw === true) {
      await withdraw(connection, agent);
      context.answer({ ok: true, agent }, `${agent}'s landing is withdrawn`);
      return;
    }
    const before = lastLanding((await snapshot(connection)).state, agent);
    const refused = await askFor(connection, agent);
    const { state } = await snapshot(connection);
    const landing = lastLanding(state, agent);
    if (refused !== null) {
      // Refused before anything was queued: there is no landing to tell of.
      if (!landing || landing.id === before?.id) throw refused;
      if (context.json) {
        const { code, message: error, nearest } = refused;
        printJson({ ok: false, code, error, nearest, landing: landingDocument(landing) });
      }
      printError(refused.message);
      process.exitCode = EXIT.failed;
      return;
    }
    const branch = showControls(state.session.integration ?? '');
    const where = landing?.merge ? ` as ${landing.merge.slice(0, 12)}` : '';
    const text =
      landing?.state === 'landed'
        ? `${agent} has landed on ${branch}${where}`
        : `nothing of ${agent} was left to land: ${landing?.reason ?? ''}`;
    context.answer({ ok: true, agent, integration: branch, landing: landing && landingDocument(landing) }, text);
  });
}

/** @returns what the session said against it; null once it has landed */
async function askFor(connection: DaemonConnection, agent: string): Promise<LlmctlError | null> {
  try {
    await command(connection, { type: 'agent.land', agent });
    return null;
  } catch (error) {
    if (error instanceof LlmctlError && error.code === 'failed') return error;
    throw error;
  }
}

async function withdraw(connection: DaemonConnection, agent: string): Promise<void> {
  const landing = lastLanding((await snapshot(connection)).state, agent);
  if (!landing || !isOpen(landing))
    throw new CliError(`no landing of ${showControls(agent)} waits: there is nothing to withdraw`);
  await command(connection, { type: 'landing.withdraw', landing: landing.id });
}
