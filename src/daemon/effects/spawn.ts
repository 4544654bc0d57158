/** Starts an agent's program in its pane. */
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { findProgram } from '../../adapters/ptyhost/find-program.ts';
import type { PaneExit } from '../../adapters/ptyhost/client.ts';
import type { Agent } from '../../core/model/agent.ts';
import { showControls } from '../../core/text.ts';
import { agentEnvironment, type Install } from '../environment.ts';
import type { Panes } from '../panes.ts';
import { SETUP_FAILED } from '../merging/setup.ts';
import type { Trees } from '../merging/trees.ts';
import { launch } from '../inside/launch.ts';
import type { Room } from '../room.ts';

export interface SpawnContext {
  readonly room: Room;
  readonly panes: Panes;
  readonly socket: string;
  readonly install: Install;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Resolves when a ptyhost answers. */
  readonly hostReady: () => Promise<void>;
  readonly trees: () => Trees;
  readonly stateDir: string;
}

export class Spawner {
  readonly #context: SpawnContext;
  /** Panes whose program is being started, and its end where that came before the answer. */
  readonly #starting = new Map<number, PaneExit | null>();

  constructor(context: SpawnContext) {
    this.#context = context;
  }

  /** @returns true where the exit is of a program whose start isn't told yet; it is told after that */
  heldBack(exit: PaneExit): boolean {
    if (!this.#starting.has(exit.pane)) return false;
    this.#starting.set(exit.pane, exit);
    return true;
  }

  /** Never throws: what went wrong goes to the coordinator. */
  async spawn(id: string): Promise<void> {
    const { room } = this.#context;
    const agent = room.state.agents[id];
    if (agent?.status.state !== 'starting') return;
    try {
      await this.#start(agent);
    } catch (error) {
      room.dispatch({ type: 'pty.spawn-failed', agent: id, reason: showControls((error as Error).message) });
    }
  }

  async #start(agent: Agent): Promise<void> {
    const { room, panes, socket, install, env: base, hostReady, stateDir } = this.#context;
    const { spec, pane } = agent;
    const token = randomBytes(16).toString('hex');
    const { argv, env: placed } = await this.#context.trees().place(spec);
    const launched = await launch(room.state.agents[spec.id] ?? agent, {
      stateDir,
      binFolder: install.binFolder,
      env: base,
      secret: token,
    });
    // What the plan says of its environment counts before the profile.
    const own = { ...launched.env, ...spec.env, ...placed };
    const env = agentEnvironment(base, own, { socket, agent: spec.id, task: spec.task, token }, install);
    mustBeFolder(spec.cwd);
    const found = findProgram(spec.command[0]!, env.PATH!, spec.cwd);
    if (!found.ok) throw new Error(found.error);
    const [file, ...args] = startOf(argv, spec.command, found.file);
    await hostReady();
    const { cols, rows } = panes.sizeFor(spec.id, pane);
    this.#starting.set(pane, null);
    let early: PaneExit | null;
    try {
      const { pid } = await panes.host.spawn({
        pane,
        agent: spec.id,
        file,
        args: [...args, ...launched.words],
        cwd: spec.cwd,
        env,
        cols,
        rows,
        token,
      });
      panes.open(spec.id, pane, cols, rows, 0, false);
      const { resumed, prompted, tells, mute, port } = launched;
      room.dispatch({
        type: 'pty.spawned',
        agent: spec.id,
        pid,
        token,
        begun: { resumed, prompted, tells, ...(mute ? { mute } : {}), ...(port === null ? {} : { port }) },
      });
    } finally {
      early = this.#starting.get(pane) ?? null;
      this.#starting.delete(pane);
    }
    if (early) tellExit(room, spec.id, early);
  }
}

/** The program by its full path, behind its set-up where there is one. */
function startOf(argv: readonly string[], command: readonly string[], file: string): [string, ...string[]] {
  const before = argv.slice(0, argv.length - command.length);
  const [first = file, ...rest] = before;
  return before.length === 0 ? [file, ...command.slice(1)] : [first, ...rest, file, ...command.slice(1)];
}

export function tellExit(room: Room, agent: string, { code, signal }: PaneExit): void {
  const exit = { code, signal, at: Date.now() };
  const known = room.state.agents[agent];
  const inSetup = code === SETUP_FAILED && known?.spec.worktree;
  const reason = 'the set-up of its worktree failed: its pane says how';
  room.dispatch({ type: 'pty.exited', agent, exit, ...(inSetup ? { reason } : {}) });
}

function mustBeFolder(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new Error(`${path}: no such folder to start it in`);
  if (!found.isDirectory()) throw new Error(`${path} is a file: it can't be started there`);
}
