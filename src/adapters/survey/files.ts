/** The few files of a repository that say how it is built. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** None that a person wrote is larger. */
const MAX_BYTES = 1024 * 1024;

/** A repository's top folder, read once. */
export class TopFolder {
  readonly root: string;
  readonly names: ReadonlySet<string>;

  private constructor(root: string, names: ReadonlySet<string>) {
    this.root = root;
    this.names = names;
  }

  static async read(root: string): Promise<TopFolder> {
    return new TopFolder(root, new Set(await readdir(root).catch(() => [])));
  }

  has(name: string): boolean {
    return this.names.has(name);
  }

  /** @returns the first of `names` that is there; null where none is */
  first(...names: readonly string[]): string | null {
    return names.find((name) => this.has(name)) ?? null;
  }

  /** Its text; '' where it can't be read, or is larger than any such file. @param path relative */
  async text(path: string): Promise<string> {
    const file = join(this.root, path);
    const info = await stat(file).catch(() => null);
    if (!info?.isFile() || info.size > MAX_BYTES) return '';
    return readFile(file, 'utf8').catch(() => '');
  }

  /** @param folder relative; none where it isn't there */
  list(folder: string): Promise<string[]> {
    return readdir(join(this.root, folder)).catch(() => []);
  }
}
