import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HealthRunner } from '../adapters/build/runner.ts';
import type { Command } from '../core/model/commands.ts';
import { Slots } from './health/slots.ts';
import { World } from './world.ts';
import type { Room } from './room.ts';

let repo = '';
beforeEach(() => {
  repo = realpathSync(mkdtempSync(join(tmpdir(), 'llmctl-world-')));
});
afterEach(() => rmSync(repo, { recursive: true, force: true }));

describe('the world', () => {
  it('ends at its start the checks that a daemon left behind when it was killed', async () => {
    const killed = new HealthRunner({ repo, logs: null, env: process.env, head: () => '' });
    // Stands for what the killed daemon started: it never hears that its runner is gone.
    const started = killed.start({
      name: 'build',
      command: { kind: 'argv', argv: ['sh', '-c', 'touch ready; exec sleep 300'] },
      timeoutMs: 60_000,
    });
    const other = spawn('sleep', ['300'], { cwd: repo, stdio: 'ignore' });
    const world = new World({
      room: {} as Room,
      repo,
      git: false,
      logs: join(repo, 'logs'),
      env: {},
      health: new Map(),
      onBranch: async () => {},
      landedBy: async () => ({}),
      slots: new Slots(2),
      inTree: async () => {},
    });
    try {
      // Leftovers can only be ended once they are there.
      await expect.poll(() => existsSync(join(repo, 'ready')), { timeout: 5000 }).toBe(true);
      await world.start();
      expect(started.ok && (await started.outcome)).toMatchObject({
        state: 'red',
        firstError: expect.stringMatching(/SIGKILL/),
      });
      expect(other.exitCode ?? other.signalCode).toBeNull();
    } finally {
      other.kill('SIGKILL');
      await killed.stop();
      await world.stop();
    }
  });

  it('forgets what troubled the daemon before: what still does is told anew', async () => {
    execFileSync('git', ['init', '-q'], { cwd: repo });
    const told: Command[] = [];
    const alerts = [{ cause: 'git:watch' }, { cause: 'git:watch:ana' }, { cause: 'journal' }];
    const room = { state: { alerts, agents: {} }, dispatch: (command: Command) => told.push(command) };
    const options = {
      repo,
      git: true,
      logs: join(repo, 'logs'),
      env: process.env,
      health: new Map(),
      onBranch: async () => {},
      landedBy: async () => ({}),
      slots: new Slots(2),
      inTree: async () => {},
    };
    const world = new World({ ...options, room: room as unknown as Room });
    await world.start();
    await world.stop();
    expect(told.filter(({ type }) => type === 'alert.over').slice(0, 2)).toEqual([
      { type: 'alert.over', cause: 'git:watch' },
      { type: 'alert.over', cause: 'git:watch:ana' },
    ]);
    expect(told).toContainEqual(expect.objectContaining({ type: 'git.status' }));
    expect(told).not.toContainEqual({ type: 'alert.over', cause: 'journal' });
  });
});
