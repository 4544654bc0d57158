/**
 * A recorded session of a program in a terminal: a first line about it, then one line of JSON for each thing that happened, as in
 * asciicast: [ms, what, …]. Kept compressed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';

export interface RecordingHead {
  readonly name: string;
  readonly profile: string;
  /** What the program says its version is. */
  readonly version: string;
  readonly cols: number;
  readonly rows: number;
}

export type Happening =
  /** Output, byte for byte as latin1. */
  | readonly [ms: number, what: 'o', bytes: string]
  | readonly [ms: number, what: 'r', cols: number, rows: number]
  /** A hook was run with this on its standard input. */
  | readonly [ms: number, what: 'h', name: string, input: unknown]
  /** An event of the program's own API. */
  | readonly [ms: number, what: 'e', name: string, body: unknown]
  /** From here on it is truly in this state; null: it can't be told, and isn't asked for. */
  | readonly [ms: number, what: 's', state: string | null, waitingFor: string | null];

export interface Recording {
  readonly head: RecordingHead;
  /** In the order of their times. */
  readonly happenings: readonly Happening[];
}

export function writeRecording(path: string, { head, happenings }: Recording): void {
  const lines = [head, ...happenings].map((line) => JSON.stringify(line));
  writeFileSync(path, gzipSync(`${lines.join('\n')}\n`, { level: 9 }));
}

export function readRecording(path: string): Recording {
  const [head, ...rest] = gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split('\n');
  return { head: JSON.parse(head!) as RecordingHead, happenings: rest.map((line) => JSON.parse(line) as Happening) };
}
