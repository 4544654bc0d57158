/** log: the journal, and what joins it. */
import type { JournalEntry } from '../../core/model/events.ts';
import { showControls } from '../../core/text.ts';
import type { CommandLine } from '../define.ts';
import { print, untilInterrupted } from '../io.ts';
import { pointInTime, wholeNumber } from '../numbers.ts';
import { log as ask } from '../requests.ts';
import { isoTime } from '../../core/select/time.ts';

export async function log({ context, options }: CommandLine): Promise<void> {
  const since = typeof options.since === 'string' ? pointInTime(options.since, Date.now()) : null;
  const agent = typeof options.agent === 'string' ? options.agent : null;
  const limit = wholeNumber(options.limit, '--limit', 1);
  const follow = options.follow === true;
  let shown = 0;
  const show = (entries: readonly JournalEntry[]): void => {
    for (const entry of entries) {
      if (entry.seq <= shown || (agent !== null && agentOf(entry) !== agent)) continue;
      shown = entry.seq;
      print(context.json ? JSON.stringify(document(entry)) : line(entry));
    }
  };
  const early: JournalEntry[] = [];
  let live = false;
  const connection = await context.connect({
    onMessage: (message) => {
      if (message.type !== 'events') return;
      if (live) show(message.entries);
      else early.push(...message.entries);
    },
    onClose: () => process.exit(),
  });
  try {
    if (follow) await connection.request({ method: 'subscribe' });
    const entries = await ask(connection, { since, agent, limit });
    if (!follow) {
      context.answer({ events: entries.map(document) }, entries.map(line).join('\n'));
      return;
    }
    show(entries);
    live = true;
    show(early);
    await untilInterrupted();
  } finally {
    connection.close();
  }
}

export function agentOf({ event }: JournalEntry): string | null {
  if ('agent' in event && typeof event.agent === 'string') return event.agent;
  return event.type === 'agent.added' ? event.spec.id : null;
}

function document(entry: JournalEntry) {
  return { seq: entry.seq, at: isoTime(entry.at), ...entry.event };
}

/** `120  2026-01-31T10:00:00.000Z  agent.paused  ana  by=…`: the event's facts as they are, nothing left out. */
function line({ seq, at, event }: JournalEntry): string {
  const { type, ...facts } = event;
  const agent = agentOf({ seq, at, event });
  const rest = Object.entries(facts).filter(([key]) => key !== 'agent');
  const words = rest.map(([key, value]) => `${key}=${fact(value)}`);
  return [String(seq).padStart(5), isoTime(at), type, ...(agent === null ? [] : [agent]), ...words].join('  ');
}

/** A plan, or what an agent is told, is longer than anybody reads on a line: --json has all of it. */
const FACT_MAX = 300;

function fact(value: unknown): string {
  const text = whole(value);
  return text.length <= FACT_MAX ? text : `${text.slice(0, FACT_MAX)}…`;
}

function whole(value: unknown): string {
  if (typeof value === 'string') return /^[\w./:@%+-]+$/.test(value) ? value : JSON.stringify(showControls(value));
  if (typeof value === 'object' && value !== null && 'kind' in value && 'name' in value) return String(value.name);
  return showControls(JSON.stringify(value));
}
