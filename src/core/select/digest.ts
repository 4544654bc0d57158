/** How things stand, on one page: what a sync point is held with. */
import { spentBy, plus } from '../agents/usage.ts';
import { isOpen as isQueued } from '../landing/landing.ts';
import type { EpochMs } from '../model/agent.ts';
import { isOpen as isOpenOverlap } from '../model/overlap.ts';
import { NOTHING_SPENT } from '../model/run-facts.ts';
import type { State } from '../model/state.ts';
import { standingOf, taskState } from '../schedule/standing.ts';
import { showControls } from '../text.ts';
import { isActive } from '../model/watch.ts';
import { span } from '../watch/limits.ts';
import type { SyncPoint } from '../watch/sync-points.ts';
import { needAttention } from './attention.ts';
import { askedGates, nextGate } from './gates.ts';
import { isoTime } from './time.ts';

export interface DigestTimes {
  /** When it was held before; null: never. */
  readonly since: EpochMs | null;
  /** When it should have been held, where it is late; null or left out: it is in time. */
  readonly due?: EpochMs | null;
}

export function digestOf(state: State, point: SyncPoint, { since, due = null }: DigestTimes, now: EpochMs) {
  const from = since ?? state.session.startedAt;
  const tasks = Object.entries(state.work?.tasks ?? {});
  const standing = standingOf(state);
  const agents = state.order.flatMap((id) => state.agents[id] ?? []);
  const spent = agents.reduce((sum, { usage }) => plus(sum, spentBy(usage)), NOTHING_SPENT);
  const done = tasks.filter(([, { stage }]) => stage === 'done');
  const gate = nextGate(state, now);
  return {
    point: point.point,
    title: point.title,
    at: isoTime(now),
    since: isoTime(from),
    due: due === null ? null : isoTime(due),
    landed: state.landings
      .filter((one) => one.state === 'landed' && (one.endedAt ?? 0) >= from)
      .map(({ agent, task, merge }) => ({ agent, task, merge })),
    queued: state.landings.filter(isQueued).map(({ agent, task }) => ({ agent, task })),
    done: done.filter(([, { endedAt }]) => (endedAt ?? 0) >= from).map(([id]) => id),
    progress: { done: done.length, tasks: tasks.length },
    running: tasks.flatMap(([id, { stage, agent, progress }]) =>
      stage === 'running' || stage === 'verifying' || stage === 'landing' ? [{ task: id, agent, stage, progress }] : [],
    ),
    blocked: tasks.flatMap(([id, { stage, agent, reason }]) =>
      stage === 'blocked' || stage === 'failed' ? [{ task: id, agent, stage, reason }] : [],
    ),
    ready: standing === null ? [] : tasks.flatMap(([id]) => (taskState(standing, id) === 'ready' ? [id] : [])),
    waiting: needAttention(state).map(({ spec, status }) => ({
      agent: spec.id,
      state: status.state,
      since: isoTime(status.since),
      reason: status.reason,
    })),
    overlaps: Object.values(state.overlaps)
      .filter(isOpenOverlap)
      .map(({ path, agents: both, state: stands }) => ({ path, agents: both, state: stands })),
    health: Object.values(state.health).map(({ name, state: stands, stale, firstError, inquiry }) => ({
      name,
      state: stands,
      stale,
      firstError,
      brokenBy: inquiry?.blame?.agent ?? null,
    })),
    emergencies: state.watch.emergencies.filter(isActive).map(({ id, title, evidence }) => ({ id, title, evidence })),
    spent: { tokens: spent.tokens, costUsd: Math.round(spent.costUsd * 100) / 100 },
    gates: { asking: askedGates(state), next: gate?.id ?? null },
    asked: point.digest,
    actions: point.actions,
  };
}

export type Digest = ReturnType<typeof digestOf>;

/** One line: what a notification has room for. */
export function digestSummary(digest: Digest): string {
  const { progress, landed, blocked, waiting, overlaps, health, gates } = digest;
  const red = health.filter(({ state }) => state === 'red').map(({ name }) => name);
  const parts = [
    progress.tasks > 0 ? `${progress.done}/${progress.tasks} tasks done` : '',
    `${landed.length} landed`,
    blocked.length > 0 ? `${blocked.length} blocked` : '',
    waiting.length > 0
      ? `${waiting.map(({ agent }) => agent).join(', ')} ${waiting.length === 1 ? 'needs' : 'need'} you`
      : '',
    overlaps.length > 0 ? `${overlaps.length} overlaps` : '',
    red.length > 0 ? `${red.join(', ')} red` : '',
    gates.asking.length > 0 ? `gate ${gates.asking[0]} asks you` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** Why the digest is not of the hour that it is named for. */
export function lateWords(due: EpochMs, now: EpochMs): string {
  return `Held ${span(now - due)} late, when llmctl was there again`;
}

/** Markdown, for a file and for people. @param now for ages */
export function digestText(digest: Digest, now: EpochMs): string {
  const { progress, spent, gates } = digest;
  const plan = progress.tasks === 0 ? '' : `, ${progress.done} of ${progress.tasks} tasks done`;
  const sections: readonly (readonly [string, readonly string[]])[] = [
    [
      'Landed',
      digest.landed.map(({ agent, task, merge }) => `${task ?? 'work'} of ${agent} (${(merge ?? '').slice(0, 12)})`),
    ],
    ['Done', digest.done],
    ['On the way to land', digest.queued.map(({ agent, task }) => `${task ?? 'work'} of ${agent}`)],
    [
      'At work',
      digest.running.map(
        ({ task, agent, stage, progress: at }) => `${task}: ${agent ?? 'a person'}, ${stage}, ${at} %`,
      ),
    ],
    [
      'Blocked',
      digest.blocked.map(({ task, agent, stage, reason }) => `${task} (${agent ?? 'a person'}) ${stage}: ${reason}`),
    ],
    ['Ready to start', digest.ready],
    [
      'Needs you',
      [
        ...digest.waiting.map(
          ({ agent, state, since, reason }) => `${agent} ${state} for ${span(now - Date.parse(since))}: ${reason}`,
        ),
        ...gates.asking.map((id) => `gate ${id} asks for go or no-go`),
        ...digest.emergencies.map(({ id, title, evidence }) => `emergency ${id}, ${title}: ${evidence}`),
      ],
    ],
    ['Overlaps', digest.overlaps.map(({ path, agents, state }) => `${path}: ${agents.join(' and ')}, ${state}`)],
    [
      'Health',
      digest.health.map(({ name, state, stale, firstError, brokenBy }) => {
        const by = brokenBy === null ? '' : `, broken by ${brokenBy}`;
        return `${name} ${state}${stale ? ' (stale)' : ''}${by}${firstError === '' ? '' : `: ${firstError}`}`;
      }),
    ],
    ['Next gate', gates.next === null ? [] : [gates.next]],
    [
      'Spent',
      spent.tokens === 0 && spent.costUsd === 0 ? [] : [`${spent.tokens} tokens, ${spent.costUsd.toFixed(2)} USD`],
    ],
    ['Asked for at this point', digest.asked],
    ['To be done at this point', digest.actions],
  ];
  const body = sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => `## ${title}\n\n${lines.map((line) => `- ${showControls(line)}`).join('\n')}`);
  const late = digest.due === null ? '' : `\n\n${lateWords(Date.parse(digest.due), now)}: it was due ${digest.due}.`;
  const head = `# ${showControls(digest.title)}\n\n${digest.at}, since ${digest.since}${plan}${late}`;
  return `${[head, ...body].join('\n\n')}\n`;
}
