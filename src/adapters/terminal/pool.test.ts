import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PaneSignal } from './api.ts';
import { PaneMirror } from './mirror.ts';
import { EmulatorPool } from './pool.ts';
import { FakeHost } from './host.testkit.ts';
import { ClientScreen } from './streams.testkit.ts';

const SOURCES = fileURLToPath(new URL('.', import.meta.url));
/**
 * Bundled as they ship, so that no thread takes the types out of its files: Node does that with WebAssembly, and V8 frees its
 * code under one thread while another ends (a segmentation fault in NativeModule::FreeCode, once in some hundred runs on a busy machine).
 */
const bundles = mkdtempSync(join(tmpdir(), 'llmctl-workers-'));
const REAL = join(bundles, 'worker.mjs');
const HOSTILE = join(bundles, 'worker.testkit.mjs');

/** A pool on a fake ptyhost, and what a daemon would make of its events. */
class Bench {
  readonly mirrors = new Map<number, PaneMirror>();
  readonly signals: { pane: number; signal: PaneSignal }[] = [];
  readonly resets: { pane: number; reason: string }[] = [];
  readonly ended: number[] = [];
  readonly lines: string[] = [];
  readonly gone: string[] = [];
  /** Frames that didn't follow the one before. */
  unfit = 0;
  readonly #waiting = new Set<() => void>();
  readonly pool: EmulatorPool;
  readonly host: FakeHost;

  constructor(host: FakeHost, path: string, workers: number, entry: string) {
    this.host = host;
    const changed = (): void => {
      for (const check of this.#waiting) check();
    };
    host.onChange = changed;
    this.pool = new EmulatorPool({
      socketPath: path,
      workers,
      entry,
      // Only those that are made to hang are looked at that often: on a busy machine an honest one takes its time.
      checkMs: entry === HOSTILE ? 150 : 500,
      events: {
        onRows: (pane, payload) => {
          const mirror = this.mirrors.get(pane) ?? new PaneMirror(pane);
          this.mirrors.set(pane, mirror);
          if (!mirror.apply(payload)) this.unfit++;
          changed();
        },
        onSignals: (pane, signals) => {
          this.signals.push(...signals.map((signal) => ({ pane, signal })));
          changed();
        },
        onEnded: (pane) => {
          this.ended.push(pane);
          changed();
        },
        onReset: (pane, reason) => {
          this.resets.push({ pane, reason });
          changed();
        },
        onLines: (_pane, lines) => {
          this.lines.push(...lines);
          changed();
        },
        onDisconnected: (reason) => {
          this.gone.push(reason);
          changed();
        },
      },
    });
  }

  open(pane: number, watch: 'none' | 'background' | 'focus' = 'focus'): void {
    this.host.add(pane, 40, 6);
    this.pool.open(pane, 40, 6);
    this.pool.watch(pane, watch);
  }

  screen(pane: number): string {
    const payload = this.mirrors.get(pane)?.compose(0);
    if (!payload) return '';
    const client = new ClientScreen();
    client.apply(payload);
    return client
      .rows()
      .map((row) => row.split('|')[0])
      .join('\n')
      .trimEnd();
  }

  async until(what: () => boolean): Promise<void> {
    if (what()) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const check = (): void => {
      if (what()) resolve();
    };
    this.#waiting.add(check);
    await promise;
    this.#waiting.delete(check);
  }
}

describe('EmulatorPool', () => {
  let folder: string;
  let host: FakeHost;
  let bench: Bench;

  beforeAll(async () => {
    const entryPoints = ['worker', 'worker.testkit'].map((name) => join(SOURCES, `${name}.ts`));
    const outExtension = { '.js': '.mjs' };
    await build({ entryPoints, outdir: bundles, outExtension, bundle: true, format: 'esm', platform: 'node' });
  });

  afterAll(() => rmSync(bundles, { recursive: true }));

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'llmctl-pool-'));
    host = await FakeHost.listen(join(folder, 'pty.sock'));
  });

  afterEach(async () => {
    await bench.pool.dispose();
    await host.close();
    rmSync(folder, { recursive: true });
  });

  function start(workers = 1, entry = REAL): Bench {
    bench = new Bench(host, join(folder, 'pty.sock'), workers, entry);
    return bench;
  }

  it('shows what a program prints, follows its resizes and its end', async () => {
    start().open(1);
    host.print(1, 'hello\r\n\x1b[31mred\x1b[m 漢字');
    await bench.until(() => bench.screen(1) === 'hello\nred 漢字');
    host.resize(1, 20, 4);
    host.print(1, '\r\nafter');
    await bench.until(() => bench.screen(1).endsWith('after'));
    expect(bench.mirrors.get(1)!.header).toMatchObject({ cols: 20, rows: 4 });
    host.end(1);
    await bench.until(() => bench.ended.length === 1);
    expect(bench.unfit).toBe(0);
  });

  it('answers questions once, the status protocol before DA1, also after a checkpoint is replayed', async () => {
    start().open(1);
    host.print(1, '\x1b]7501;?\x07\x1b[c\x1b[?2026$p\x1b[>0q\x1b[?u\x1b[6n\x1b]11;?\x1b\\\x1bP+q544e\x1b\\done');
    await bench.until(() => bench.screen(1) === 'done');
    const answers =
      '\x1b]7501;?\x1b\\\x1b[?1;2c\x1b[?2026;2$y\x1bP>|llmctl\x1b\\\x1b[?0u\x1b[1;1R' +
      '\x1b]11;rgb:1010/1010/1010\x1b\\\x1bP0+r\x1b\\';
    await bench.until(() => host.pane(1).input.length >= answers.length);
    expect(host.pane(1).input).toBe(answers);
    bench.pool.close(1);
    bench.pool.open(1, 40, 6, host.pane(1).offset);
    host.print(1, ' \x1b[5n');
    await bench.until(() => host.pane(1).input.length > answers.length);
    expect(host.pane(1).input).toBe(`${answers}\x1b[0n`);
  });

  it('restores from a checkpoint to the same screen, scrollback and modes', async () => {
    start().open(1);
    host.print(1, `${Array.from({ length: 50 }, (_, n) => `line ${n}`).join('\r\n')}\x1b[?2004h\x1b[>5u\x1b[3;2H`);
    await bench.until(() => bench.mirrors.get(1)?.header?.kittyFlags === 5);
    host.wantCheckpoint(1);
    await bench.until(() => host.pane(1).checkpoint.offset === host.pane(1).offset);
    const before = { screen: bench.screen(1), header: bench.mirrors.get(1)!.header! };
    const text = await bench.pool.text(1, { lines: null, screen: false, ansi: false });
    bench.pool.close(1);
    bench.mirrors.clear();
    bench.pool.open(1, 40, 6, host.pane(1).offset);
    bench.pool.watch(1, 'background');
    await bench.until(() => bench.mirrors.has(1));
    expect(bench.screen(1)).toBe(before.screen);
    const { frame, flags, ...rest } = bench.mirrors.get(1)!.header!;
    expect(frame).toBeGreaterThan(before.header.frame);
    expect(before.header).toMatchObject(rest);
    expect(flags & 4).toBe(4);
    expect(await bench.pool.text(1, { lines: null, screen: false, ansi: false })).toEqual(text);
    expect(text.lines).toHaveLength(50);
  });

  it('gives lines, matches and text', async () => {
    start().open(1);
    host.print(1, `${Array.from({ length: 30 }, (_, n) => `row ${n} 漢 Needle`).join('\r\n')}\r\n`);
    await bench.until(() => bench.screen(1).includes('row 29'));
    const { base } = bench.mirrors.get(1)!.header!;
    const client = new ClientScreen();
    client.cells = new Uint32Array(40 * 6 * 3);
    client.apply(await bench.pool.lines(1, base - 3, 3));
    expect(client.rows()[0]).toContain('row 22');
    const { matches } = await bench.pool.search(1, 'needle');
    expect(matches).toHaveLength(30);
    expect(matches[4]).toEqual({ line: 4, column: 9, length: 6 });
    expect((await bench.pool.search(1, 'NEEDLE')).matches).toHaveLength(0);
    const text = await bench.pool.text(1, { lines: 2, screen: false, ansi: false });
    expect(text.lines).toEqual(['row 28 漢 Needle', 'row 29 漢 Needle']);
    await expect(bench.pool.search(9, 'x')).rejects.toThrow('pane 9 is not open');
    expect((await bench.pool.stats()).panes).toEqual([{ pane: 1, bytes: host.pane(1).offset, lagBytes: 0 }]);
  });

  it('follows completed lines, none twice, none lost in a flood', async () => {
    start().open(1, 'none');
    bench.pool.follow(1, true);
    const printed = Array.from({ length: 20_000 }, (_, n) => `${n}`);
    await bench.pool.text(1, { lines: 1, screen: false, ansi: false });
    for (let n = 0; n < printed.length; n += 1000) host.print(1, `${printed.slice(n, n + 1000).join('\r\n')}\r\n`);
    host.print(1, 'the last one has no newline');
    host.end(1);
    await bench.until(() => bench.ended.length === 1);
    expect(bench.lines).toEqual([...printed, 'the last one has no newline']);
  });

  it('tells titles, progress, status, bells and activity', async () => {
    start().open(1, 'none');
    host.print(1, '\x1b]0;build\x1b[2Jer\x07\x1b]2;bu\u202eild\x1b\\\x1b]9;4;1;40\x07\x1b]777;notify;T;B\x07\x07');
    host.print(1, `\x1b]7501;state=blocked:kind=permission:msg=${Buffer.from('May I?').toString('base64')}\x07`);
    await bench.until(() => bench.signals.some(({ signal }) => signal.kind === 'status'));
    await bench.until(() => bench.signals.some(({ signal }) => signal.kind === 'bell'));
    const kinds = bench.signals.map(({ signal }) => signal);
    expect(kinds).toContainEqual({ kind: 'activity', active: true });
    expect(kinds).toContainEqual({ kind: 'title', text: 'bu\ufffdild' });
    expect(kinds).toContainEqual({ kind: 'progress', state: 'normal', percent: 40 });
    expect(kinds).toContainEqual({ kind: 'notification', title: 'T', text: 'B' });
    expect(kinds).toContainEqual({
      kind: 'status',
      state: 'blocked',
      reason: 'permission',
      message: 'May I?',
      subject: null,
    });
  });

  it('replaces a worker that hangs: its other panes lose nothing, those of other workers do not notice', async () => {
    start(2, HOSTILE);
    for (const pane of [1, 2, 3]) bench.open(pane);
    for (const pane of [1, 2, 3]) host.print(pane, `pane ${pane} \x1b[5n`);
    await bench.until(() => [1, 2, 3].every((pane) => bench.screen(pane).trim() === `pane ${pane}`));
    const attaches = host.attaches;
    host.print(1, 'HANG!');
    host.print(3, 'while it hangs');
    host.print(2, 'other worker');
    await bench.until(() => bench.screen(2) === 'pane 2 other worker');
    expect(host.attaches).toBe(attaches);
    await bench.until(() => bench.resets.length === 1);
    host.print(1, ' goes on');
    await bench.until(() => bench.screen(3) === 'pane 3 while it hangs');
    await bench.until(() => bench.screen(1) === 'pane 1  goes on');
    expect(bench.resets).toEqual([{ pane: 1, reason: expect.stringContaining('5 bytes of output were skipped') }]);
    expect([1, 2, 3].map((pane) => host.pane(pane).input)).toEqual(['\x1b[0n', '\x1b[0n', '\x1b[0n']);
    expect((await bench.pool.stats()).restarts).toBe(2);
    expect(bench.unfit).toBe(0);
  });

  it('replaces a worker that crashes', async () => {
    start(1, HOSTILE).open(1);
    bench.open(2);
    host.print(1, 'one');
    host.print(2, 'two');
    await bench.until(() => bench.screen(1) === 'one' && bench.screen(2) === 'two');
    bench.mirrors.clear();
    host.print(1, 'CRASH!');
    await bench.until(() => bench.resets.length === 1);
    host.print(1, ' goes on');
    await bench.until(() => bench.screen(2) === 'two' && bench.screen(1) === 'one goes on');
    expect(bench.unfit).toBe(0);
  });

  it('switches a rule off that never comes to an end on a screen, without harm to its worker', async () => {
    start().open(1);
    const rule = { unless: null, text: null, until: null, for: null, since: null, before: null, also: [], after: null };
    const more = { ...rule, region: 'screen', sure: false, answer: null } as const;
    const loop = { ...more, id: 'loop', match: '^(a+)+b$', state: 'waiting', priority: 1 } as const;
    const busy = { ...more, id: 'busy', match: 'a', state: 'working', priority: 0 } as const;
    bench.pool.read(1, { rules: [loop, busy], version: null });
    host.print(1, 'a'.repeat(39));
    const told = (): unknown[] => bench.signals.map(({ signal }) => signal);
    await bench.until(() => bench.signals.some(({ signal }) => signal.kind === 'screen' && signal.saying !== null));
    expect(told()).toContainEqual(expect.objectContaining({ kind: 'slow-rule', rule: 'loop' }));
    expect(told()).toContainEqual({ kind: 'screen', saying: expect.objectContaining({ rule: 'busy' }) });
    expect((await bench.pool.stats()).restarts).toBe(0);
    expect(bench.resets).toEqual([]);
  });

  it('says when the ptyhost is gone, and serves the next one', async () => {
    start().open(1);
    host.print(1, 'here');
    await bench.until(() => bench.screen(1) === 'here');
    await host.close();
    await bench.until(() => bench.gone.length > 0);
    expect(bench.gone[0]).toContain('ptyhost');
    host = await FakeHost.listen(join(folder, 'pty.sock'));
    host.add(1, 40, 6);
    host.print(1, 'a new host');
    bench.pool.open(1, 40, 6);
    bench.pool.watch(1, 'focus');
    await bench.until(() => bench.screen(1) === 'a new host');
  });
});
