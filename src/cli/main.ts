/** The command line's entry. Kept tiny: what a command needs is loaded when that command runs. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { quietOnClosedPipe } from './io.ts';

// A folder of our own: one in /tmp could be anybody's.
const caches = process.env.XDG_CACHE_HOME || (process.env.HOME && join(process.env.HOME, '.cache'));
if (caches) enableCompileCache(join(caches, 'llmctl'));
quietOnClosedPipe();
const argv = process.argv.slice(2);
const { run } = await import('./program.ts');
process.exitCode = await run(argv);
