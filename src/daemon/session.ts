/** The composition root: everything that makes a session is put together here, and taken apart again. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Journal } from '../adapters/journal/journal.ts';
import { Samples } from '../adapters/journal/samples.ts';
import { loadConfig } from '../adapters/config/load.ts';
import { distFile, packageRoot } from '../adapters/paths/dist.ts';
import type { SessionLock } from '../adapters/paths/lock.ts';
import type { SessionPaths } from '../adapters/paths/session.ts';
import { ensurePtyHost } from '../adapters/ptyhost/launch.ts';
import type { Actor, AgentSpec } from '../core/model/agent.ts';
import type { Command } from '../core/model/commands.ts';
import type { SessionInfo } from '../core/model/state.ts';
import { DEFAULT_INTEGRATION } from '../core/plan/validate-integration.ts';
import { adopt } from './adopt.ts';
import { foldJournal } from './begin.ts';
import { Busy } from './busy.ts';
import { Ending, exitAfter } from './ending.ts';
import { Briefer } from './effects/brief.ts';
import { Effects } from './effects/effects.ts';
import { explain } from './evidence/explain.ts';
import { EvidenceKeeper } from './evidence/keeper.ts';
import { ProfileKeeper } from './evidence/rules.ts';
import { Spawner } from './effects/spawn.ts';
import { makeBinFolder } from './environment.ts';
import { emulators } from './emulators.ts';
import { heard } from './heard.ts';
import { AgentHealth } from './health/agent-health.ts';
import { Slots, slotsOfMachine } from './health/slots.ts';
import { Outputs } from './health/outputs.ts';
import { Host } from './host.ts';
import { typesBy } from './inside/asides.ts';
import { endByKeys } from './inside/ending.ts';
import { newId } from './ids.ts';
import { Inside } from './inside/inside.ts';
import { journalEvents } from './journal-events.ts';
import { landedBy } from './merging/landed-by.ts';
import { Metrics } from './metrics.ts';
import { Merging } from './merging/merging.ts';
import { log } from './log.ts';
import { Panes } from './panes.ts';
import { PlanKeeper } from './planning/plan-keeper.ts';
import { Planning } from './planning/planning.ts';
import { applyPlan, readPlan } from './plan.ts';
import { Sampler } from './records/sampler.ts';
import { Records } from './records/records.ts';
import { Commands } from './requests/commands.ts';
import { Requests } from './requests/requests.ts';
import { Room } from './room.ts';
import type { SessionServer } from './server.ts';
import { Notifier } from './watching/notifier.ts';
import { Watching } from './watching/watching.ts';
import { World } from './world.ts';

export interface SessionOptions {
  readonly paths: SessionPaths;
  readonly git: boolean;
  /** Absolute; null: the usual names are looked for. */
  readonly plan: string | null;
}

export interface Session {
  /** Ends the daemon alone: agents run on, and the next daemon finds them. Does nothing while the session is being ended. */
  leave(): Promise<void>;
}

/** Plan agents are given this long to start before clients are answered: a snapshot then shows them running. */
const START_WAIT_MS = 3_000;

/** Brings the session up behind a socket that listens already; clients are answered when this resolves. */
export async function openSession(
  options: SessionOptions,
  server: SessionServer,
  lock: SessionLock,
  startedAt: number,
): Promise<Session> {
  const { paths, git } = options;
  const env = process.env;
  const place = {
    socketPath: paths.ptySocket,
    stateDir: paths.stateDir,
    session: paths.id,
    entry: distFile('ptyhost.js'),
  };
  // The slowest part: it starts while the journal is read.
  const connecting = ensurePtyHost(place);
  connecting.catch(() => undefined);
  const reading = readPlan(paths.repo, options.plan, env, git);
  const install = { packageRoot: packageRoot(), binFolder: await makeBinFolder(paths.stateDir, packageRoot()) };

  const trouble: Command[] = [];
  let dispatch = (command: Command): void => void trouble.push(command);
  const journal = Journal.open(
    paths.journal,
    journalEvents((command) => dispatch(command)),
  );
  const fresh: SessionInfo = {
    id: paths.id,
    repo: paths.repo,
    git,
    startedAt: Date.now(),
    plan: null,
    planName: '',
    pid: process.pid,
  };
  const { state, goesOn, lastAt } = foldJournal(journal, fresh);
  const room = new Room({ journal, state, now: () => Date.now(), newId });
  dispatch = (command) => void room.dispatch(command);

  const plan = await reading;
  const session: SessionInfo = {
    ...fresh,
    startedAt: goesOn ? state.session.startedAt : fresh.startedAt,
    plan: plan.path,
    planName: plan.plan?.name ?? '',
    base: plan.plan?.base ?? '',
    integration: plan.canHaveTrees ? (plan.plan?.integration.branch ?? DEFAULT_INTEGRATION.branch) : '',
  };
  room.record([{ type: 'session.started', session }]);
  for (const command of trouble) room.dispatch(command);

  const client = await connecting;
  const busy = new Busy();
  const pool = emulators(paths.ptySocket, server, { panes: () => panes, evidence: () => evidence });
  const panes = new Panes(pool, client);
  const told = (command: Command): void => void room.dispatch(command);
  const profiles = new ProfileKeeper({
    env,
    dispatch: told,
    onChange: () => {
      panes.readAgain();
      planFile.profilesChanged(profiles.profiles.byId);
    },
  });
  const profileOf = (spec: AgentSpec) => profiles.ownOf(spec);
  const rulesOf = (agent: string) => profiles.of(room.state.agents[agent]?.spec.profile ?? '');
  const onSlow: ProfileKeeper['switchOff'] = (...rule) => profiles.switchOff(...rule);
  const evidence = new EvidenceKeeper({ dispatch: told, rulesOf, onSlow });
  panes.screenRules = (agent) => rulesOf(agent).screen;
  panes.floor = (agent) => rulesOf(agent).floor;
  const outputs = new Outputs((name) => {
    const place = room.state.health[name]?.place;
    return place === undefined ? paths.logDir : `${paths.logDir}/${place === 'agent' ? 'agents' : 'health'}`;
  });
  const world = new World({
    room,
    repo: paths.repo,
    git,
    logs: paths.logDir,
    env,
    health: plan.health,
    output: outputs,
    slots: new Slots(slotsOfMachine()),
    inTree: (name, agent) => agentHealth.run(name, agent),
    onBranch: (check) => merging.branchHealth.run(check),
    landedBy: (failures) => landedBy(room, merging.landings, failures),
  });
  const agentHealth = new AgentHealth({
    room,
    repo: paths.repo,
    logs: paths.logDir,
    env,
    health: plan.health,
    output: outputs,
    trees: () => merging.trees,
  });
  const spawner = new Spawner({
    room,
    panes,
    socket: paths.socket,
    install,
    env,
    hostReady: () => host.ready(),
    trees: () => merging.trees,
    stateDir: paths.stateDir,
  });
  const inside = new Inside({
    room,
    panes,
    env,
    socket: paths.socket,
    files: () => requests.files,
    evidence: () => evidence,
    readersOf: (agent) => rulesOf(agent).usage,
    heard: (...hook) => watching.tools.heard(...hook),
  });
  const briefer = new Briefer(panes, room, inside.proofs, typesBy({ room, profileOf, stateDir: paths.stateDir }));
  const effects = new Effects({
    room,
    panes,
    busy,
    spawner,
    briefer,
    endByKeys: (agent) => endByKeys({ room, panes, profileOf }, agent),
    planning: () => planning,
    watching: () => watching,
    answerer: () => inside.answerer,
    runHealth: (name) => world.runHealth(name),
    consider: (overlap, ms) => merging.consider(overlap, ms),
    stillness: () => merging.stillness,
    rounds: () => merging.rounds,
    land: () => merging.landings.step(),
    // The answer to whoever asked for it goes out first.
    exit: () => void setImmediate(() => void exitAfter(close('the session was ended'))),
  });
  const merging = new Merging({
    room,
    panes,
    effects,
    busy,
    repo: paths.repo,
    stateDir: paths.stateDir,
    env,
    base: plan.plan?.base ?? null,
    workspace: plan.workspace,
    integration: plan.plan?.integration ?? DEFAULT_INTEGRATION,
    logs: paths.logDir,
    health: plan.health,
    output: outputs,
    onLook: (agent, tree) => agentHealth.seen(agent, tree),
    newId,
    agents: plan.plan?.agents ?? [],
  });
  const planning = new Planning({
    room,
    busy,
    briefer,
    merging: () => merging,
    repo: paths.repo,
    logs: paths.logDir,
    env,
    workspace: plan.workspace,
  });
  const notifier = new Notifier({ room, rules: async () => (await loadConfig(env)).config.notifications });
  const watching = new Watching({
    room,
    busy,
    panes,
    stateDir: paths.stateDir,
    ownPids: () => [process.pid, panes.host.host.pid],
    blame: (name) => merging.blame.run(name),
    rollBack: (command, by) => merging.rollbacks.run(command, by),
  });
  const planFile = new PlanKeeper(
    { room, repo: paths.repo, named: options.plan, env, git, onApplied: () => agentHealth.defineAll() },
    plan,
  );
  room.perform = (effect) => effects.perform(effect);
  room.publish = (entries) => {
    server.broadcast({ type: 'events', entries });
    for (const entry of entries) {
      heard(entry.event, { evidence, world, merging, agentHealth, planning, watching, server, inside });
      notifier.heard(entry);
    }
  };
  const host = new Host({ place, room, panes, spawner }, client);

  const close = async (reason: string): Promise<void> => {
    outputs.stop();
    await server.close(reason);
    host.letGo();
    panes.host.close();
    planFile.stop();
    sampler.stop();
    inside.stop();
    profiles.stop();
    evidence.stop();
    watching.stop();
    await Promise.allSettled([panes.dispose(), world.stop(), planning.stop(), agentHealth.stop(), merging.stop()]);
    journal.close();
    samples.close();
    rmSync(paths.socket, { force: true });
    lock.release();
  };
  const ending = new Ending({ room, panes, effects, planning, merging, host });
  const down = (by: Actor): Promise<void> => ending.down(by);

  const commands = new Commands({
    room,
    panes,
    effects,
    healthDone: (name) => world.healthDone(name),
    down,
    free: (agent) => merging.stillness.free(agent),
    undo: async (round, by) => void (await merging.rounds.undo(round, by)),
    land: (agent, by) => merging.landings.land(agent, by),
    whyNot: (overlap, settled) => merging.views.whyNot(overlap, settled),
    forward: (agent) => merging.landings.forward(agent),
    rollBack: (command, by) => merging.rollbacks.run(command, by),
    blame: (name) => merging.blame.run(name),
  });
  const samples = Samples.open(join(paths.stateDir, 'metrics.db'));
  const sampler = new Sampler({ room, samples, metrics: new Metrics({ room, panes }) });
  const requests = new Requests({
    room,
    panes,
    busy,
    effects,
    commands,
    merges: merging.views,
    outputs,
    heard: merging,
    explain: (agent) => explain(evidence, rulesOf(agent), profiles.off(rulesOf(agent).name), agent),
    add: { repo: paths.repo, env, install, workspace: plan.workspace.kind, canHaveTrees: plan.canHaveTrees },
    records: new Records({ room, samples, stateDir: paths.stateDir }),
    startedAt,
    clients: () => server.connections,
    screens: () => server.screens,
    onViews: () => server.viewsChanged(),
    onGreeted: () => server.countScreens(),
    down,
  });

  await profiles.load();
  adopt(
    { room, panes, repo: paths.repo, planned: plan.agents, rearm: (agent, ms) => effects.rearm(agent, ms), evidence },
    await client.list(),
  );
  // Before the plan's agents start: a round that was under way has the first word on their worktrees.
  await merging.recover();
  applyPlan(room, plan, () => planning.look());
  agentHealth.recover();
  planning.recover();
  inside.recover();
  planFile.start();
  sampler.start();
  profiles.start();
  watching.start(lastAt);
  notifier.start();
  void world.start();
  await Promise.race([settledSoon(effects), timeout(START_WAIT_MS)]);
  server.serve({
    panes,
    busy,
    answer: (connection, request) => requests.answer(connection, request),
    hook: (call, line) => inside.calls.answer(call, line),
  });
  log(`session ${paths.id} runs after ${Math.round(performance.now() - startedAt)} ms`);
  return {
    leave: () => (ending.isBegun ? Promise.resolve() : exitAfter(close('the daemon was told to end: agents run on'))),
  };
}

async function settledSoon(effects: Effects): Promise<void> {
  await Promise.resolve();
  await effects.allSettled();
}

function timeout(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref());
}
