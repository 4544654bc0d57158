/** What a piece of code is; everything else is plain text. */
export type CodeKind = 'keyword' | 'string' | 'number' | 'comment' | 'name' | 'type' | 'text';

/** A piece of one line, without its line end. */
export interface CodeRun {
  readonly text: string;
  readonly kind: CodeKind;
}

export interface Highlighter {
  /** The lines of `text` in runs; null where its language is not known or it is too long. */
  lines(text: string, path: string): readonly (readonly CodeRun[])[] | null;
}
