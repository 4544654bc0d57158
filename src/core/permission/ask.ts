/** A tool call as a question. */
import type { PermissionAsk, PermissionKind } from '../model/permission.ts';
import { oneLine } from '../text.ts';

type Fields = Readonly<Record<string, unknown>>;

const KINDS: Readonly<Record<Exclude<PermissionKind, 'other'>, RegExp>> = {
  command: /^(?:bash|exec_command|shell|local_shell|shell_command|run_shell_command)$/i,
  edit: /^(?:edit|write|multiedit|notebookedit|apply_patch|patch|write_file|replace)$/i,
  read: /^(?:read|grep|glob|ls|list|read_file|read_many_files|list_directory|search_file_content|external_directory)$/i,
  fetch: /^(?:webfetch|websearch|web_fetch|web_search|google_web_search)$/i,
};

export function kindOf(tool: string): PermissionKind {
  for (const [kind, names] of Object.entries(KINDS)) if (names.test(tool)) return kind as PermissionKind;
  return 'other';
}

/**
 * @param paths relative to the agent's tree where they lie in it
 * @param input of the tool, as its CLI names things
 */
export function askOf(
  tool: string,
  input: Fields,
  paths: readonly string[],
  via: PermissionAsk['via'],
  ref: string,
): PermissionAsk {
  const kind = kindOf(tool);
  const command = kind === 'command' ? commandOf(input) : null;
  const what = command ?? (paths.join(' ') || pick(input, 'url', 'query', 'pattern', 'description', 'path'));
  return {
    tool,
    kind,
    command,
    paths,
    text: oneLine(`${VERBS[kind](tool)} ${what}`.trim(), 300),
    diff: diffOf(input),
    via,
    ref,
  };
}

const VERBS: Readonly<Record<PermissionKind, (tool: string) => string>> = {
  command: () => 'run',
  edit: () => 'edit',
  read: () => 'read',
  fetch: () => 'fetch',
  other: (tool) => `use ${tool}`,
};

function commandOf(input: Fields): string | null {
  const { command, cmd } = input;
  if (Array.isArray(command)) return command.map(String).join(' ');
  const text = command ?? cmd;
  return typeof text === 'string' ? text : null;
}

function pick(input: Fields, ...keys: readonly string[]): string {
  const value = keys.map((key) => input[key]).find((one) => typeof one === 'string');
  return typeof value === 'string' ? value : '';
}

/** What it would change, as lines of a diff. */
function diffOf(input: Fields): readonly string[] {
  const { content, old_string: old, new_string: next, edits } = input;
  const whole = [input.diff, input.fileDiff, input.patch, input.input, input.command].find(
    (value) => typeof value === 'string' && /^(?:@@|\*\*\* |---|Index: )/m.test(value),
  );
  if (typeof whole === 'string') return lines(whole, '');
  if (Array.isArray(edits))
    return edits.flatMap((edit: unknown) => diffOf(typeof edit === 'object' && edit !== null ? (edit as Fields) : {}));
  if (typeof old === 'string' && typeof next === 'string') return [...lines(old, '-'), ...lines(next, '+')];
  return typeof content === 'string' ? lines(content, '+') : [];
}

function lines(text: string, mark: string): readonly string[] {
  return text === ''
    ? []
    : text
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => mark + line);
}
