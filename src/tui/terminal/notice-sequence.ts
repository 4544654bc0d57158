/** Tells the operator's terminal of something: its bell, and a notification by OSC 9 or OSC 777. Only words of llmctl's own. */
import type { TerminalNotice } from '../../core/notify/rules.ts';
import { oneLine } from '../../core/text.ts';

/** Terminals show a line or two. */
const LIMIT = 200;

export interface NoticeWish {
  readonly bell: boolean;
  readonly terminal: TerminalNotice;
}

/**
 * OSC 9 is iTerm2's (text alone; one that begins with a number would be a command of ConEmu's), OSC 777 urxvt's.
 * @param env TMUX tells of a multiplexer that has to be asked to pass it on
 */
export function noticeSequence(
  text: string,
  { bell, terminal }: NoticeWish,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const words = oneLine(text, LIMIT).replaceAll(';', ',');
  const osc = terminal === 'osc9' ? `\x1b]9;llmctl: ${words}` : `\x1b]777;notify;llmctl;${words}`;
  const passed = env.TMUX ? `\x1bPtmux;\x1b${osc}\x07\x1b\\` : `${osc}\x07`;
  return `${terminal === 'off' ? '' : passed}${bell ? '\x07' : ''}`;
}
