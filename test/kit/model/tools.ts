/** What a script wants done, as a call of the tool that the CLI at hand has for it. */
import { isAbsolute, join } from 'node:path';
import type { ModelRequest } from './request.ts';
import type { ToolPart } from './script.ts';

export interface ToolCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Instead of `input`, for tools that take free text. */
  readonly free: string | null;
}

export function toolCall(request: ModelRequest, part: ToolPart): ToolCall {
  const names = request.tools.map(({ name }) => name);
  const first = (...wanted: readonly string[]): string | undefined => wanted.find((name) => names.includes(name));
  const file = (path: string): string => (isAbsolute(path) ? path : join(cwdOf(request) ?? '.', path));
  const call = (name: string, input: ToolCall['input']): ToolCall => ({ name, input, free: null });
  switch (part.tool) {
    case 'bash':
      return shell(first, part);
    case 'write': {
      const { path, content } = part;
      const name = first('Write', 'write', 'write_file');
      if (name === undefined) return patch(request, first, `*** Add File: ${path}\n${prefixed('+', content)}`);
      return call(name, { [name === 'write' ? 'filePath' : 'file_path']: file(path), content });
    }
    case 'edit': {
      const { path, old, new: next } = part;
      const name = first('Edit', 'edit', 'replace');
      if (name === undefined) {
        return patch(request, first, `*** Update File: ${path}\n@@\n${prefixed('-', old)}\n${prefixed('+', next)}`);
      }
      if (name === 'edit') return call(name, { filePath: file(path), oldString: old, newString: next });
      const instruction = name === 'replace' ? { instruction: 'Edit the file' } : {};
      return call(name, { file_path: file(path), old_string: old, new_string: next, ...instruction });
    }
    case 'read': {
      const name = first('Read', 'read', 'read_file');
      if (name === undefined) return shell(first, { tool: 'bash', command: `cat -- '${part.path}'` });
      return call(name, { [name === 'read' ? 'filePath' : 'file_path']: file(part.path) });
    }
    case 'ask':
      return ask(first, part);
    case 'own':
      return call(part.name, part.input);
    case 'mcp': {
      const offered = names.find((name) => name.endsWith(part.name));
      // Claude Code names tools that it fetches later in its messages only.
      const spoken = new RegExp(`\\bmcp__\\w+__${part.name}\\b`).exec(request.said.map(({ text }) => text).join('\n'));
      const fetched = names.includes('ToolSearch') ? `mcp__llmctl__${part.name}` : part.name;
      return call(offered ?? spoken?.[0] ?? fetched, part.input);
    }
  }
}

type First = (...wanted: readonly string[]) => string | undefined;

function shell(first: First, part: Extract<ToolPart, { tool: 'bash' }>): ToolCall {
  const { command, description = 'Run a command', escalate = false } = part;
  const more = escalate ? { sandbox_permissions: 'require_escalated', justification: description } : {};
  const name = first('Bash', 'exec_command', 'shell_command', 'shell', 'local_shell', 'bash', 'run_shell_command');
  switch (name) {
    case 'exec_command':
      return { name, input: { cmd: command, ...more }, free: null };
    case 'shell_command':
      return { name, input: { command, ...more }, free: null };
    case 'shell':
    case 'local_shell':
      return { name, input: { command: ['bash', '-lc', command], ...more }, free: null };
    default:
      return { name: name ?? 'bash', input: { command, description }, free: null };
  }
}

/** Codex edits by patches: a tool of its own, or a command of that name. */
function patch(request: ModelRequest, first: First, body: string): ToolCall {
  const text = `*** Begin Patch\n${body}\n*** End Patch`;
  const own = request.tools.find(({ name }) => name === 'apply_patch');
  if (own === undefined) return shell(first, { tool: 'bash', command: `apply_patch <<'PATCH'\n${text}\nPATCH` });
  return own.custom
    ? { name: own.name, input: {}, free: text }
    : { name: own.name, input: { input: text }, free: null };
}

function prefixed(mark: string, text: string): string {
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => mark + line)
    .join('\n');
}

function ask(first: First, { question, options }: Extract<ToolPart, { tool: 'ask' }>): ToolCall {
  const name = first('AskUserQuestion', 'request_user_input', 'question', 'ask_user') ?? 'AskUserQuestion';
  const choices = options.map((label) => ({ label, description: label }));
  const extra = {
    AskUserQuestion: { multiSelect: false },
    request_user_input: { id: 'q1' },
    ask_user: { type: 'choice' },
  };
  const own = (extra as Readonly<Record<string, object>>)[name] ?? {};
  return { name, input: { questions: [{ question, header: 'Choice', options: choices, ...own }] }, free: null };
}

const CWD = [
  /<cwd>([^<]+)<\/cwd>/,
  /(?:Primary working directory|Working directory|working directory is|working in the directory|current working directory|Workspace Directories):?\**:?\s*\n?(?:\s*-\s*)?`?(\/[^\s`'"<]+)/i,
];

/** Where the CLI says that it works. */
export function cwdOf({ system, said }: ModelRequest): string | undefined {
  const all = [system, ...said.map(({ text }) => text)].join('\n');
  for (const pattern of CWD) {
    const found = pattern.exec(all)?.[1];
    if (found !== undefined) return found.replace(/[.,;]$/, '');
  }
  return undefined;
}
