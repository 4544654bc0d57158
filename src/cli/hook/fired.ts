/**
 * What an agent CLI hands to its hooks, as the daemon wants it. Claude Code: https://docs.claude.com/en/docs/claude-code/hooks;
 * Codex and Gemini CLI name the same fields.
 */
import { resolve } from 'node:path';
import type { HookFired } from '../../protocol/messages.ts';
import { realFile } from '../agent/real-file.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Longer texts are cut: what a tool writes may be megabytes. */
const TEXT_MAX = 8_000;
const ITEMS_MAX = 50;
const DEPTH_MAX = 6;

/**
 * @param name as the CLI calls it, or `pre-tool-use`; '' for the name in the document
 * @param text of the hook's standard input
 */
export function firedOf(name: string, text: string): HookFired {
  const said = parsed(text);
  const own = said?.hook_event_name;
  const called = camel(name) || (typeof own === 'string' ? own : '');
  if (said === undefined) return { name: called, said: null, files: [] };
  return { name: called, said: cut(said, 0) as Fields, files: writtenFiles(said) };
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

function writtenFiles({ tool_name: tool, tool_input: input, cwd }: Fields): readonly string[] {
  const fields = asFields(input);
  if (typeof tool !== 'string' || fields === undefined) return [];
  const key = Object.hasOwn(EDITORS, tool) ? EDITORS[tool]! : null;
  const named = key !== null ? [fields[key]] : tool === 'apply_patch' ? patchedFiles(fields) : [];
  const from = typeof cwd === 'string' ? cwd : process.cwd();
  const files = named.filter((file) => typeof file === 'string' && file !== '' && !file.includes('\0')) as string[];
  return [...new Set(files.map((file) => realFile(resolve(from, file))))];
}

const PATCHED = /^\*\*\* (?:(?:Add|Update|Delete) File|Move to): (.+)$/gm;

/** Codex edits by patches of its own format. */
function patchedFiles(input: Fields): readonly string[] {
  const text = Object.values(input).find((value) => typeof value === 'string' && value.includes('*** Begin Patch'));
  return typeof text === 'string' ? [...text.matchAll(PATCHED)].map(([, file]) => file!.trim()).slice(0, 200) : [];
}

function parsed(text: string): Fields | undefined {
  try {
    return asFields(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asFields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}
