import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { until } from '../kit/wait.ts';
import { treeOf } from '../kit/worktrees.ts';
import { isThere, startRig } from './rig.ts';
import { SCRIPTS } from './scripts.ts';

describe('a prompt of the plan', () => {
  it.skipIf(!isThere('codex'))('is what Codex does first: the file is there', async () => {
    const { room, model } = await startRig({
      scripts: SCRIPTS,
      agents: { ana: { profile: 'codex', prompt: 'Add a greet module [[stub:edit]]' } },
    });
    await room.up();
    const file = await until('greet.js', () => existsSync(join(treeOf(room, 'ana'), 'greet.js')), {
      deadlineMs: 60_000,
    });
    expect(file).toBe(true);
    expect(model.asked[0]?.prompts.at(-1)).toBe('Add a greet module [[stub:edit]]');
  });
});
