/** log: the journal, and what joins it. */
import { unknownAgent } from '../../core/decide/refuse.ts';
import { EVENT_KINDS, EVENT_TYPES } from '../../core/model/event-types.ts';
import type { JournalEntry } from '../../core/model/events.ts';
import { didYouMean } from '../../core/nearest.ts';
import { ANY_EVENT, fitsFilter, type JournalFilter } from '../../core/records/journal-filter.ts';
import { EVENT_LEVELS, eventLevel } from '../../core/records/levels.ts';
import { eventAgent } from '../../core/select/recent.ts';
import { eventWithoutSecrets } from '../../core/select/secrets.ts';
import { isoTime } from '../../core/select/time.ts';
import type { DaemonConnection } from '../../client/connection.ts';
import { LlmctlError } from '../../client/error.ts';
import type { JournalReply } from '../../protocol/messages.ts';
import { showControls } from '../../core/text.ts';
import type { CommandLine } from '../define.ts';
import { usageError } from '../errors.ts';
import { print, untilInterrupted } from '../io.ts';
import { pointInTime, wholeNumber } from '../numbers.ts';
import { journal, snapshot } from '../requests.ts';

export async function log({ context, options }: CommandLine): Promise<void> {
  const since = typeof options.since === 'string' ? pointInTime(options.since, Date.now()) : null;
  const filter = filterOf(options);
  const limit = wholeNumber(options.limit, '--limit', 1);
  const follow = options.follow === true;
  let shown = 0;
  const show = (entries: readonly JournalEntry[]): void => {
    for (const entry of entries) {
      if (entry.seq <= shown || !fitsFilter(entry.event, filter)) continue;
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
    const entries = await lastOf(connection, filter, since, limit);
    if (entries.length === 0 && filter.agent !== null) await refuseStranger(connection, filter.agent);
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

function filterOf({ agent, type, level, grep }: CommandLine['options']): JournalFilter {
  const given = (option: unknown): string | null => (typeof option === 'string' ? option : null);
  if (given(type) !== null) refuseUnknownType(given(type)!);
  const least = EVENT_LEVELS.find((one) => one === level) ?? ANY_EVENT.level;
  return { agent: given(agent), type: given(type), level: least, text: given(grep) ?? '' };
}

/** Nothing would ever be shown of a type that there is not. */
function refuseUnknownType(type: string): void {
  if (EVENT_KINDS.includes(type) || EVENT_TYPES.includes(type)) return;
  const near = didYouMean(type, [...EVENT_KINDS, ...EVENT_TYPES]) || `; kinds: ${EVENT_KINDS.join(', ')}`;
  throw usageError(`no event is of type "${showControls(type)}"${near}`);
}

/** Who has left the session may still stand in the journal. */
async function refuseStranger(connection: DaemonConnection, agent: string): Promise<void> {
  const { state } = await snapshot(connection);
  if (state.order.includes(agent)) return;
  if ((await lastOf(connection, { ...ANY_EVENT, agent }, null, 1)).length > 0) return;
  const { code, refused, nearest } = unknownAgent(state, agent);
  throw new LlmctlError(code, refused, nearest);
}

/** The newest `limit` events that fit and are not older than `since`, oldest first. */
async function lastOf(
  connection: DaemonConnection,
  filter: JournalFilter,
  since: number | null,
  limit: number,
): Promise<readonly JournalEntry[]> {
  const found: JournalEntry[] = [];
  let from: number | null = Number.MAX_SAFE_INTEGER;
  while (from !== null && found.length < limit) {
    const piece: JournalReply = await journal(connection, { filter, from, step: -1, limit: limit - found.length });
    const young = since === null ? piece.entries : piece.entries.filter(({ at }) => at >= since);
    found.push(...young);
    from = young.length < piece.entries.length ? null : piece.next;
  }
  return found.toReversed();
}

function document(entry: JournalEntry) {
  return { seq: entry.seq, at: isoTime(entry.at), level: eventLevel(entry.event), ...eventWithoutSecrets(entry.event) };
}

/** `120  2026-01-31T10:00:00.000Z  agent.paused  ana  by=…`: the event's facts as they are, nothing left out. */
function line({ seq, at, event }: JournalEntry): string {
  const { type, ...facts } = eventWithoutSecrets(event);
  const agent = eventAgent(event);
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
