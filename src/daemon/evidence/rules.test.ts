import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Command } from '../../core/model/commands.ts';
import { ProfileKeeper } from './rules.ts';

describe('profiles of a session', () => {
  let folder: string;
  let commands: Command[];
  let changes: number;
  let keeper: ProfileKeeper;
  const own = (text: string): void => writeFileSync(join(folder, 'llmctl/profiles/claude.yaml'), text);
  const PATIENCE = { timeout: 30_000 };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'llmctl-rules-'));
    commands = [];
    changes = 0;
    const env = { XDG_CONFIG_HOME: folder, PATH: `${folder}:${process.env.PATH ?? ''}` };
    keeper = new ProfileKeeper({ env, dispatch: (one) => void commands.push(one), onChange: () => changes++ });
  });
  afterEach(() => {
    keeper.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are rules for their agents, and those for any program for all others', async () => {
    await keeper.load();
    expect(keeper.of('claude').screen.rules.length).toBeGreaterThan(5);
    expect(keeper.of('nobody').name).toBe('generic');
    expect(keeper.of('claude').floor).toEqual({ cols: 60, rows: 16 });
  });

  it('are read again when one is written, in a folder that was not there, and what is wrong is told until it is mended', async () => {
    await keeper.load();
    keeper.start();
    mkdirSync(join(folder, 'llmctl/profiles'), { recursive: true });
    own('screen: 5\n');
    await vi.waitFor(() => {
      expect(commands.at(-1)).toMatchObject({ type: 'alert', text: expect.stringMatching(/claude\.yaml:1:9: /) });
    }, PATIENCE);
    expect(keeper.of('claude').screen.rules.length).toBeGreaterThan(5);
    own('floor: {cols: 70}\n');
    await vi.waitFor(() => expect(commands.at(-1)).toMatchObject({ type: 'alert.over' }), PATIENCE);
    expect(keeper.of('claude').floor.cols).toBe(70);
  });

  it('do without a rule that takes too long, and say where it stands, until one is written anew', async () => {
    mkdirSync(join(folder, 'llmctl/profiles'), { recursive: true });
    own('screen:\n  - {id: loop, match: "(a+)+b", state: working}\n');
    await keeper.load();
    const ids = (): string[] => keeper.of('claude').screen.rules.map(({ id }) => id);
    expect(ids()).toContain('loop');
    keeper.switchOff('claude', 'screen', 'loop');
    keeper.switchOff('claude', 'screen', 'loop');
    expect(ids()).not.toContain('loop');
    expect(ids().length).toBeGreaterThan(5);
    expect(commands).toEqual([
      expect.objectContaining({
        type: 'alert',
        text: expect.stringMatching(/claude\.yaml:2:5: its rule "loop" \(screen\) takes too long/),
      }),
    ]);
    expect(changes).toBe(2);
    await keeper.load();
    expect(ids()).toContain('loop');
    expect(commands.at(-1)).toMatchObject({ type: 'alert.over' });
  });

  it('ask the program which it is where rules are not of every version', async () => {
    writeFileSync(join(folder, 'claude'), '#!/bin/sh\necho "2.1.7 (Claude Code)"\n');
    chmodSync(join(folder, 'claude'), 0o755);
    mkdirSync(join(folder, 'llmctl/profiles'), { recursive: true });
    own(
      'titles:\n  - {id: new, match: x, state: idle, since: "2.2"}\n  - {id: old, match: x, state: idle, before: "2.2"}\n',
    );
    await keeper.load();
    expect(
      keeper
        .of('claude')
        .titles.map(({ rule }) => rule.id)
        .slice(0, 2),
    ).toEqual(['new', 'old']);
    await vi.waitFor(() => expect(keeper.of('claude').version).toBe('2.1.7'), PATIENCE);
    expect(keeper.of('claude').titles[0]?.rule.id).toBe('old');
    expect(changes).toBe(2);
  });
});
