/**
 * `npm run test:agents`: real agent CLIs against a scripted model, in a network namespace that has a loopback and nothing else.
 * Arguments go to vitest: names of files, `-t` and so on.
 */
import { fileURLToPath } from 'node:url';
import { runAlone } from './alone.ts';
import { installAll } from './install.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

for (const line of installAll()) console.error(line);
const vitest = [`${PROJECT}node_modules/vitest/vitest.mjs`, 'run', '--config', `${HERE}vitest.config.ts`];
process.exit(runAlone([process.execPath, ...vitest, ...process.argv.slice(2)], PROJECT));
