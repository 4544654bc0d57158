/** What an agent's last lines say about how it gets on: something new, the same over and over, a context that is nearly full. */

/** What a spinner, a clock and a counter don't change of a line. */
function words(line: string): readonly string[] {
  return line.toLowerCase().match(/\p{L}{2,}/gu) ?? [];
}

/** Shorter ones are what spinners say. */
const LEAST_WORDS = 3;
const LEAST_LINES = 2;
/** What programs print below a spinner; it changes with every turn and says nothing. */
const CHROME = /interrupt|shortcuts|for commands|press .* to|context left|tokens?\b|auto-?accept/i;

/**
 * @param lines the last ones, oldest first
 * @param told what the agent was sent last: its echo is nobody's work
 */
export function saidLines(lines: readonly string[], told: string): ReadonlySet<string> {
  // A spinner may be drawn into the middle of it: what counts are the words that are not in it.
  const echo = new Set(words(told));
  return new Set(
    lines.flatMap((line) => {
      const said = CHROME.test(line) ? [] : words(line);
      return said.filter((word) => !echo.has(word)).length < LEAST_WORDS ? [] : [said.join(' ')];
    }),
  );
}

/** True where enough of it was not there before; a screen that is drawn anew has nothing new in it. */
export function isNews(before: ReadonlySet<string>, now: ReadonlySet<string>): boolean {
  let fresh = 0;
  for (const line of now) if (!before.has(line)) fresh++;
  return fresh >= LEAST_LINES;
}

/** How agents' programs show a command that they run. */
const COMMANDS: readonly RegExp[] = [/^\s*[●⏺•✓✔]\s*(?:Bash|Shell|Run(?:ning)?|Ran|Exec|\$)\b.{3,}/u, /^\s*\$ .{3,}/];
const ERRORS = /\b(?:error|exception|failed|fatal|panic)\b|^\s*(?:not ok|✖)/i;
/** A compiler says the same twice, in the middle and at the end; somebody who goes in circles says it more often. */
export const LOOP_TIMES = 5;
/** Lines that are looked through. */
export const LOOP_LINES = 200;

export interface Loop {
  readonly kind: 'command' | 'error';
  readonly line: string;
  readonly times: number;
}

/** The command or error that comes back most often; null: nothing does. */
export function findLoop(lines: readonly string[]): Loop | null {
  const counts = new Map<string, Loop>();
  for (const raw of lines.slice(-LOOP_LINES)) {
    const line = raw.trim().slice(0, 200);
    const kind = COMMANDS.some((pattern) => pattern.test(raw)) ? 'command' : ERRORS.test(raw) ? 'error' : null;
    if (kind === null || line === '') continue;
    counts.set(line, { kind, line, times: (counts.get(line)?.times ?? 0) + 1 });
  }
  const most = [...counts.values()].toSorted((a, b) => b.times - a.times)[0];
  return most && most.times >= LOOP_TIMES ? most : null;
}

/** How programs say how much of their context or quota is left; `used` where they count the other way. */
const LEFT: readonly { readonly pattern: RegExp; readonly used?: boolean }[] = [
  { pattern: /context left until auto-compact: *(\d{1,3}) ?%/i },
  { pattern: /(\d{1,3}) ?% (?:of )?context (?:left|remaining)/i },
  { pattern: /(\d{1,3}) ?% context used/i, used: true },
  { pattern: /context[^%\n]{0,20}?(\d{1,3}) ?% used/i, used: true },
  { pattern: /used (\d{1,3}) ?% of your (?:session|weekly|usage|5-hour|hourly)[\w ]*limit/i, used: true },
  { pattern: /approaching (?:your )?usage limit/i },
];
/** So little is worth a word. */
export const CONTEXT_PERCENT = 10;

/** The line that says so, where little is left; the newest counts. null: plenty, or nothing is said. */
export function nearLimit(lines: readonly string[]): string | null {
  for (const line of lines.slice(-20).toReversed()) {
    for (const { pattern, used } of LEFT) {
      const match = pattern.exec(line);
      if (!match) continue;
      const left = match[1] === undefined ? 0 : used ? 100 - Number(match[1]) : Number(match[1]);
      return left <= CONTEXT_PERCENT ? line.trim().slice(0, 120) : null;
    }
  }
  return null;
}
