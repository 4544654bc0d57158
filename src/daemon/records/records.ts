/** What is told of the session as a whole: gathered from the journal when somebody asks for it, kept up with from then on. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Samples } from '../../adapters/journal/samples.ts';
import { Chronicler, type Chronicle } from '../../core/records/chronicle.ts';
import { reportMarkdown } from '../../core/records/report-markdown.ts';
import { sessionReport, type SessionReport } from '../../core/records/session-report.ts';
import { seriesCsv, seriesDocument, sessionSeries, stretchOf, type SessionSeries } from '../../core/records/series.ts';
import type { Room } from '../room.ts';

export interface RecordsParts {
  readonly room: Pick<Room, 'journal' | 'state'>;
  readonly samples: Samples;
  /** Absolute; what is kept goes into `reports` below it. */
  readonly stateDir: string;
}

/** Events taken up in one go: some milliseconds. */
const PIECE = 500;
/** Rows of an export: a minute each for half a day. */
const STRETCHES_KEPT = 720;

export class Records {
  readonly #parts: RecordsParts;
  readonly #chronicler = new Chronicler();
  #next = 1;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: RecordsParts) {
    this.#parts = parts;
  }

  /** What is known up to now. To be read at once: it goes on. */
  chronicle(): Promise<Chronicle> {
    const taken = this.#last.then(() => this.#takeUp());
    this.#last = taken.catch(() => undefined);
    return taken;
  }

  async report(): Promise<SessionReport> {
    return sessionReport(await this.chronicle(), this.#parts.room.state, Date.now());
  }

  /** Figures of the whole session, in this many stretches of time at most. */
  async series(most: number): Promise<SessionSeries> {
    const { room, samples } = this.#parts;
    const chronicle = await this.chronicle();
    const from = chronicle.startedAt ?? room.state.session.startedAt;
    const to = Math.max(from + 1000, chronicle.endedAt ?? Date.now());
    const stretchMs = stretchOf(from, to, most);
    return sessionSeries(chronicle, samples.gathered(from, to, stretchMs), { from, to, stretchMs });
  }

  /** Written beside the journal. @returns absolute paths */
  async keep(what: 'report' | 'metrics'): Promise<readonly string[]> {
    if (what === 'report') return [await this.#keep('report', 'md', reportMarkdown(await this.report()))];
    const series = await this.series(STRETCHES_KEPT);
    return [
      await this.#keep('metrics', 'csv', seriesCsv(series)),
      await this.#keep('metrics', 'json', `${JSON.stringify(seriesDocument(series), null, 2)}\n`),
    ];
  }

  async #keep(name: string, end: string, text: string): Promise<string> {
    const folder = join(this.#parts.stateDir, 'reports');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const stamp = new Date()
      .toISOString()
      .replace(/\.\d+Z$/, '')
      .replaceAll(':', '')
      .replace('T', '-');
    const path = join(folder, `${name}-${stamp}.${end}`);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  }

  async #takeUp(): Promise<Chronicle> {
    const { room } = this.#parts;
    const first = room.journal.bounds()?.first ?? 1;
    this.#next = Math.max(this.#next, first);
    while (this.#next <= room.state.seq) {
      const to = this.#next + PIECE - 1;
      for (const entry of room.journal.slice(this.#next, to, [])) this.#chronicler.add(entry);
      this.#next = Math.min(to, room.state.seq) + 1;
      if (this.#next <= room.state.seq) await turn();
    }
    return this.#chronicler.chronicle;
  }
}
