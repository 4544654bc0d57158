import { describe, expect, it } from 'vitest';
import { until } from '../kit/wait.ts';
import { isThere, startRig } from './rig.ts';
import { SCRIPTS } from './scripts.ts';
import { PINNED } from './versions.ts';

const LONG_MS = 60_000;

/** Several lines, other scripts, wide and joined characters, and what would end a paste or begin a command. */
const MESSAGE = [
  'Read this:',
  '  $(touch x) `y` "z" \'q\' \\n;',
  '@README.md /help #1 !ls',
  'Größe 日本語 العربية 👩‍👩‍👧 é',
].join('\n');

describe('a message', () => {
  it.for(PINNED.map(({ id }) => id))('arrives in %s as it was sent, the first and a long one', async (id, { skip }) => {
    skip(!isThere(id), `${id} could not be installed`);
    const { room, model } = await startRig({ scripts: SCRIPTS, agents: { ana: { profile: id } } });
    await room.up();
    const heard = (end: string) =>
      model.asked.flatMap(({ prompts }) => prompts).findLast((prompt) => prompt.includes(end));
    const send = async (text: string, end: string): Promise<string> => {
      await room.ok('send', 'ana', text);
      return until('the model to hear it', () => heard(end), { deadlineMs: LONG_MS });
    };
    // Gemini CLI reads a file that is named so, and puts its text there.
    const lines = MESSAGE.split('\n').filter((line) => id !== 'gemini' || !line.includes('@'));
    const said = await send(`${MESSAGE} [[stub:hello]]`, '[[stub:hello]]');
    expect(lines.filter((line) => !said.includes(line))).toEqual([]);
    await room.becomes('its turn to be over', (now) => now.agents.ana!.status.state !== 'working', LONG_MS);
    const long = `${'All work and no play. '.repeat(5_000)}The end.`;
    expect(await send(`${long} [[stub:hello]] twice`, 'twice')).toContain(long);
    expect((await room.status()).alerts).toEqual([]);
  });
});
