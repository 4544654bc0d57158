/**
 * hook: what an agent CLI runs before and after its tools. The agent waits for it, so it loads little, gives up soon and
 * never fails; with no answer in time the agent goes on as if there were no llmctl.
 */
import type { DaemonConnection } from '../../client/connection.ts';
import type { MayWriteReply } from '../../protocol/messages.ts';
import { voiceOf, withVoice } from '../agent/voice.ts';
import { editOf, type Edit } from './edited.ts';

/** Of an agent's time, for reading what it says and for the daemon's answer together. */
const BUDGET_MS = 50;
/** An edit names its whole new text; past this it is no edit worth asking about. */
const INPUT_MAX = 8 * 1024 * 1024;

/** Ends the process itself: input that never ends must not hold it. */
export async function hook(name: string): Promise<never> {
  process.once('uncaughtException', () => process.exit(0));
  const timer = setTimeout(() => process.exit(0), BUDGET_MS);
  const said = await answer(name).catch(() => '');
  clearTimeout(timer);
  if (said !== '') await new Promise<void>((done) => process.stdout.write(`${said}\n`, () => done()));
  process.exit(0);
}

/** @returns one line of JSON for the agent CLI; '' where there is nothing to say */
async function answer(name: string): Promise<string> {
  const voice = voiceOf(process.env);
  if (voice === null) return '';
  const edit = editOf(name, await input());
  if (edit === null) return '';
  const { agent } = voice;
  return withVoice(voice, async (connection) =>
    edit.event === 'before' ? denial(await ask(connection, agent, edit)) : tell(connection, agent, edit),
  );
}

async function ask(connection: DaemonConnection, agent: string, { file }: Edit): Promise<MayWriteReply> {
  return (await connection.request({ method: 'mayWrite', agent, path: file })) as MayWriteReply;
}

async function tell(connection: DaemonConnection, agent: string, { file }: Edit): Promise<string> {
  await connection.request({ method: 'wrote', agent, path: file });
  return '';
}

function denial({ allowed, reason }: MayWriteReply): string {
  if (allowed) return '';
  return JSON.stringify({
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: 'deny',
      permissionDecisionReason: `llmctl: ${reason}`,
    },
  });
}

async function input(): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > INPUT_MAX) return '';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
