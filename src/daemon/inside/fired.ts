/**
 * What an agent CLI hands to its hooks, as the daemon wants it. Claude Code: https://docs.claude.com/en/docs/claude-code/hooks;
 * Codex and Gemini CLI name the same fields.
 */
import { resolve } from 'node:path';
import { realFile } from '../../adapters/paths/real-file.ts';
import type { HookCall } from '../../protocol/hook-frame.ts';
import type { Fields } from './fields.ts';

export interface HookFired {
  /** As the CLI calls it: `PreToolUse`, `BeforeTool`, `Stop`. */
  readonly name: string;
  /** Its JSON with long texts cut; null where it was none. */
  readonly said: Fields | null;
  /** Why it was none, and where; '' else. */
  readonly wrong: string;
  /** Files that the tool writes; absolute, symlinks resolved. */
  readonly files: readonly string[];
}

/** What the CLI is to be told; verdict null: nothing, it goes on as it would. */
export interface HookReply {
  readonly verdict: 'allow' | 'deny' | null;
  readonly reason: string;
}

/** Longer texts are cut: what a tool writes may be megabytes. */
const TEXT_MAX = 8_000;
const ITEMS_MAX = 50;
const DEPTH_MAX = 6;

/** @param call its name as the CLI has it, or `pre-tool-use`; '' for the name in the document */
export function firedOf({ name, cwd, text }: Pick<HookCall, 'name' | 'cwd' | 'text'>): HookFired {
  const { said, wrong } = parsed(text.toString('utf8'));
  const own = said?.hook_event_name;
  const called = camel(name) || (typeof own === 'string' ? own : '');
  if (said === null) return { name: called, said, wrong, files: [] };
  return { name: called, said: cut(said, 0) as Fields, wrong, files: writtenFiles(said, cwd) };
}

function camel(name: string): string {
  return name.replaceAll(/(?:^|[-_])([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function cut(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.length > TEXT_MAX ? `${value.slice(0, TEXT_MAX)}…` : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth === DEPTH_MAX) return null;
  if (Array.isArray(value)) return value.slice(0, ITEMS_MAX).map((item) => cut(item, depth + 1));
  const entries = Object.entries(value).slice(0, ITEMS_MAX);
  return Object.fromEntries(entries.map(([key, item]) => [key, cut(item, depth + 1)]));
}

/** Tools that write the file they name, and where they name it. */
const EDITORS: Readonly<Record<string, string>> = {
  Edit: 'file_path',
  MultiEdit: 'file_path',
  Write: 'file_path',
  NotebookEdit: 'notebook_path',
  write_file: 'file_path',
  replace: 'file_path',
};

/** @param own working directory of the hook, for a CLI that doesn't tell its own */
function writtenFiles({ tool_name: tool, tool_input: input, cwd }: Fields, own: string): readonly string[] {
  const fields = asFields(input);
  if (typeof tool !== 'string' || fields === undefined) return [];
  const key = Object.hasOwn(EDITORS, tool) ? EDITORS[tool]! : null;
  const named = key !== null ? [fields[key]] : tool === 'apply_patch' ? patchedFiles(fields) : [];
  const from = typeof cwd === 'string' ? cwd : own;
  const files = named.filter((file) => typeof file === 'string' && file !== '' && !file.includes('\0')) as string[];
  return [...new Set(files.map((file) => realFile(resolve(from, file))))];
}

const PATCHED = /^\*\*\* (?:(?:Add|Update|Delete) File|Move to): (.+)$/gm;

/** Codex edits by patches of its own format. */
function patchedFiles(input: Fields): readonly string[] {
  const text = Object.values(input).find((value) => typeof value === 'string' && value.includes('*** Begin Patch'));
  return typeof text === 'string' ? [...text.matchAll(PATCHED)].map(([, file]) => file!.trim()).slice(0, 200) : [];
}

function parsed(text: string): { readonly said: Fields | null; readonly wrong: string } {
  try {
    const said = asFields(JSON.parse(text));
    return { said: said ?? null, wrong: said === undefined ? 'it is no object' : '' };
  } catch (error) {
    return { said: null, wrong: text.trim() === '' ? 'it is empty' : (error as Error).message };
  }
}

function asFields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}
