/** The command line's entry. Kept tiny: what a command needs is loaded when that command runs. */
import { enableCompileCache } from 'node:module';
import { quietOnClosedPipe } from './io.ts';

enableCompileCache();
quietOnClosedPipe();
const { run } = await import('./program.ts');
process.exitCode = await run(process.argv.slice(2));
