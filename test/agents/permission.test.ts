import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Room } from '../kit/room.ts';
import { until } from '../kit/wait.ts';
import { treeOf } from '../kit/worktrees.ts';
import { isThere, startRig } from './rig.ts';
import { SCRIPTS } from './scripts.ts';

const LONG_MS = 90_000;

const asks = (room: Room) =>
  room.becomes('a question', (now) => Object.keys(now.permissions.waiting).length === 1, LONG_MS);

describe('a permission that is asked for', () => {
  it.skipIf(!isThere('claude'))('of Claude Code is answered from the room', async () => {
    const command = ['claude', '--permission-mode', 'manual'];
    const { room } = await startRig({
      scripts: SCRIPTS,
      agents: { ana: { profile: 'claude', command, prompt: 'Add a greet module [[stub:edit]]' } },
    });
    await room.up();
    const [permission] = Object.values((await asks(room)).permissions.waiting);
    expect(permission).toMatchObject({ agent: 'ana', tool: 'Write', kind: 'edit', paths: ['greet.js'], via: 'hook' });
    expect(permission?.diff[0]).toBe('+export function greet(name) {');
    expect(await room.agent('ana')).toMatchObject({
      state: 'waiting',
      // Its hook's words or, where its dialog has been seen meanwhile, those.
      reason: expect.stringMatching(/^permission: .*greet\.js/),
    });
    await room.ok('permission', 'allow', 'ana');
    await until('greet.js', () => existsSync(join(treeOf(room, 'ana'), 'greet.js')), { deadlineMs: LONG_MS });
    await room.becomes(
      'the end of its turn',
      (now) => ['idle', 'done'].includes(now.agents.ana!.status.state),
      LONG_MS,
    );
  });

  it.skipIf(!isThere('codex'))('of Codex is denied from the room, with a word why', async () => {
    const { room, model } = await startRig({
      scripts: SCRIPTS,
      agents: { ana: { profile: 'codex', prompt: 'Leave a marker [[stub:command]]' } },
    });
    await room.up();
    const [permission] = Object.values((await asks(room)).permissions.waiting);
    expect(permission).toMatchObject({ tool: 'Bash', kind: 'command', command: 'echo approved > approved.txt' });
    expect(await room.agent('ana')).toMatchObject({ state: 'waiting' });
    // It shows no dialog while its hook waits, and says Working: on the same line that it is a person who is to answer, and where.
    await until(
      'its line',
      async () => /• Working .* · asks you, in llmctl/.test((await room.output('ana', '--screen')).join('\n')),
      {
        deadlineMs: LONG_MS,
      },
    );
    await room.ok('permission', 'deny', 'ana', 'Not', 'now.');
    const hears = () => model.asked.some(({ results }) => results.at(-1)?.includes('Not now.'));
    await until('the model to hear of it', hears, { deadlineMs: LONG_MS });
    expect(existsSync(join(treeOf(room, 'ana'), 'approved.txt'))).toBe(false);
  });

  it.skipIf(!isThere('opencode'))('of opencode is answered through its API', async () => {
    const { room } = await startRig({
      scripts: SCRIPTS,
      agents: { ana: { profile: 'opencode', prompt: 'Add a greet module [[stub:edit]]' } },
    });
    await room.up();
    // Its dialog may be read off the screen before its API is there; what the API says of it then takes its place.
    const told = await room.becomes(
      'a question through the API',
      (now) => Object.values(now.permissions.waiting).some(({ via }) => via === 'api'),
      LONG_MS,
    );
    const [permission] = Object.values(told.permissions.waiting);
    expect(permission).toMatchObject({ tool: 'edit', kind: 'edit', paths: ['greet.js'], via: 'api' });
    expect(permission?.diff).toContain('+export function greet(name) {');
    await room.ok('permission', 'allow', 'ana');
    await until('greet.js', () => existsSync(join(treeOf(room, 'ana'), 'greet.js')), { deadlineMs: LONG_MS });
    await room.becomes('its cost', (now) => (now.agents.ana!.usage?.now.costUsd ?? 0) > 0, LONG_MS);
    expect(await room.agent('ana')).toMatchObject({
      tokens: expect.any(Number),
      conversation: expect.stringMatching(/^ses_/),
    });
  });

  it.skipIf(!isThere('gemini'))('of Gemini CLI is answered by the keys for its dialog', async () => {
    const { room } = await startRig({
      scripts: SCRIPTS,
      agents: { ana: { profile: 'gemini', prompt: 'Add a greet module [[stub:edit]]' } },
    });
    await room.up();
    const [permission] = Object.values((await asks(room)).permissions.waiting);
    expect(permission).toMatchObject({ tool: 'replace', kind: 'edit', paths: ['greet.js'], via: 'keys' });
    await room.ok('permission', 'allow', 'ana');
    await until('greet.js', () => existsSync(join(treeOf(room, 'ana'), 'greet.js')), { deadlineMs: LONG_MS });
    expect(Object.keys((await room.state()).permissions.waiting)).toEqual([]);
  });
});
