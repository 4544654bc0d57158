import { describe, expect, it } from 'vitest';
import { until } from '../kit/wait.ts';
import { isThere, startRig } from './rig.ts';
import { SCRIPTS } from './scripts.ts';
import { PINNED } from './versions.ts';

const LONG_MS = 90_000;

/** What would end a paste or begin a command, files by their name, other scripts, wide and joined characters. */
const LINES = [
  'Read this:',
  '  $(touch x) `y` "z" \'q\' \\n; $$ $& {args}',
  '@package.json /help #1 !ls',
  'ana@example.org (@package.json) \\@x @Injectable()',
  'Größe 日本語 العربية 👩‍👩‍👧 é',
];
const MESSAGES = [
  LINES.join('\n'),
  `@package.json begins it\n${LINES.join('\n')}`,
  `/etc/hosts begins it\n${LINES.join('\n')}`,
  `${'All work and no play. '.repeat(5_000)}The end.`,
];

describe('a message', () => {
  it.for(PINNED.map(({ id }) => id))('arrives in %s as it was sent', { timeout: 600_000 }, async (id, { skip }) => {
    skip(!isThere(id), `${id} could not be installed`);
    const { room, model } = await startRig({ scripts: SCRIPTS, agents: { ana: { profile: id } } });
    await room.up();
    for (const [at, message] of MESSAGES.entries()) {
      const end = `[[stub:hello]] message ${at}`;
      const heard = () => model.asked.flatMap(({ prompts }) => prompts).findLast((prompt) => prompt.includes(end));
      const { code } = await room.cliWith({ input: `${message}\n${end}` }, 'send', 'ana', '-');
      expect(code).toBe(0);
      const said = await until(`the model to hear message ${at}`, heard, { deadlineMs: LONG_MS });
      expect(said).toContain(`${message}\n${end}`);
      await room.becomes('its turn to be over', (now) => now.agents.ana!.status.state === 'idle', LONG_MS);
    }
    expect((await room.status()).alerts).toEqual([]);
  });

  it('reaches all of them where they are started at once, and the machine has no time for any', async ({ skip }) => {
    const ids = PINNED.map(({ id }) => id).filter(isThere);
    skip(ids.length < 2, 'fewer than two could be installed');
    const agents = Object.fromEntries(ids.map((id) => [id, { profile: id }]));
    const { room, model } = await startRig({ scripts: SCRIPTS, agents });
    await room.up();
    for (const id of ids) await room.ok('send', id, `Hello ${id} [[stub:hello]]`);
    const prompts = () => model.asked.flatMap((one) => one.prompts);
    const deaf = () => ids.filter((id) => !prompts().some((prompt) => prompt.includes(`Hello ${id}`)));
    await until('all to hear', () => deaf().length === 0, { deadlineMs: LONG_MS * 2 }).catch(() => undefined);
    expect(deaf()).toEqual([]);
  }, 400_000);
});
