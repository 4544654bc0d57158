/** A whole session for one scenario: scratch repository, daemon, agents, command line and terminals. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { State } from '../../src/core/model/state.ts';
import type { Command } from './agents.ts';
import { OuterTerminal, type OuterOptions } from './outer.ts';
import { isAlive, processesNaming, signal } from './procs.ts';
import { run, type RunOptions, type RunResult } from './run.ts';
import type { Status, StatusAgent } from './status.ts';
import { LLMCTL, makePlace, removePlace, type Place, type PlaceOptions } from './temp.ts';
import { DEADLINE_MS, until } from './wait.ts';
import { Wire } from './wire.ts';

export interface RoomOptions extends PlaceOptions {
  readonly agents?: Readonly<Record<string, Command | AgentOptions>>;
  /** More of the plan, beside `agents`. */
  readonly plan?: Readonly<Record<string, unknown>>;
  /** False leaves the session unstarted. */
  readonly up?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

export interface AgentOptions {
  readonly command?: Command;
  readonly profile?: string;
  readonly prompt?: string;
}

export interface TuiOptions extends Omit<OuterOptions, 'cwd' | 'context'> {
  readonly readOnly?: boolean;
  readonly args?: readonly string[];
}

export class Room {
  readonly place: Place;
  /** Of everything that is started from here on. */
  env: Readonly<Record<string, string>>;
  readonly terminals: OuterTerminal[] = [];
  #wire: Wire | undefined;
  #closed = false;

  constructor(options: RoomOptions = {}) {
    const files = { 'README.md': '# scratch\n', ...planFile(options), ...options.files };
    this.place = makePlace({ ...options, files });
    this.env = { ...this.place.env, ...options.env };
  }

  get dir(): string {
    return this.place.dir;
  }

  get repo(): string {
    return this.place.repo;
  }

  /** A path in the scenario's own folder, outside the repository. */
  path(name: string): string {
    return join(this.dir, name);
  }

  // --- command line ---

  cli(...args: string[]): Promise<RunResult> {
    return this.cliWith({}, ...args);
  }

  cliWith(options: RunOptions, ...args: string[]): Promise<RunResult> {
    const env = { ...this.env, ...options.env };
    return run(process.execPath, [LLMCTL, ...args], { cwd: this.repo, ...options, env });
  }

  /** As `cli`, but an exit status other than 0 is an error. */
  async ok(...args: string[]): Promise<RunResult> {
    const result = await this.cli(...args);
    if (result.code !== 0)
      throw new Error(`llmctl ${args.join(' ')}: exit ${result.code}\n${result.stdout}${result.stderr}`);
    return result;
  }

  up(): Promise<RunResult> {
    return this.ok('up');
  }

  async status(): Promise<Status> {
    return (await this.ok('status', '--json')).json as Status;
  }

  async agent(id: string): Promise<StatusAgent> {
    const { agents } = await this.status();
    const found = agents.find((agent) => agent.id === id);
    if (found === undefined) throw new Error(`no agent ${id} among ${agents.map((agent) => agent.id).join(', ')}`);
    return found;
  }

  /** The agent's scrollback as lines. */
  async output(id: string, ...args: string[]): Promise<string[]> {
    const { stdout } = await this.ok('output', id, ...args);
    return stdout.replace(/\n$/, '').split('\n');
  }

  // --- the daemon's socket ---

  get sockets(): string[] {
    const folder = join(this.place.runtime, 'llmctl');
    if (!existsSync(folder)) return [];
    return readdirSync(folder).map((name) => join(folder, name));
  }

  /** @throws Error where no session runs */
  get socket(): string {
    const found = this.sockets.find((path) => path.endsWith('.sock') && !path.endsWith('.pty.sock'));
    if (found === undefined)
      throw new Error(`no daemon socket below ${this.place.runtime}: ${this.sockets.join(', ')}`);
    return found;
  }

  async wire(): Promise<Wire> {
    if (this.#wire === undefined || this.#wire.socket.destroyed) this.#wire = await Wire.client(this.socket);
    return this.#wire;
  }

  /** Returns when the daemon has done all it was asked. */
  async idle(): Promise<void> {
    await (await this.wire()).ask({ method: 'idle' });
  }

  async state(): Promise<State> {
    return (await this.wire()).state();
  }

  async daemonPid(): Promise<number> {
    return (await this.state()).session.pid;
  }

  async diagnostics(): Promise<{ readonly pid: number; readonly ptyhostPid: number }> {
    return (await (await this.wire()).ask({ method: 'diagnostics' })) as { pid: number; ptyhostPid: number };
  }

  /** Waits for the state to become so: looked at now and after every event. */
  async becomes(what: string, holds: (state: State) => boolean, deadlineMs = DEADLINE_MS): Promise<State> {
    const wire = await Wire.client(this.socket);
    let timer: NodeJS.Timeout | undefined;
    let last: State | undefined;
    try {
      return await new Promise<State>((resolve, reject) => {
        const look = (): void => {
          wire
            .state()
            .then((state) => {
              last = state;
              return holds(state) ? resolve(state) : undefined;
            })
            .catch(reject);
        };
        wire.onEvents(look);
        timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), deadlineMs);
        wire.ask({ method: 'subscribe' }).then(look, reject);
      });
    } catch (error) {
      const agents = Object.values(last?.agents ?? {}).map(
        (agent) => `${agent.spec.id}: ${JSON.stringify(agent.status)}`,
      );
      throw new Error([(error as Error).message, ...agents, await this.lastEvents()].join('\n'), { cause: error });
    } finally {
      clearTimeout(timer);
      wire.close();
    }
  }

  isState(id: string, state: string, deadlineMs?: number): Promise<State> {
    return this.becomes(`${id} ${state}`, (now) => now.agents[id]?.status.state === state, deadlineMs);
  }

  /** The last 20 events of the journal, for messages. */
  async lastEvents(): Promise<string> {
    const { stdout, stderr } = await this.cliWith({ timeoutMs: 5_000 }, 'log', '--limit', '20');
    return `last events:\n${stdout}${stderr}`;
  }

  // --- terminals ---

  tui(options: TuiOptions = {}): OuterTerminal {
    const args = [LLMCTL, 'tui', ...(options.readOnly === true ? ['--read-only'] : []), ...(options.args ?? [])];
    return this.terminal(process.execPath, args, options);
  }

  /** Any program in a terminal of its own, with the scenario's environment. */
  terminal(file: string, args: readonly string[], options: Omit<OuterOptions, 'context'> = {}): OuterTerminal {
    const outer = new OuterTerminal(file, args, {
      cwd: this.repo,
      ...options,
      env: { COLORTERM: 'truecolor', ...this.env, ...options.env },
      context: () => this.lastEvents(),
    });
    this.terminals.push(outer);
    return outer;
  }

  // --- the end ---

  processes(): ReturnType<typeof processesNaming> {
    return processesNaming(this.dir);
  }

  /**
   * Ends everything and proves it: no process, socket or lock of this room is left.
   * @throws Error naming what was left; it is removed all the same
   */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const left: string[] = [];
    try {
      this.#wire?.close();
      for (const terminal of this.terminals) terminal.dispose();
      await Promise.all(this.terminals.map((terminal) => terminal.exited));
      const trouble = await this.#end();
      if (trouble !== null) left.push(trouble);
      left.push(...(await this.#leftovers()));
    } finally {
      signal(
        this.processes().map((each) => each.pid),
        'SIGKILL',
      );
      await until('killed processes to be gone', () => this.processes().every((each) => !isAlive(each.pid)));
      removePlace(this.place);
    }
    if (left.length > 0) throw new Error(`left behind after the scenario:\n${left.join('\n')}`);
  }

  /** Asks the daemon itself, which takes a tenth of a command's time; where none answers, the command has to cope. */
  async #end(): Promise<string | null> {
    try {
      await (await Wire.client(this.socket)).ask({ method: 'down' });
      return null;
    } catch {
      if (this.processes().length === 0 && this.sockets.length === 0) return null;
    }
    const down = await this.cliWith({ timeoutMs: 30_000 }, 'down', '--yes');
    return down.code === 0 || down.code === 3 ? null : `llmctl down: exit ${down.code}: ${down.stderr}`;
  }

  /** Gives what is ending a moment to do so. */
  async #leftovers(): Promise<string[]> {
    const look = (): string[] => [
      ...this.processes().map((each) => `process ${each.pid} ${each.command}`),
      ...this.sockets.map((path) => `file ${path}`),
    ];
    await until('processes to end', () => look().length === 0, { deadlineMs: 5_000 }).catch(() => undefined);
    return look();
  }

  /** For the message of a test that failed: every screen and the last events. */
  async report(): Promise<string> {
    const screens = this.terminals.map((terminal) => terminal.picture());
    return [...screens, await this.lastEvents().catch(String)].join('\n');
  }
}

/** JSON is YAML: no quoting to get wrong. */
function planFile(options: RoomOptions): Record<string, string> {
  if (options.agents === undefined && options.plan === undefined) return {};
  const agents = Object.entries(options.agents ?? {}).map(([id, agent]) =>
    Array.isArray(agent) ? { id, command: agent } : { id, ...agent },
  );
  return { 'llmctl.yaml': `${JSON.stringify({ version: 1, name: 'test', agents, ...options.plan }, null, 2)}\n` };
}

/** A room with its session running. For use outside of vitest; scenarios take startRoom of scenario.ts. */
export async function openRoom(options: RoomOptions = {}): Promise<Room> {
  const room = new Room(options);
  try {
    if (options.up !== false) await room.up();
    return room;
  } catch (error) {
    await room.close().catch(() => undefined);
    throw error;
  }
}
