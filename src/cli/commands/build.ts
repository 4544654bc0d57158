/** build: runs one of the plan's health checks now. */
import { checksNamed } from '../../core/health/agent-checks.ts';
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
    const checks = checksNamed((await snapshot(connection)).state.health, name);
    const [check] = checks;
    if (check === undefined) throw new LlmctlError('unknown-check', `there is no check '${name}'`, names);
    if (context.json) {
      const each = Object.fromEntries(checks.map((one) => [one.name, healthDocument(one)]));
      printJson(check.name === name ? { name, ...healthDocument(check) } : { name, checks: each });
    }
    const red = checks.find(({ state }) => state === 'red');
    if (red) {
      printError(`${red.name} is red after ${duration(red.ms)}: ${red.firstError || red.command}`);
      process.exitCode = EXIT.failed;
    } else if (!context.json) {
      context.answer(null, checks.map((one) => `${one.name} is ${one.state} after ${duration(one.ms)}`).join('\n'));
    }
  });
}
