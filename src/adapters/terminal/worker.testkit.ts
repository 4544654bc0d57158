/** For tests: the real worker, whose emulators hang on `HANG!` and bring the thread down on `CRASH!`. */
import { XtermEmulator } from './emulator.ts';

const { parse } = XtermEmulator.prototype;
XtermEmulator.prototype.parse = function hostile(this: XtermEmulator, bytes: Uint8Array): void {
  const text = Buffer.from(bytes).toString('latin1');
  while (text.includes('HANG!')) Math.sqrt(2);
  if (text.includes('CRASH!')) process.exit(3);
  parse.call(this, bytes);
};
await import('./worker.ts');
