/** A person's first minute: nothing runs yet. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { says } from '../kit/agents.ts';
import { startRoom } from '../kit/scenario.ts';

const PLAN = 'version: 1\nname: first\nagents:\n  - id: ana\n    command: [sh, -c, "echo ana is here; exec cat"]\n';

describe('llmctl tui where nothing runs', () => {
  it('starts the session of the plan and shows it', async () => {
    const room = await startRoom({ up: false, agents: { ana: says('ana is here'), bob: says('bob is here') } });
    const tui = room.tui({ cols: 140, rows: 40 });
    await tui.sees('ana is here');
    await tui.sees('bob is here');
    expect((await room.status()).agents).toHaveLength(2);
    tui.press('d');
    expect((await tui.ended()).code).toBe(0);
    expect((await room.status()).agents).toHaveLength(2);
  });

  it('takes the plan that --plan names', async () => {
    const room = await startRoom({ up: false, files: { 'plans/one.yaml': PLAN } });
    const tui = room.tui({ args: ['--plan', 'plans/one.yaml'] });
    await tui.sees('ana is here');
    expect((await room.status()).session.plan).toContain('one.yaml');
  });

  it('offers git init in a folder that is no repository', async () => {
    const room = await startRoom({ up: false, git: false, files: { 'llmctl.yaml': PLAN } });
    const tui = room.tui();
    await tui.sees(/git init/);
    tui.type('y\r');
    await tui.sees('ana is here');
    expect(existsSync(join(room.repo, '.git'))).toBe(true);
  });

  it('shows panes alone with --no-git', async () => {
    const room = await startRoom({ up: false, git: false, files: { 'llmctl.yaml': PLAN } });
    const tui = room.tui({ args: ['--no-git'] });
    await tui.sees('ana is here');
    expect(existsSync(join(room.repo, '.git'))).toBe(false);
  });

  it('shows what is wrong with the plan in the shell, not behind a screen', async () => {
    const room = await startRoom({ up: false, files: { 'llmctl.yaml': 'version: 1\nagents: {\n' } });
    const tui = room.tui({ cols: 160 });
    expect((await tui.ended()).code).toBe(1);
    expect(tui.screen()).toMatch(/llmctl\.yaml:\d+:\d+: /);
    expect(tui.modes.leftBehind()).toEqual([]);
  });

  it('needs a terminal, and says so', async () => {
    const room = await startRoom({ up: false, agents: { ana: says('x') } });
    const result = await room.cli('tui');
    expect(result.code).toBe(1);
    expect(result.stderr.trim().split('\n')).toHaveLength(1);
  });
});
