import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { listener } from '../kit/agents.ts';
import { Room } from '../kit/room.ts';
import { startRoom } from '../kit/scenario.ts';
import { until } from '../kit/wait.ts';

const LINE = '$(touch x) `y` "z" \'q\' \\n; Größe 日本語 العربية 👩‍👩‍👧 é\tend';

/** What the program took, one after the other. */
function heard(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as string).replaceAll('\r', '\n'));
  } catch {
    return [];
  }
}

describe('a message', () => {
  it('arrives as it was sent: lines, scripts, what begins like a command, and 100 kB of it', async () => {
    const room: Room = await startRoom({ up: false });
    const file = room.path('heard.jsonl');
    await room.up();
    await room.ok('run', 'ana', '--shared', '--', ...listener(file));
    const long = `${LINE}\n`.repeat(2_000).trimEnd();
    const messages = [`/help is no command\n@nobody\n${LINE}`, `@file ${LINE}`, `-x --yes\n\n${LINE}`, long];
    expect(Buffer.byteLength(long)).toBeGreaterThan(100_000);
    for (const [at, message] of messages.entries()) {
      const sent = await room.cliWith({ input: message }, 'send', 'ana', '-');
      expect(sent.code).toBe(0);
      await until(`message ${at}`, () => heard(file).length === at + 1);
    }
    expect(heard(file)).toEqual(messages);
  });

  it('loses what nobody meant: control characters, and the end of a paste inside of it', async () => {
    const room: Room = await startRoom({ up: false });
    const file = room.path('heard.jsonl');
    await room.up();
    await room.ok('run', 'ana', '--shared', '--', ...listener(file));
    await room.cliWith({ input: 'a\u0003b\u001b[201~c\u001b]0;x\u0007d\u0000e' }, 'send', 'ana', '-');
    await until('the message', () => heard(file).length === 1);
    expect(heard(file)).toEqual(['abc]0;xde']);
  });
});
