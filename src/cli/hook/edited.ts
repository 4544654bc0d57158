/** Which file a tool call of an agent CLI is about (Claude Code's hook input: https://docs.claude.com/en/docs/claude-code/hooks). */
import { resolve } from 'node:path';
import { realFile } from '../agent/real-file.ts';

export interface Edit {
  readonly event: 'before' | 'after';
  /** Absolute, symlinks on the way to it resolved. */
  readonly file: string;
}

const EVENTS: Readonly<Record<string, Edit['event']>> = { pretooluse: 'before', posttooluse: 'after' };
/** Tools that write the file they name, and where they name it. */
const EDITORS: Readonly<Record<string, string>> = {
  Edit: 'file_path',
  MultiEdit: 'file_path',
  Write: 'file_path',
  NotebookEdit: 'notebook_path',
};

/**
 * @param name `pre-tool-use`, or as the CLI spells it: `PreToolUse`
 * @param text one JSON document of the hook's standard input
 * @returns null where it is about no file that is written
 */
export function editOf(name: string, text: string): Edit | null {
  const event = own(EVENTS, name.toLowerCase().replaceAll(/[-_]/g, ''));
  if (event === undefined) return null;
  const input = parsed(text);
  const key = own(EDITORS, String(input?.tool_name));
  const named = key === undefined ? undefined : asRecord(input?.tool_input)?.[key];
  if (typeof named !== 'string' || named === '' || named.includes('\0')) return null;
  const cwd = typeof input?.cwd === 'string' ? input.cwd : process.cwd();
  return { event, file: realFile(resolve(cwd, named)) };
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return asRecord(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
