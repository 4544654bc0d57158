/** emergency: what went wrong, what is done about it, and a person's word on it. */
import { LlmctlError } from '../../client/error.ts';
import type { EmergencyWhen } from '../../core/model/watch.ts';
import { emergenciesInOrder, emergencyDocument, emergencyState } from '../../core/select/watch-documents.ts';
import { showControls } from '../../core/text.ts';
import type { CommandLine } from '../define.ts';
import { command, snapshot } from '../requests.ts';
import { age } from '../table.ts';

const SIGNS = { pending: ' ', running: '>', asking: '?', done: '+', skipped: '-', failed: '!' } as const;

export async function list({ context }: CommandLine): Promise<void> {
  await context.withSession(async (connection) => {
    const { state } = await snapshot(connection);
    const all = emergenciesInOrder(state);
    const now = Date.now();
    const lines = all.flatMap((emergency) => {
      const { id, title, evidence, begunAt, steps, work, end } = emergency;
      const ended = end === '' ? '' : `: ${end}`;
      const head = `${id}  ${emergencyState(emergency)}${ended}  ${title}  ${age(begunAt, now)}  ${evidence}`;
      const taken = steps.map((step, at) => {
        const said = work[at]?.said ?? (step.if === null ? '' : `if ${step.if}`);
        return `  ${SIGNS[work[at]?.state ?? 'pending']} ${step.do}${step.to === null ? '' : ` ${step.to}`}  ${said}`;
      });
      return [head, ...taken].map(showControls);
    });
    context.answer({ emergencies: all.map(emergencyDocument) }, lines.length === 0 ? 'no emergency' : lines.join('\n'));
  });
}

export async function start({ context, args, options }: CommandLine): Promise<void> {
  const agent = typeof options.agent === 'string' ? options.agent : null;
  await context.withSession(async (connection) => {
    await command(connection, { type: 'emergency.start', when: args[0] as EmergencyWhen, agent });
    const begun = (await snapshot(connection)).state.watch.emergencies.at(-1);
    if (begun === undefined) throw new LlmctlError('failed', 'the emergency did not begin');
    context.answer({ ok: true, emergency: emergencyDocument(begun) }, `emergency ${begun.id} has begun`);
  });
}

export async function decide(verb: 'go' | 'skip' | 'stop', { context, args }: CommandLine): Promise<void> {
  const emergency = args[0] as string;
  await context.withSession(async (connection) => {
    await command(connection, { type: `emergency.${verb}`, emergency });
    context.answer({ ok: true, emergency }, '');
  });
}
