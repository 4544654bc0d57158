/** status: the session at a glance; the contract's document with --json. */
import { isOpen } from '../../core/model/overlap.ts';
import type { State } from '../../core/model/state.ts';
import { showControls } from '../../core/text.ts';
import type { CommandLine } from '../define.ts';
import { print, untilInterrupted } from '../io.ts';
import { snapshot } from '../requests.ts';
import { lockDocuments } from '../../core/select/overlap-documents.ts';
import { overlapsInOrder } from '../../core/select/overlaps.ts';
import { statusDocument } from '../../core/select/status.ts';
import { contextWords, usedBy, usedByAll, usedWords } from '../../core/select/used.ts';
import { gateDocuments } from '../../core/select/work-documents.ts';
import { age, columns, counted, duration } from '../table.ts';
import { permissionTable } from './permission.ts';
import { taskTable } from './task.ts';

/** Changes closer together than this are printed once. */
const WATCH_MS = 100;

export async function status({ context, options }: CommandLine): Promise<void> {
  if (options.watch === true) return watch(context);
  await context.withSession(async (connection) => {
    const seen = await snapshot(connection);
    context.answer(statusDocument(seen.state, seen.clients), describe(seen.state, Date.now()));
  });
}

async function watch(context: CommandLine['context']): Promise<void> {
  const room = await context.room(true);
  let timer: NodeJS.Timeout | null = null;
  const show = (): void => {
    timer = null;
    const state = room.state();
    const seen = { state, seq: state.seq, recent: [], clients: room.clients() };
    if (context.json) print(JSON.stringify(statusDocument(seen.state, seen.clients)));
    else print(`${process.stdout.isTTY ? '\u001B[H\u001B[2J' : ''}${describe(state, Date.now())}\n`);
  };
  show();
  const ended = new Promise<void>((resolve) => {
    room.onChange(() => {
      if (room.connection().state === 'ended') resolve();
      else timer ??= setTimeout(show, WATCH_MS);
    });
  });
  await Promise.race([ended, untilInterrupted()]);
  if (timer) clearTimeout(timer);
  room.close();
}

/** The session as text: one line of its own, then a line each for agents, checks, todos and alerts. */
export function describe(state: State, now: number): string {
  return [
    head(state, now),
    agents(state, now),
    claims(state),
    taskTable(state),
    permissionTable(state, now),
    gates(state),
    overlaps(state, now),
    health(state),
    todos(state),
    alerts(state, now),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function head(state: State, now: number): string {
  const { session, git, order } = state;
  const plan = session.planName === '' ? 'no plan' : showControls(session.planName);
  const branch = git === null ? '' : ` · ${showControls(git.branch)}, ${git.changed.length} changed`;
  const used = usedWords(usedByAll(state));
  const spent = used === '' ? '' : ` · used ${used}`;
  return `${session.id} · ${plan} · ${counted(order.length, 'agent')}${branch} · up ${age(session.startedAt, now)}${spent}`;
}

function agents(state: State, now: number): string {
  if (state.order.length === 0) return 'no agents: `llmctl run NAME -- CMD` or `llmctl add --profile P` starts one';
  const rows = state.order.flatMap((id) => {
    const agent = state.agents[id];
    if (agent === undefined) return [];
    const { spec, status } = agent;
    const progress = agent.progress === null ? '' : `${agent.progress} %`;
    const what = showControls(agent.activity === '' ? status.reason : agent.activity);
    const context = contextWords(agent.usage);
    const used = [usedWords(usedBy(agent.usage)), context && `${context} full`].filter((part) => part !== '').join(' ');
    return [[spec.id, spec.profile, status.state, age(status.since, now), progress, used, what]];
  });
  return columns([['AGENT', 'PROFILE', 'STATE', 'SINCE', 'DONE', 'USED', 'AT'], ...rows]);
}

/** Who writes what, by claim or by lock. */
function claims(state: State): string {
  return columns(
    lockDocuments(state).map(({ path, holder, binding }) => [
      binding ? 'locked' : 'claimed',
      holder,
      showControls(path),
    ]),
  );
}

function overlaps(state: State, now: number): string {
  const open = overlapsInOrder(state).filter(isOpen);
  return columns(
    open.map((overlap) => [
      overlap.state,
      overlap.agents.join(' and '),
      overlap.verdict,
      age(overlap.since, now),
      showControls(overlap.path),
    ]),
  );
}

function health(state: State): string {
  return columns(
    Object.values(state.health).map((check) => [
      check.name,
      check.state + (check.stale ? ' (stale)' : ''),
      check.at === 0 ? '' : duration(check.ms),
      showControls(check.firstError),
    ]),
  );
}

/** Those that are settled or not in sight are in `llmctl gate list`. */
function gates(state: State): string {
  const open = gateDocuments(state).filter((gate) => gate.asked || gate.state === 'running' || gate.state === 'failed');
  return columns(
    open.map(({ id, title, state: stands, asked, reason }) => [
      `gate ${id}`,
      asked ? 'asks you' : stands,
      showControls(reason || title),
    ]),
  );
}

/** Those of tasks are counted with them. */
function todos(state: State): string {
  return columns(
    state.todos
      .filter(({ kind }) => kind === undefined)
      .map(({ id, text, done, agent }) => [done ? '[x]' : '[ ]', id, agent ?? '', showControls(text)]),
  );
}

function alerts(state: State, now: number): string {
  return columns(
    state.alerts.map(({ level, agent, at, text }) => [level, agent ?? '', age(at, now), showControls(text)]),
  );
}
