/**
 * Files that an editor works on, kept for as long as it does: written and read by whoever started the screen, for the screen
 * itself touches no file.
 */
export interface OutsideFiles {
  /** A file of that name, and the command that edits it. @param bytes - its content */
  edit(name: string, bytes: Uint8Array): Promise<EditedFile>;
  /** The same with git's merge tool, over a repository that holds nothing but the conflict. */
  mergetool(name: string, sides: MergeSides): Promise<EditedFile>;
  /**
   * The command that edits a file where it lies. @param path - absolute; `line` counts from 1
   * @throws an Error in one line where the file is not there
   */
  open(path: string, line: number): Promise<readonly string[]>;
}

export interface MergeSides {
  readonly base: Uint8Array;
  readonly a: Uint8Array;
  readonly b: Uint8Array;
}

export interface EditedFile {
  readonly command: readonly string[];
  /** Absolute folder that the command runs in. */
  readonly cwd: string;
  read(): Promise<Uint8Array>;
  remove(): Promise<void>;
}
