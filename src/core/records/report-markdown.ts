/** The report of a session as Markdown: what it says is all in the document. */
import { oneLine } from '../text.ts';
import { durationText } from './durations.ts';
import type { SessionReport } from './session-report.ts';

/** Of more than that, those at its beginning and its end. */
const MOMENTS_MAX = 400;

export function reportMarkdown(report: SessionReport): string {
  const { session, plan } = report;
  const title = `# Session ${text(plan?.name || session.id)}`;
  return `${[
    title,
    overview(report),
    section('Agents', agentTable(report)),
    section('Tasks', taskTable(report)),
    section('Landings', landingTable(report)),
    section('Roll-backs', rollbackList(report)),
    section('Merges between agents', mergeTable(report)),
    section('Overlaps', overlapTable(report)),
    section('Gates', gateList(report)),
    section('Build health', healthTable(report)),
    section('Milestones', milestoneTable(report)),
    section(
      'Failures',
      momentList(report.failures, ({ at, words }) => `${clock(at)} ${text(words)}`),
    ),
    section('Cost', costLines(report)),
    section('Time line', timeline(report)),
  ]
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

function overview({ session, plan, landings, merges, overlaps, alerts }: SessionReport): string {
  const until = session.endedAt === null ? `${day(session.until)}, still running` : day(session.endedAt);
  const landed = landings.filter(({ state }) => state === 'landed').length;
  const tasks = plan && `${plan.tasks.done} of ${plan.tasks.total} done`;
  const others = plan
    ? Object.entries(plan.tasks).filter(([name, count]) => name !== 'done' && name !== 'total' && count > 0)
    : [];
  return list([
    `Repository: ${code(session.repo)}`,
    `Time: ${day(session.startedAt)} to ${until}: ${hoursText(session.hours)}`,
    plan === null
      ? 'Plan: none with tasks'
      : `Plan: ${text(plan.name)}${plan.path === null ? '' : `, ${code(plan.path)}`}`,
    tasks === null ? '' : `Tasks: ${[tasks, ...others.map(([name, count]) => `${count} ${name}`)].join(', ')}`,
    `Landed: ${landed} of ${landings.length}${session.integration === '' ? '' : ` on ${code(session.integration)}`}`,
    `Overlaps: ${overlaps.length}, of which ${overlaps.filter(({ verdict }) => verdict === 'conflict').length} in conflict; merges: ${merges.length}`,
    `Alerts: ${alerts.error} errors, ${alerts.warn} warnings`,
  ]);
}

function agentTable({ agents }: SessionReport): string {
  return table(
    [
      'agent',
      'profile',
      'state',
      'tasks done',
      'landed',
      'refused',
      'at work',
      'waiting',
      'idle',
      'paused',
      'restarts',
      'messages',
    ],
    agents.map((agent) => {
      const time = (...states: readonly (keyof typeof agent.hours)[]): string =>
        hoursText(states.reduce((sum, state) => sum + (agent.hours[state] ?? 0), 0));
      return [
        text(agent.name),
        text(agent.profile),
        agent.state,
        agent.done.map(code).join(', ') || '–',
        String(agent.landed),
        String(agent.refused),
        time('starting', 'working'),
        time('waiting', 'limited', 'stuck'),
        time('idle', 'done'),
        time('paused'),
        String(agent.restarts),
        String(agent.messages),
      ];
    }),
  );
}

function taskTable({ tasks }: SessionReport): string {
  return table(
    ['task', 'title', 'agent', 'state', 'took', 'estimate', 'commit', 'remark'],
    tasks.map((task) => [
      code(task.id),
      text(task.title === task.id ? '' : task.title),
      text(task.agent),
      task.state,
      task.hours === null ? '–' : hoursText(task.hours),
      task.estimateHours === null ? '–' : `${[...new Set(task.estimateHours)].join('–')} h`,
      task.commit === null ? '–' : code(task.commit.slice(0, 10)),
      [
        task.attempts > 0 ? `sent back ${task.attempts} times` : '',
        task.forced ? 'by force' : '',
        task.state === 'failed' || task.state === 'blocked' ? text(task.reason) : '',
      ]
        .filter((part) => part !== '')
        .join('; '),
    ]),
  );
}

function landingTable({ landings }: SessionReport): string {
  return table(
    ['at', 'agent', 'task', 'result', 'merge', 'reason'],
    landings.map(({ agent, task, state, requestedAt, endedAt, merge, reason }) => [
      clock(endedAt ?? requestedAt),
      text(agent),
      task === null ? '–' : code(task),
      state === 'undone' ? 'taken out again' : state,
      merge === null ? '–' : code(merge.slice(0, 10)),
      text(reason),
    ]),
  );
}

function rollbackList({ rollbacks }: SessionReport): string {
  return list(
    rollbacks.map(({ at, landing, agent, undo, by, reason }) => {
      const what = `landing ${code(landing)}${agent === null ? '' : ` of ${text(agent)}`}`;
      const why = reason === '' ? '' : `: ${text(reason)}`;
      return `${clock(at)} ${what} ${undo ? 'put back' : 'taken out'} by ${text(by)}${why}`;
    }),
  );
}

function mergeTable({ merges }: SessionReport): string {
  return table(
    ['at', 'agents', 'paths', 'conflicts', 'result', 'took', 'reason'],
    merges.map(({ startedAt, agents, paths, conflicts, settled, outcome, seconds, reason }) => [
      clock(startedAt),
      agents.map(text).join(' + '),
      paths.map(code).join(', '),
      conflicts
        .map((path) => {
          const take = settled.find((one) => one.path === path)?.take;
          return `${code(path)}${take === undefined ? '' : ` (${take})`}`;
        })
        .join(', ') || '–',
      outcome,
      seconds === null ? '–' : durationText(seconds * 1000),
      text(reason),
    ]),
  );
}

function overlapTable({ overlaps }: SessionReport): string {
  return table(
    ['since', 'path', 'agents', 'verdict'],
    overlaps.map(({ at, path, agents, verdict }) => [clock(at), code(path), agents.map(text).join(' + '), verdict]),
  );
}

function gateList({ gates }: SessionReport): string {
  const known = gates.filter(({ results, checks }) => results.length > 0 || checks.some(({ said }) => said !== ''));
  return list(
    known.flatMap(({ id, title, state, results, checks }) => [
      `${code(id)}${title === id ? '' : ` ${text(title)}`}: **${state}**`,
      ...results.map(
        ({ at, result, by, reason }) =>
          `  - ${clock(at)} ${result} by ${text(by)}${reason === '' ? '' : `: ${text(reason)}`}`,
      ),
      ...checks.flatMap(({ said }) => (said === '' ? [] : [`  - ${text(said)}`])),
    ]),
  );
}

function healthTable({ health }: SessionReport): string {
  return table(
    ['check', 'now', 'runs', 'green', 'red', 'median', 'longest', 'first error'],
    health.map(({ name, state, runs, green, red, medianMs, longestMs, firstError }) => [
      code(name),
      state,
      String(runs),
      String(green),
      String(red),
      medianMs === null ? '–' : durationText(medianMs),
      longestMs === null ? '–' : durationText(longestMs),
      state === 'red' ? text(firstError) : '',
    ]),
  );
}

function milestoneTable({ milestones }: SessionReport): string {
  return table(
    ['milestone', 'title', 'owner', 'state', 'reached', 'commit'],
    milestones.map(({ id, title, owner, state, reachedAt, commit }) => [
      code(id),
      text(title === id ? '' : title),
      text(owner),
      state,
      reachedAt === null ? '–' : day(reachedAt),
      commit === null ? '–' : code(commit.slice(0, 10)),
    ]),
  );
}

function costLines({ cost, agents, tasks }: SessionReport): string {
  if (cost.tokens === null) return 'No agent said what it used.';
  const total = `All agents that count (${cost.reportedBy.map(text).join(', ')}): ${cost.tokens.toLocaleString('en')} tokens, ${dollars(cost.costUsd ?? 0)}`;
  const each = table(
    ['', 'tokens', 'cost'],
    [
      ...agents
        .filter(({ tokens }) => tokens !== null)
        .map(({ name, tokens, costUsd }) => [text(name), tokens, costUsd] as const),
      ...tasks
        .filter(({ tokens }) => tokens !== null)
        .map(({ id, tokens, costUsd }) => [`task ${code(id)}`, tokens, costUsd] as const),
    ].map(([name, tokens, costUsd]) => [name, (tokens ?? 0).toLocaleString('en'), dollars(costUsd ?? 0)]),
  );
  return `${total}\n\n${each}`;
}

type Moment = SessionReport['timeline'][number];

function timeline({ timeline: all }: SessionReport): string {
  return momentList(all, ({ at, level, words }) => {
    const grave = level === 'error' ? '**error** ' : level === 'warn' ? '**!** ' : '';
    return `${clock(at)} ${grave}${text(words)}`;
  });
}

function momentList(all: readonly Moment[], line: (moment: Moment) => string): string {
  const half = MOMENTS_MAX / 2;
  if (all.length <= MOMENTS_MAX) return list(all.map(line));
  const between = `… ${all.length - MOMENTS_MAX} more: \`llmctl log\` has all of them`;
  return list([...all.slice(0, half).map(line), between, ...all.slice(-half).map(line)]);
}

// --- Markdown (GitHub Flavored Markdown 0.29) ---

/** What was said by others, as nothing but text. */
function text(words: string): string {
  return oneLine(words, 300).replace(/[\\`*[\]<|]/g, '\\$&');
}

function code(words: string): string {
  const shown = oneLine(words, 200).replaceAll('`', "'").replaceAll('|', '\\|');
  return shown === '' ? '–' : `\`${shown}\``;
}

function section(title: string, body: string): string {
  return body === '' ? '' : `## ${title}\n\n${body}`;
}

function list(items: readonly string[]): string {
  return items
    .filter((item) => item !== '')
    .map((item) => (item.startsWith('  - ') ? item : `- ${item}`))
    .join('\n');
}

/** '' without rows. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** `2026-01-31 10:00 UTC` */
function day(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}

/** `01-31 10:00:05` */
function clock(iso: string): string {
  return iso.slice(5, 19).replace('T', ' ');
}

function hoursText(hours: number): string {
  return durationText(hours * 3_600_000);
}

function dollars(costUsd: number): string {
  return `$${costUsd.toFixed(costUsd < 1 ? 4 : 2)}`;
}
