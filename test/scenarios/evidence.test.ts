/** How an agent's state is known: a dialog on its screen, its profile's rules, a person's own that are edited while it runs. */
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startRoom } from '../kit/scenario.ts';
import { until } from '../kit/wait.ts';

/** Prompt, work, dialog, prompt, as Claude Code draws them; each on Enter. */
const BOX = '────────────\\n❯ \\n────────────\\n  manual mode on';
const SCREENS = `#!/bin/sh
printf '${BOX} · ? for shortcuts\\n'; read -r x
printf '\\033[2J\\033[H* Brewing… (2s)\\n${BOX} · esc to interrupt\\n'; read -r x
printf '\\033[2J\\033[H Create file that greets all who ever come by here\\n Do you want to create greet.js?\\n ❯ 1. Yes\\n   2. No\\n Esc to cancel\\n'; read -r x
printf '\\033[2J\\033[H${BOX} · ? for shortcuts\\n'; exec cat
`;

describe('the state of an agent', () => {
  it('is read off its screen by its profile, explained, and read anew when the profile is edited', async () => {
    const room = await startRoom();
    const program = join(room.dir, 'claude');
    writeFileSync(program, SCREENS);
    chmodSync(program, 0o755);
    const profiles = join(room.dir, 'config/llmctl/profiles');
    const own = join(profiles, 'claude.yaml');
    const rule = (match: string): string =>
      `screen:\n  - {id: mine, match: "${match}", state: limited, priority: 90, sure: true}\n`;
    const becomes = (state: string) =>
      room.becomes(`ana to be ${state}`, ({ agents }) => agents.ana?.status.state === state);

    await room.ok('run', 'ana', '--shared', '--', program);
    await becomes('idle');
    await room.ok('keys', 'ana', 'Enter');
    await becomes('working');
    await room.ok('keys', 'ana', 'Enter');
    await becomes('waiting');
    expect(await room.agent('ana')).toMatchObject({
      profile: 'claude',
      waitingFor: 'permission',
      reason: 'permission: wants to create greet.js',
      evidence: 'screen',
    });
    // A hook that tells more of it would have had the first word.
    await room.becomes('asked', ({ permissions }) => Object.keys(permissions.waiting).length === 1);
    expect((await room.ok('permission', 'list')).stdout).toMatch(/ana .*wants to create greet\.js/);
    const { words } = JSON.parse((await room.ok('agent', 'explain', 'ana', '--json')).stdout) as { words: object[] };
    expect(words[0]).toMatchObject({
      source: 'screen',
      rule: 'permission',
      matched: 'Do you want to create greet.js?',
      counts: true,
    });

    mkdirSync(profiles, { recursive: true });
    writeFileSync(own, rule('Do (you'));
    await room.becomes('an alert with the place', ({ alerts }) =>
      alerts.some(({ text }) => /claude\.yaml:2:\d+: .*"mine" is no regular expression/.test(text)),
    );
    expect((await room.agent('ana')).state).toBe('waiting');
    // Words in words: it would never come to an end.
    writeFileSync(own, rule('(?:[a-z ]+)+!'));
    await room.becomes('an alert with its place', ({ alerts }) =>
      alerts.some(({ text }) => /claude\.yaml:2:5: its rule "mine" \(screen\) takes too long/.test(text)),
    );
    expect((await room.agent('ana')).state).toBe('waiting');
    writeFileSync(own, rule('Do you'));
    await becomes('limited');
    expect((await room.status()).alerts).toEqual([]);
    rmSync(own);
    await becomes('waiting');
    await room.ok('keys', 'ana', 'Enter');
    await becomes('idle');
  });

  it('of a coding agent is read off a terminal that is never too small for it', async () => {
    const room = await startRoom();
    const program = join(room.dir, 'claude');
    writeFileSync(program, '#!/bin/sh\nwhile :; do stty size; read -r x; done\n');
    chmodSync(program, 0o755);
    await room.ok('run', 'ana', '--shared', '--', program);
    await room.ok('run', 'ben', '--shared', '--', '/bin/sh', '-c', 'while :; do stty size; read -r x; done');
    const tui = room.tui({ cols: 64, rows: 24 });
    await tui.sees(/ana[^]*ben/);
    const size = async (id: string): Promise<number[]> => {
      await room.ok('keys', id, 'Enter');
      return ((await room.output(id, '--lines', '1'))[0] ?? '').split(' ').map(Number);
    };
    await until('ben to be as low as its pane', async () => (await size('ben'))[0]! < 16);
    await tui.sees('part of');
    expect((await size('ana'))[0]).toBe(16);
  });
});
