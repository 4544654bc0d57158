/** agent explain: the evidence behind a state, and the events that led to it. */
import { unknownAgent } from '../../core/decide/refuse.ts';
import { isLive } from '../../core/model/agent.ts';
import { heldBy } from '../../core/overlap/holders.ts';
import { showControls } from '../../core/text.ts';
import { LlmctlError } from '../../client/error.ts';
import type { CommandLine } from '../define.ts';
import { evidence, log, snapshot } from '../requests.ts';
import type { EvidenceReply } from '../../protocol/messages.ts';
import { eventWithoutSecrets } from '../../core/select/secrets.ts';
import { isoTime } from '../../core/select/time.ts';
import { emergenciesInOrder, emergencyDocument, progressDocument } from '../../core/select/watch-documents.ts';
import { isOpen } from '../../core/model/watch.ts';
import { age } from '../table.ts';

/** How an item of evidence comes about, in words. */
const MEANING = {
  person: 'somebody said so',
  report: "the agent's own word (llmctl report)",
  hook: "a hook or the API of the agent's program",
  osc: "the program's status protocol, title or notification",
  screen: 'what stands on its screen',
  process: 'its process and whether it prints',
} as const;

const EVENTS = 10;

export async function explain({ context, args }: CommandLine): Promise<void> {
  const id = args[0] as string;
  await context.withSession(async (connection) => {
    const { state } = await snapshot(connection);
    const agent = state.agents[id];
    if (agent === undefined) {
      const { code, refused, nearest } = unknownAgent(state, id);
      throw new LlmctlError(code, refused, nearest);
    }
    const events = (await log(connection, { since: null, agent: id, limit: 200 }))
      .filter(({ event }) => event.type !== 'agent.git' && event.type !== 'agent.activity')
      .slice(-EVENTS);
    const { status } = agent;
    const known = await evidence(connection, id);
    const holds = heldBy(state, id);
    const progress = progressDocument(state, agent);
    const emergencies = emergenciesInOrder(state).filter((one) => isOpen(one) && one.subject.agent === id);
    const document = {
      agent: id,
      state: status.state,
      since: isoTime(status.since),
      reason: status.reason,
      evidence: status.evidence,
      waitingFor: status.waitingFor ?? null,
      until: status.until ? isoTime(status.until) : null,
      profile: known.profile,
      words: known.words,
      silent: known.silent,
      off: known.off,
      coming: known.coming,
      by: status.by?.name ?? null,
      pending: agent.pending,
      beforePause: agent.beforePause?.state ?? null,
      exit: agent.exit,
      progress,
      emergencies: emergencies.map(emergencyDocument),
      holds,
      events: events.map(({ seq, at, event }) => ({ seq, at: isoTime(at), ...eventWithoutSecrets(event) })),
    };
    const lines = [
      `${id} is ${status.state} for ${age(status.since, Date.now())}: ${showControls(status.reason)}`,
      `known from ${status.evidence}: ${MEANING[status.evidence]}${status.by ? `, ${status.by.name}` : ''}`,
      ...(status.until ? [`until ${isoTime(status.until)}`] : []),
      `evidence, by the rules of profile ${known.profile}:`,
      ...(known.words.length > 0
        ? known.words.flatMap(wordLines)
        : [isLive(agent) ? '  none yet' : '  none: its program does not run']),
      ...(known.silent.length === 0 || !isLive(agent) ? [] : [`nothing was heard from: ${known.silent.join(', ')}`]),
      ...known.off.map((line) => `switched off: ${showControls(line)}`),
      ...(known.coming === null ? [] : [`about to be shown: ${known.coming}`]),
      `last progress: ${showControls(progress.text)}, at ${progress.at}${progress.stuckAt === null ? '' : `; stuck from ${progress.stuckAt} on`}`,
      ...emergencies.map(({ id: name, title, work }) =>
        showControls(`emergency ${name}: ${title}${work.map(({ state: how, said }) => `; ${how}: ${said}`).join('')}`),
      ),
      ...(agent.pending === null ? [] : [`under way: ${agent.pending}`]),
      ...(agent.exit === null ? [] : [`its program ended with ${exitWords(agent.exit)}`]),
      ...(holds.length === 0 ? [] : [`holds: ${holds.map((path) => showControls(path)).join(', ')}`]),
      'last events:',
      ...events.map(({ seq, at, event }) => `  ${seq}  ${isoTime(at)}  ${event.type}${reasonOf(event)}`),
    ];
    context.answer(document, lines.join('\n'));
  });
}

function wordLines(word: EvidenceReply['words'][number]): string[] {
  const what = word.waitingFor === null ? word.state : `${word.state} for ${word.waitingFor}`;
  const mark = word.counts ? '*' : ' ';
  const heard = word.heardMs + 1000 < word.ageMs ? `, heard ${seconds(word.heardMs)} ago` : '';
  const rule =
    word.rule === null ? [] : [`      rule ${word.rule} matched ${JSON.stringify(showControls(word.matched))}`];
  return [
    `${mark} ${word.source.padEnd(12)} ${what}: ${showControls(word.text)} (for ${seconds(word.ageMs)}${heard})`,
    ...rule,
    `      ${word.counts ? 'counts' : 'does not count'}: ${word.why}`,
  ];
}

function seconds(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}

function exitWords({ code, signal }: { code: number | null; signal: number | null }): string {
  return signal ? `signal ${signal}` : `exit status ${code ?? '?'}`;
}

function reasonOf(event: object): string {
  return 'reason' in event && typeof event.reason === 'string' ? `: ${showControls(event.reason)}` : '';
}
