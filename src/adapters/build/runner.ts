/** Runs the health commands of a session: one run of each at a time, in the background. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import type { HealthCommand } from '../../core/plan/model.ts';
import { showControls } from '../../core/text.ts';
import { beginLog } from './kept.ts';
import { OutputLog } from './output.ts';
import { assess, type Exit, type HealthOutcome, type HealthRequest } from './outcome.ts';
import { MARKER, endMarked, endRun, markedProcesses } from './process-tree.ts';

/** Who looks on while checks run. */
export interface OutputSink {
  begin(name: string): void;
  add(name: string, chunk: Buffer): void;
  end(name: string): void;
}

export interface HealthRunnerOptions {
  /** Absolute; commands run here. */
  readonly repo: string;
  /** Folder for NAME.log and those of the runs before, made when needed, 0700; null: no files. */
  readonly logs: string | null;
  readonly output?: OutputSink | undefined;
  /** The environment of the person's own shell, as far as it is known; variables of agents are taken out. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Commit of HEAD now. */
  readonly head: () => Promise<string> | string;
  /** What its runs are for, where others run commands in the same folder: leftovers of theirs are not its own. */
  readonly purpose?: string;
  /** Where files of baselines are looked for that are not in `repo`; absolute. */
  readonly fallback?: string;
  /** How long a TERM may take; 2,000 ms. */
  readonly graceMs?: number;
}

export type HealthStart =
  | { readonly ok: true; readonly outcome: Promise<HealthOutcome> }
  | { readonly ok: false; readonly reason: string };

interface Run {
  readonly marker: string;
  child: ChildProcess | null;
  ended: 'timeout' | 'cancelled' | null;
  ending: Promise<void> | null;
}

/** Pipes of a finished command may be held open by a server it left behind: read on only so long. */
const DRAIN_MS = 300;

export class HealthRunner {
  readonly #options: HealthRunnerOptions;
  readonly #runs = new Map<string, Run>();
  readonly #outcomes = new Map<string, Promise<HealthOutcome>>();

  /** Begins the marker of every run in this repository, whoever starts it. */
  readonly #scope: string;
  #leftovers: Promise<void> | null = null;
  #stopped = false;

  constructor(options: HealthRunnerOptions) {
    this.#options = options;
    this.#scope = createHash('sha256')
      .update(`${options.repo}${options.purpose ?? ''}`)
      .digest('hex')
      .slice(0, 16);
  }

  /**
   * Ends runs in this repository that a daemon left behind when it was killed; later calls do nothing. The first run
   * waits for it anyway: two builds in one folder spoil each other.
   */
  endLeftovers(): Promise<void> {
    this.#leftovers ??= endMarked(`${this.#scope}.`);
    return this.#leftovers;
  }

  isRunning(name: string): boolean {
    return this.#runs.has(name);
  }

  /** Refused while the same check runs. `outcome` never rejects. */
  start(request: HealthRequest): HealthStart {
    if (this.#stopped) return { ok: false, reason: 'the session is ending' };
    if (this.#runs.has(request.name)) {
      return { ok: false, reason: `${request.name} is running already; wait for it, or cancel it` };
    }
    const run: Run = { marker: `${this.#scope}.${randomUUID()}`, child: null, ended: null, ending: null };
    this.#runs.set(request.name, run);
    const outcome = this.#run(request, run).finally(() => {
      this.#runs.delete(request.name);
      this.#outcomes.delete(request.name);
    });
    this.#outcomes.set(request.name, outcome);
    return { ok: true, outcome };
  }

  /** Ends a run and all it started; its outcome is `unknown`. Resolves when it is gone; false where none ran. */
  async cancel(name: string): Promise<boolean> {
    const run = this.#runs.get(name);
    if (!run) return false;
    this.#end(run, 'cancelled');
    await this.#outcomes.get(name);
    return true;
  }

  /** Cancels everything and starts nothing more: for the end of a session. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#runs.keys()].map((name) => this.cancel(name)));
  }

  #end(run: Run, why: 'timeout' | 'cancelled'): void {
    if (run.ended) return;
    run.ended = why;
    if (run.child?.pid) run.ending = endRun(run.child.pid, run.marker, this.#options.graceMs ?? 2000);
  }

  async #run(request: HealthRequest, run: Run): Promise<HealthOutcome> {
    const [commit] = await Promise.all([this.#head(), this.endLeftovers()]);
    const { logs, output } = this.#options;
    const log = new OutputLog(logs === null ? null : beginLog(logs, request.name));
    output?.begin(request.name);
    const began = performance.now();
    const exit = run.ended ? null : await this.#spawn(request, run, log);
    const ms = Math.round(performance.now() - began);
    await run.ending;
    output?.end(request.name);
    // What was ended was ended as a whole; what ended by itself may have left something running.
    const left = run.ended ? 0 : (await markedProcesses(run.marker)).length;
    const ended = run.ended === 'timeout' ? ('timeout' as const) : run.ended === 'cancelled' ? null : exit;
    return assess(request, {
      commit,
      ms,
      left,
      exit: ended,
      output: log.end(),
      dir: this.#options.repo,
      fallback: this.#options.fallback,
    });
  }

  async #head(): Promise<string> {
    try {
      return await this.#options.head();
    } catch {
      return '';
    }
  }

  #spawn(request: HealthRequest, run: Run, log: OutputLog): Promise<Exit> {
    const [file, args] = argvOf(request.command);
    return new Promise((done) => {
      const child = spawn(file, args, {
        cwd: this.#options.repo,
        env: this.#env(run.marker),
        stdio: ['ignore', 'pipe', 'pipe'],
        // A session of its own, so that it ends as a whole and has no terminal to ask questions on.
        detached: true,
      });
      run.child = child;
      const limit = setTimeout(() => this.#end(run, 'timeout'), request.timeoutMs);
      const finish = (exit: Exit) => {
        clearTimeout(limit);
        child.stdout.destroy();
        child.stderr.destroy();
        done(exit);
      };
      const { output } = this.#options;
      const take = (chunk: Buffer): void => {
        log.add(chunk);
        output?.add(request.name, chunk);
      };
      child.stdout.on('data', take);
      child.stderr.on('data', take);
      child.on('error', (error) => finish({ code: null, signal: null, error: whyNotStarted(error, file) }));
      child.on('close', (code, signal) => finish({ code, signal, error: null }));
      child.on('exit', (code, signal) => {
        clearTimeout(limit);
        setTimeout(() => finish({ code, signal, error: null }), DRAIN_MS);
      });
    });
  }

  #env(marker: string): Record<string, string> {
    const env: Record<string, string> = {};
    for (const [name, value] of Object.entries(this.#options.env)) {
      if (value !== undefined && !name.startsWith('LLMCTL_')) env[name] = value;
    }
    return { ...env, [MARKER]: marker, TERM: 'dumb' };
  }
}

/** A string of the plan is a line of the person's own shell; a list is run as it is. */
function argvOf(command: HealthCommand): [string, string[]] {
  if (command.kind === 'shell') return ['/bin/sh', ['-c', command.line]];
  const [file = '', ...args] = command.argv;
  return [file, args];
}

function whyNotStarted(error: Error, file: string): string {
  const code = 'code' in error ? error.code : '';
  if (code === 'ENOENT') return `${showControls(file)}: no such program on the PATH, or the folder is gone`;
  if (code === 'EACCES') return `${showControls(file)}: not executable; chmod +x makes it so`;
  return showControls(error.message);
}
