/** The content of a file that a person settles by hand: out of a file, standard input, or an editor. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { bytesOf } from '../../adapters/git/path-bytes.ts';
import { markerLine, withMarkers } from '../../core/overlap/markers.ts';
import { splitArgv } from '../../core/plan/argv.ts';
import { showControls } from '../../core/text.ts';
import type { MergeSegment } from '../../protocol/messages.ts';
import { CliError, EXIT } from '../errors.ts';

export interface Edited {
  readonly bytes: Buffer;
  /** Called once the content has been taken over: until then what a person wrote is kept. */
  readonly forget: () => Promise<void>;
}

/** @param file `-`: standard input */
export async function fromFile(file: string, cwd: string): Promise<Edited> {
  if (file === '-') return { bytes: await buffer(process.stdin), forget: async () => undefined };
  const bytes = await readFile(resolve(cwd, file)).catch((error: NodeJS.ErrnoException) => {
    throw new CliError(`${file}: ${error.code === 'ENOENT' ? 'no such file' : error.message}`, EXIT.usage, 'usage');
  });
  return { bytes, forget: async () => undefined };
}

/**
 * Opens the person's editor on the merged file, with markers around what is in conflict.
 * @throws CliError where the editor fails, or markers are left and `anyway` is false: what was written is kept then
 */
export async function fromEditor(
  what: { path: string; segments: readonly MergeSegment[]; a: string; b: string },
  anyway: boolean,
): Promise<Edited> {
  const { text, width } = withMarkers(what.segments, what);
  const folder = await mkdtemp(join(tmpdir(), 'llmctl-merge-'));
  const file = join(folder, safeName(what.path));
  await writeFile(file, bytesOf(text), { mode: 0o600 });
  await runEditor(file);
  const bytes = await readFile(file);
  if (!anyway) refuseMarkers(bytes, width, `it is kept in ${file}: mend it, then add \`--file ${file}\``);
  return { bytes, forget: () => rm(folder, { recursive: true, force: true }) };
}

/** @throws CliError naming the first line with a marker */
export function refuseMarkers(bytes: Buffer, width: number | null, remedy: string): void {
  const line = markerLine(bytes.toString('latin1'), width);
  if (line !== null)
    throw new CliError(`line ${line} still has a conflict marker; ${remedy}; or --yes takes it as it is`);
}

async function runEditor(file: string): Promise<void> {
  const named = process.env.VISUAL || process.env.EDITOR || 'vi';
  const split = splitArgv(named);
  if (!split.ok) throw new CliError(`$EDITOR can't be run: ${split.reason}`);
  const [program, ...args] = split.argv;
  const status = await new Promise<number | null>((done, reject) => {
    const child = spawn(program!, [...args, file], { stdio: 'inherit' });
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(new CliError(`${showControls(program!)} can't be started (${error.code}): set $EDITOR, or use --file`)),
    );
    child.once('close', (code) => done(code));
  });
  if (status !== 0)
    throw new CliError(
      `the editor ended with status ${status ?? 'unknown'}: nothing is decided; what it left is in ${file}`,
    );
}

/** Editors colour by a name's end; anything odd in it stays out of the file system. */
function safeName(path: string): string {
  return (
    basename(path)
      .replaceAll(/[^\w.-]/g, '_')
      .replace(/^[.-]+/, '') || 'merged'
  );
}
