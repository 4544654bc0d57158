/**
 * Whether a file's bytes are what git would keep of it, or whether a filter or a rule about line ends comes in: decided
 * from what the configuration and the attributes could say at most, so that a plain file costs no question to git.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitPath } from './api-merge.ts';
import { fieldsOf, fileAt, joinPaths, pathOf } from './path-bytes.ts';
import type { Git } from './plumb.ts';

/** 'plain': bytes as they are. 'filtered': as `git hash-object --path` has it. 'index': it depends on what the index holds. */
export type Conversion = 'plain' | 'filtered' | 'index';

interface Meaning {
  /** Something other than line ends may be changed. */
  readonly filters: boolean;
  readonly lineEnds: boolean;
  /** A checkout may put in carriage returns. */
  readonly crlf: boolean;
}

const NOTHING: Meaning = { filters: false, lineEnds: false, crlf: false };
const SETTING = String.raw`^core\.(autocrlf|eol|filemode|symlinks|ignorecase|sparsecheckout|precomposeunicode|attributesfile)$`;

export class Conversions {
  readonly #git: Git;
  #global: Meaning = NOTHING;
  #autocrlf = false;
  #checksOutCrlf = false;
  #plainFiles = false;
  readonly #files = new Map<string, { readonly stamp: string; readonly meaning: Meaning }>();
  /** What git said of the attribute `text`, by path. */
  readonly #text = new Map<GitPath, string>();

  constructor(git: Git) {
    this.#git = git;
  }

  /** False where files are not read and named as this system has them: only git itself then knows what it would keep. */
  get usable(): boolean {
    return this.#plainFiles;
  }

  /** Reads the configuration again. */
  async refresh(): Promise<void> {
    const { out } = await this.#git.run(['config', '-z', '--get-regexp', SETTING], { ok: [0, 1] });
    const settings = new Map<string, string>();
    for (const field of fieldsOf(out)) {
      const [key = '', value = 'true'] = field.toString().split('\n');
      settings.set(key, value.toLowerCase());
    }
    const is = (key: string, usual: boolean) => {
      const value = settings.get(`core.${key}`);
      return value === undefined ? usual : !['false', 'no', 'off', '0', ''].includes(value);
    };
    this.#autocrlf = is('autocrlf', false);
    const odd = is('ignorecase', false) || is('sparsecheckout', false) || is('precomposeunicode', false);
    this.#plainFiles = is('filemode', true) && is('symlinks', true) && !odd && process.platform === 'linux';
    const { HOME, XDG_CONFIG_HOME } = process.env;
    const own = XDG_CONFIG_HOME || (HOME ? join(HOME, '.config') : '');
    // Another place for it is rare: then everything is taken for filtered.
    const elsewhere = settings.has('core.attributesfile');
    const places = [
      '/etc/gitattributes',
      join(own, 'git/attributes'),
      join(this.#git.dirs.commonDir, 'info/attributes'),
    ];
    const meanings = await Promise.all(
      places.map(async (place) => meaningOf(await readFile(place, 'latin1').catch(() => ''))),
    );
    this.#global = elsewhere ? { filters: true, lineEnds: true, crlf: true } : combined(meanings);
    this.#checksOutCrlf = settings.get('core.eol') === 'crlf' || this.#autocrlf;
    this.#text.clear();
  }

  /** What the attributes could mean for files in `folders`, '' being the top. */
  async of(folders: readonly GitPath[]): Promise<Meaning> {
    const meanings = await Promise.all(folders.map((folder) => this.#inFolder(folder)));
    return combined([this.#global, ...meanings]);
  }

  /** Whether a checkout writes a file in `folders` as git keeps it. */
  async writesPlain(folders: readonly GitPath[]): Promise<boolean> {
    if (!this.#plainFiles || this.#checksOutCrlf) return false;
    const { filters, crlf } = await this.of(folders);
    return !filters && !crlf;
  }

  /** @param hasCr the file holds a carriage return, or nobody looked. */
  async judge(paths: readonly { readonly path: GitPath; readonly meaning: Meaning; readonly hasCr: boolean }[]) {
    const unclear = paths.filter(({ meaning, hasCr }) => this.#mayChange(meaning, hasCr));
    await this.#ask(unclear.map(({ path }) => path).filter((path) => !this.#text.has(path)));
    return new Map(
      unclear.map(({ path, hasCr, meaning }): [GitPath, Conversion] => {
        const text = this.#text.get(path) ?? 'auto';
        // Files that hold carriage returns in the index already keep them.
        const automatic = text === 'auto' || (text === 'unspecified' && this.#autocrlf);
        if (automatic && hasCr) return [path, 'index'];
        return [path, meaning.filters || hasCr ? 'filtered' : 'plain'];
      }),
    );
  }

  #mayChange(meaning: Meaning, hasCr: boolean): boolean {
    return meaning.filters || (hasCr && (meaning.lineEnds || this.#autocrlf));
  }

  async #ask(paths: readonly GitPath[]): Promise<void> {
    if (paths.length === 0) return;
    if (this.#text.size > 20_000) this.#text.clear();
    const { out } = await this.#git.run(['check-attr', '-z', '--stdin', 'text'], { input: joinPaths(paths) });
    const fields = fieldsOf(out);
    for (let at = 0; at + 2 < fields.length; at += 3) this.#text.set(pathOf(fields[at]!), fields[at + 2]!.toString());
  }

  async #inFolder(folder: GitPath): Promise<Meaning> {
    const file = fileAt(this.#git.dirs.dir, folder === '' ? '.gitattributes' : `${folder}/.gitattributes`);
    const found = await stat(file, { bigint: true }).catch(() => null);
    if (!found) return NOTHING;
    const stamp = `${found.ino} ${found.mtimeNs} ${found.size}`;
    const known = this.#files.get(folder);
    if (known?.stamp === stamp) return known.meaning;
    const meaning = meaningOf(await readFile(file, 'latin1').catch(() => 'filter eol'));
    this.#text.clear();
    this.#files.set(folder, { stamp, meaning });
    return meaning;
  }
}

const known = new Map<string, { readonly stamp: string; readonly conversions: Conversions }>();
const KNOWN_LIMIT = 200;

/** Those of a worktree, read again when a file of the configuration has changed. */
export async function conversionsOf(git: Git): Promise<Conversions> {
  const { dir, gitDir, commonDir } = git.dirs;
  const { HOME = '/', XDG_CONFIG_HOME } = process.env;
  const files = [
    '/etc/gitconfig',
    join(HOME, '.gitconfig'),
    join(XDG_CONFIG_HOME || join(HOME, '.config'), 'git/config'),
  ];
  const stamps = await Promise.all(
    [...files, join(commonDir, 'config'), join(gitDir, 'config.worktree')].map(async (file) => {
      const found = await stat(file, { bigint: true }).catch(() => null);
      return found ? `${found.ino} ${found.mtimeNs} ${found.size}` : '-';
    }),
  );
  const stamp = stamps.join('\n');
  const before = known.get(dir);
  if (before?.stamp === stamp) return before.conversions;
  const conversions = new Conversions(git);
  await conversions.refresh();
  if (known.size >= KNOWN_LIMIT) known.clear();
  known.set(dir, { stamp, conversions });
  return conversions;
}

function combined(meanings: readonly Meaning[]): Meaning {
  return {
    filters: meanings.some((meaning) => meaning.filters),
    lineEnds: meanings.some((meaning) => meaning.lineEnds),
    crlf: meanings.some((meaning) => meaning.crlf),
  };
}

/** Read generously: a word in a comment counts (gitattributes(5)). */
function meaningOf(text: string): Meaning {
  const filters = /filter|ident|working-tree-encoding/.test(text);
  return { filters, lineEnds: /text|eol|crlf|binary/.test(text), crlf: /crlf/.test(text) };
}
