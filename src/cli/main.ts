/** The command line's entry. Kept tiny: what a command needs is loaded when that command runs. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { quietOnClosedPipe } from './io.ts';

// A folder of our own: one in /tmp could be anybody's.
const caches = process.env.XDG_CACHE_HOME || (process.env.HOME && join(process.env.HOME, '.cache'));
if (caches) enableCompileCache(join(caches, 'llmctl'));
quietOnClosedPipe();
const argv = process.argv.slice(2);
// An agent waits for its hook, and takes a failing one amiss: no command line is built for it that could refuse anything.
if (argv[0] === 'hook' && !argv.includes('--help')) await (await import('./hook/hook.ts')).hook(argv[1] ?? '');
const { run } = await import('./program.ts');
process.exitCode = await run(argv);
