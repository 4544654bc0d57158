/**
 * `npm run faults [-- --long] [vitest's own arguments]`: does harm to llmctl and looks at what is lost. `--long` asks for as
 * many rounds of live writers and ends of the daemon as take hours.
 */
import { spawnSync } from 'node:child_process';

const LONG = { LLMCTL_LIVE_ROUNDS: '10000', LLMCTL_LIVE_CRASHES: '1000', LLMCTL_LIVE_KILLS: '100' };

/** Also what makes vitest take in the whole session, see vitest.config.ts. */
const SHORT = { LLMCTL_LIVE_KILLS: '2' };

const args = process.argv.slice(2);
const rest = args.filter((arg) => arg !== '--long');
const env = { ...(rest.length < args.length ? LONG : SHORT), ...process.env };
const folders = rest.some((arg) => !arg.startsWith('-')) ? [] : ['test/faults'];
const run = spawnSync('vitest', ['run', '--project', 'scenario', ...folders, ...rest], { stdio: 'inherit', env });
if (run.error) console.error(`faults: ${run.error.message}; start it with npm run faults`);
process.exitCode = run.status ?? 1;
