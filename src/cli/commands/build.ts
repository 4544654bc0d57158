/** build: runs one of the plan's health checks now. */
import { LlmctlError } from '../../client/error.ts';
import type { CommandLine } from '../define.ts';
import { CliError, EXIT } from '../errors.ts';
import { printError, printJson } from '../io.ts';
import { command, snapshot } from '../requests.ts';
import { healthDocument } from '../../core/select/health.ts';
import { duration } from '../table.ts';

export async function build({ context, args }: CommandLine): Promise<void> {
  await context.withSession(async (connection) => {
    const before = (await snapshot(connection)).state.health;
    const names = Object.keys(before);
    const name = (args[0] as string | undefined) ?? (names.includes('build') ? 'build' : names[0]);
    if (name === undefined) {
      throw new CliError(
        'the plan names no check: add `health: {build: COMMAND}` to llmctl.yaml and `llmctl up` again',
      );
    }
    await command(connection, { type: 'health.run', name });
    const check = (await snapshot(connection)).state.health[name];
    if (check === undefined) throw new LlmctlError('unknown-check', `there is no check '${name}'`, names);
    if (context.json) printJson({ name, ...healthDocument(check) });
    if (check.state === 'red') {
      printError(`${name} is red after ${duration(check.ms)}: ${check.firstError || check.command}`);
      process.exitCode = EXIT.failed;
    } else if (!context.json) context.answer(null, `${name} is ${check.state} after ${duration(check.ms)}`);
  });
}
