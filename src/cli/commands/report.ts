/** report: an agent's word to the coordinator, said from inside its pane. */
import { claimable, patiently, voiceOf, withVoice, type Voice } from '../agent/voice.ts';
import type { CommandLine } from '../define.ts';
import { CliError, usageError } from '../errors.ts';
import { wholeNumber } from '../numbers.ts';
import { claim, command } from '../requests.ts';

type Kind = 'started' | 'progress' | 'blocked' | 'done' | 'failed' | 'claim' | 'release' | 'ask';

export async function report({ context, args, options }: CommandLine): Promise<void> {
  const kind = args[0] as Kind;
  const words = [...((args[1] ?? []) as readonly string[])];
  const percent = kind === 'progress' ? percentOf(words.shift()) : null;
  if (kind === 'ask' && words.join('').trim() === '') throw usageError('report ask needs the question as its text');
  if (kind === 'claim' && words.length === 0) throw usageError('report claim needs the files that are to be yours');
  const voice = voiceOf(process.env);
  if (voice === null) {
    throw new CliError('report speaks for an agent: run it inside one (LLMCTL_SOCKET and LLMCTL_AGENT are not set)');
  }
  if (kind === 'claim' || kind === 'release') return holds(context, voice, kind, words);
  const artefacts = typeof options.artifact === 'string' ? [options.artifact] : [];
  const said = { type: 'agent.report', agent: voice.agent, kind, percent, text: words.join(' '), artefacts } as const;
  const seq = await patiently(() => withVoice(voice, (connection) => command(connection, said)));
  context.answer({ ok: true, agent: voice.agent, seq }, '');
}

async function holds(
  context: CommandLine['context'],
  voice: Voice,
  kind: 'claim' | 'release',
  words: readonly string[],
): Promise<void> {
  const paths = claimable(words, context.cwd);
  const what = kind === 'release' && paths.length === 0 ? null : paths;
  const { held } = await patiently(() => withVoice(voice, (connection) => claim(connection, kind, voice.agent, what)));
  context.answer({ ok: true, agent: voice.agent, held }, '');
}

function percentOf(text: string | undefined): number {
  const percent = wholeNumber(text?.replace(/%$/, ''), 'report progress');
  if (percent > 100) throw usageError(`report progress takes 0 to 100, not ${percent}`);
  return percent;
}
