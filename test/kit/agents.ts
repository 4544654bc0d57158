/** Scripted programs for panes; their sources are in test/fixtures/agents. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from './temp.ts';

export type Command = readonly string[];

const FOLDER = join(PROJECT, 'test/fixtures/agents');
const node = (script: string, ...args: string[]): Command => [process.execPath, join(FOLDER, script), ...args];

/** Prints `tick N` twenty times a second, and keeps N in `file`. */
export const counter = (file: string): Command => ['/bin/sh', join(FOLDER, 'counter.sh'), file];

/** Gives back every line, and nothing else. */
export const echo = (): Command => ['/bin/cat'];

export const shell = (): Command => ['/bin/bash', '--norc', '--noprofile', '-i'];

/** Prints the hex of every chunk it reads as `got …`; `modes` are names of keys.mjs. */
export const keyReader = (...modes: string[]): Command => node('keys.mjs', ...modes);

/** Prints `lines` lines as fast as it can; without an end where that is 0. */
export const flood = (lines = 0): Command => node('flood.mjs', String(lines));

/** One of the streams of stream.mjs: agent, redraw, scroll. */
export const stream = (kind: string, ...args: string[]): Command => node('stream.mjs', kind, ...args);

/** Sends everything a terminal should not obey, then says `survived`. */
export const hostile = (): Command => node('hostile.mjs');

/** Wide, combining and emoji characters in true colour. */
export const wide = (): Command => node('wide.mjs');

/** Edits, creates, deletes, renames and commits at random where it runs; says in `folder` what it did. */
export const writer = (side: string, seed: number, folder: string): Command =>
  node('writer.mjs', side, String(seed), folder);

/** Prints what it is given, then waits. */
export const says = (text: string): Command => ['/bin/sh', '-c', 'printf "%s\\n" "$1"; exec cat', 'says', text];

/** The fork-happy tree of test/fixtures/tree.c, compiled once: every process writes to `file` while it runs. */
export function tree(file: string, beaters = 4, spawners = 3, daemons = 2, hoppers = 0): Command {
  const folder = join(PROJECT, 'build/test');
  const binary = join(folder, 'tree');
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    execFileSync('gcc', ['-O1', '-o', binary, join(PROJECT, 'test/fixtures/tree.c')]);
  }
  return [binary, file, ...[beaters, spawners, daemons, hoppers].map(String)];
}

/** Does the tasks that it is told about, see worker.mjs. @param lines of shell by task */
export const worker = (lines: Readonly<Record<string, string>> = {}): Command =>
  node('worker.mjs', JSON.stringify(lines));

/** Calls tools of `llmctl mcp`, given as `[[name, arguments], …]`, prints `tool: answer` for each, then waits. */
export const mcpClient = (...calls: readonly (readonly [string, object])[]): Command =>
  node('mcp.mjs', JSON.stringify(calls));

/** Takes pasted messages, and writes each as a line of JSON to `file`. */
export const listener = (file: string): Command => node('listener.mjs', file);
