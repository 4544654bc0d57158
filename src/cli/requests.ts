/** The daemon's replies with their types: the one place that trusts the protocol's words about them. */
import type { DaemonConnection } from '../client/connection.ts';
import type { ClientCommand } from '../core/model/commands.ts';
import type { SessionReport } from '../core/records/session-report.ts';
import type { SessionSeries } from '../core/records/series.ts';
import type { JournalFilter } from '../core/records/journal-filter.ts';
import type { JournalEntry } from '../core/model/events.ts';
import type {
  BranchesReply,
  ClaimReply,
  DiffReply,
  EvidenceReply,
  HealthOutputReply,
  JournalReply,
  MayWriteReply,
  MetricsReply,
  OutputReply,
  OverlapReply,
  Snapshot,
} from '../protocol/messages.ts';

export async function snapshot(connection: DaemonConnection): Promise<Snapshot> {
  return (await connection.request({ method: 'snapshot' })) as Snapshot;
}

export async function evidence(connection: DaemonConnection, agent: string): Promise<EvidenceReply> {
  return (await connection.request({ method: 'evidence', agent })) as EvidenceReply;
}

/** @returns the number of the last event once the command is done */
export async function command(connection: DaemonConnection, wanted: ClientCommand): Promise<number> {
  const reply = (await connection.request({ method: 'command', command: wanted })) as { seq?: number } | null;
  return reply?.seq ?? 0;
}

export async function output(
  connection: DaemonConnection,
  what: { agent: string; lines: number | null; screen: boolean; ansi: boolean },
): Promise<OutputReply> {
  return (await connection.request({ method: 'output', ...what })) as OutputReply;
}

export async function log(
  connection: DaemonConnection,
  what: { since: number | null; agent: string | null; limit: number },
): Promise<readonly JournalEntry[]> {
  const reply = (await connection.request({ method: 'log', ...what })) as { entries: readonly JournalEntry[] };
  return reply.entries;
}

/** A piece of the journal: one answer looks at so many events at most, and says where to go on. */
export async function journal(
  connection: DaemonConnection,
  what: { filter: JournalFilter; from: number; step: 1 | -1; limit: number },
): Promise<JournalReply> {
  return (await connection.request({ method: 'journal', ...what })) as JournalReply;
}

export async function report(connection: DaemonConnection): Promise<SessionReport> {
  return (await connection.request({ method: 'report' })) as SessionReport;
}

/** @param most stretches of time */
export async function series(connection: DaemonConnection, most: number): Promise<SessionSeries> {
  return (await connection.request({ method: 'series', most })) as SessionSeries;
}

export async function stateAt(connection: DaemonConnection, seq: number): Promise<Snapshot> {
  return (await connection.request({ method: 'debugAt', seq })) as Snapshot;
}

/** @param paths absolute; null lets go of all that is held */
export async function claim(
  connection: DaemonConnection,
  method: 'claim' | 'release',
  agent: string,
  paths: readonly string[] | null,
): Promise<ClaimReply> {
  const request = method === 'claim' ? { method, agent, paths: paths ?? [] } : { method, agent, paths };
  return (await connection.request(request)) as ClaimReply;
}

/** @param path absolute */
export async function mayWrite(connection: DaemonConnection, agent: string, path: string): Promise<MayWriteReply> {
  return (await connection.request({ method: 'mayWrite', agent, path })) as MayWriteReply;
}

/** What a check printed. @param after where a reply before ended; with `wait` the answer comes once there is more */
export async function healthOutput(
  connection: DaemonConnection,
  what: { name: string; back: number; after: { run: number; offset: number } | null; wait: boolean },
): Promise<HealthOutputReply> {
  return (await connection.request({ method: 'healthOutput', ...what })) as HealthOutputReply;
}

/** Rates span the time since the connection's request before: the first has none. */
export async function metrics(connection: DaemonConnection): Promise<MetricsReply> {
  return (await connection.request({ method: 'metrics' })) as MetricsReply;
}

/** @param overlap an id, or a path */
export async function overlap(connection: DaemonConnection, overlap: string): Promise<OverlapReply> {
  return (await connection.request({ method: 'overlap', overlap })) as OverlapReply;
}

export async function diff(
  connection: DaemonConnection,
  what: { agent: string; against: string | null; path: string | null },
): Promise<DiffReply> {
  return (await connection.request({ method: 'diff', ...what })) as DiffReply;
}

export async function branches(connection: DaemonConnection): Promise<BranchesReply> {
  return (await connection.request({ method: 'branches' })) as BranchesReply;
}
