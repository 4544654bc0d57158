/**
 * hook: what an agent CLI runs around its turns and tools. The agent waits for it, so it loads little, gives up soon and never fails;
 * with no answer in time the agent goes on as if there were no llmctl. Only where the CLI itself asks for permission it waits.
 */
import type { HookReply } from '../../protocol/messages.ts';
import { voiceOf, withVoice } from '../agent/voice.ts';
import { answerOf } from './answer.ts';
import { firedOf } from './fired.ts';
import { tellAndGo } from './tell-and-go.ts';

/** Of an agent's time, for reading what it says and for the daemon's answer together. */
const BUDGET_MS = 50;
/** What somebody has to say yes to stands still anyway; a daemon that hangs must not hold it for ever. */
const ASKING_MS = 5_000;
/** An edit names its whole new text; past this it is no edit worth asking about. */
const INPUT_MAX = 8 * 1024 * 1024;
/** Its dialog is on the screen meanwhile, or nothing can go on anyway. */
const ASKS = 'PermissionRequest';
/** Those whose answer counts; all others are told, and that is that. */
const DECIDES: ReadonlySet<string> = new Set(['PreToolUse', 'BeforeTool', 'StatusLine', ASKS]);

/** Ends the process itself: input that never ends must not hold it. */
export async function hook(name: string): Promise<never> {
  process.once('uncaughtException', () => process.exit(0));
  const timer = setTimeout(() => process.exit(0), name === ASKS ? ASKING_MS : BUDGET_MS);
  const said = await answer(name, () => clearTimeout(timer)).catch(() => '');
  clearTimeout(timer);
  if (said !== '') await new Promise<void>((done) => process.stdout.write(`${said}\n`, () => done()));
  process.exit(0);
}

/**
 * @param patient called where there is a daemon to wait for
 * @returns one line for the agent CLI; '' where there is nothing to say
 */
async function answer(name: string, patient: () => void): Promise<string> {
  const voice = voiceOf(process.env);
  if (voice === null) return '';
  const fired = firedOf(name, await input());
  const request = { method: 'hook', agent: voice.agent, fired } as const;
  if (!DECIDES.has(fired.name)) {
    await tellAndGo(voice, request);
    return '';
  }
  return withVoice(voice, async (connection) => {
    if (fired.name === ASKS) patient();
    return answerOf(fired, (await connection.request(request)) as HookReply);
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
