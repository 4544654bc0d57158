/** The files that an editor or git's merge tool works on for the merge screen: each in a folder of its own, of mode 0700, until it is done. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Git } from '../adapters/git/plumb.ts';
import { runGit } from '../adapters/git/run.ts';
import { showControls } from '../core/text.ts';
import { splitArgv } from '../core/plan/argv.ts';
import type { EditedFile, MergeSides, OutsideFiles } from '../tui/app/outside-files.ts';
import { CliError } from './errors.ts';

export function outsideFiles(env: Readonly<Record<string, string | undefined>>): OutsideFiles {
  return {
    async edit(name, bytes) {
      const command = editorOf(env);
      const folder = await newFolder();
      const file = join(folder, safeName(name));
      await writeFile(file, bytes);
      return edited(folder, file, [...command, file]);
    },
    async open(path, line) {
      const there = await stat(path).catch(() => null);
      if (!there?.isFile()) throw new CliError(`${showControls(path)} is not there`);
      return editorAt(editorOf(env), path, line);
    },
    async mergetool(name, sides) {
      const folder = await newFolder();
      try {
        const file = join(folder, safeName(name));
        await conflictIn(folder, safeName(name), sides);
        return edited(folder, file, ['git', 'mergetool', '--no-prompt', '--', safeName(name)]);
      } catch (error) {
        await rm(folder, { recursive: true, force: true });
        throw error;
      }
    },
  };
}

/** As git looks for one (git-var(1), GIT_EDITOR), without its configuration: words, never a shell's line. */
function editorOf(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const line = env['VISUAL'] || env['EDITOR'] || 'vi';
  const split = splitArgv(line);
  if (!split.ok || split.argv.length === 0) throw new CliError(`$VISUAL or $EDITOR is no command: ${line}`);
  return split.argv;
}

/** Editors take the line as `+N` (POSIX ex, vi; nano, emacs, kak), some behind the path. */
function editorAt(editor: readonly string[], path: string, line: number): readonly string[] {
  const name = basename(editor[0] ?? '');
  if (/^(?:code|codium|cursor)$/.test(name)) return [...editor, '--goto', `${path}:${line}`];
  if (/^(?:hx|helix|micro|subl|zed)$/.test(name)) return [...editor, `${path}:${line}`];
  return [...editor, `+${line}`, path];
}

function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'llmctl-merge-'));
}

/** A leading dash would be an option, and a name of git's own would be in the way of the repository beside it. */
function safeName(name: string): string {
  return name === '' || name.startsWith('-') || name === '.git' ? `_${name}` : name;
}

function edited(folder: string, file: string, command: readonly string[]): EditedFile {
  return {
    command,
    cwd: folder,
    read: () => readFile(file),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A repository with one file in it, in conflict: stages 1 to 3 are base, A and B (git-ls-files(1), "--unmerged"). */
async function conflictIn(folder: string, name: string, { base, a, b }: MergeSides): Promise<void> {
  const made = await runGit(folder, ['init', '--quiet']);
  if (!made.ok) throw new CliError(`git could not make a place for the merge tool: ${made.reason}`);
  const git = new Git({ dir: folder, gitDir: join(folder, '.git'), commonDir: join(folder, '.git') });
  const write = async (side: Uint8Array) =>
    (await git.run(['hash-object', '-w', '--no-filters', '--stdin'], { input: Buffer.from(side) })).out
      .toString()
      .trim();
  const [one, two, three] = [await write(base), await write(a), await write(b)];
  const stages = [one, two, three].map((oid, i) => `100644 ${oid} ${i + 1}\t${name}\0`).join('');
  await git.run(['update-index', '-z', '--index-info'], { input: stages });
  await git.run(['checkout', '--merge', '--', name]);
}
