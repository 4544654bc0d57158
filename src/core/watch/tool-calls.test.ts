import { expect, it } from 'vitest';
import { SAME_CALLS, timesOf, toolCall, withCall, type ToolCall } from './tool-calls.ts';

const bash = (command: string) => toolCall({ tool_name: 'Bash', tool_input: { command } })!;
const edit = (text: string) => toolCall({ tool_name: 'Edit', tool_input: { file_path: 'a.ts', new_string: text } })!;

it('counts the same call among the last ones, and edits of other texts apart', () => {
  let calls: readonly ToolCall[] = [];
  for (let at = 0; at < SAME_CALLS; at++) {
    calls = withCall(withCall(calls, edit(`try ${at}`)), bash('npm test'));
  }
  expect(timesOf(calls)).toBe(SAME_CALLS);
  expect(timesOf(withCall(calls, edit('another')))).toBe(1);
  for (let at = 0; at < 30; at++) calls = withCall(calls, bash(`ls ${at}`));
  expect(timesOf(withCall(calls, bash('npm test')))).toBe(1);
});

it('is said on one line, whatever is in it', () => {
  expect(bash('echo "a\x1b\nb"').words).toBe('Bash echo "a␛ b"');
  expect(toolCall({ tool_name: 'Think', tool_input: null })?.words).toBe('Think');
  expect(toolCall({ hook_event_name: 'Stop' })).toBeNull();
});
