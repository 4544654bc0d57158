/**
 * `npm run test:agents`: real agent CLIs against a scripted model, in a network namespace that has a loopback and nothing else.
 * Arguments go to vitest: names of files, `-t` and so on. Exit status: 0 all that could be run passed, also where no CLI could be
 * installed; 1 a test failed, or there is no such namespace.
 */
import { fileURLToPath } from 'node:url';
import { runAlone } from './alone.ts';
import { installAll, programOf } from './install.ts';
import { PINNED } from './versions.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

// What can't be installed is no fault of llmctl's: its tests are skipped.
for (const line of installAll()) console.error(`skipped: ${line}`);
if (PINNED.every((cli) => programOf(cli) === null)) {
  console.error('none of the agent CLIs is there: nothing was tested');
  process.exit(0);
}
const vitest = [`${PROJECT}node_modules/vitest/vitest.mjs`, 'run', '--config', `${HERE}vitest.config.ts`];
process.exit(runAlone([process.execPath, ...vitest, ...process.argv.slice(2)], PROJECT));
