import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Script } from '../kit/model/script.ts';
import { until } from '../kit/wait.ts';
import { treeOf } from '../kit/worktrees.ts';
import { isThere, startRig } from './rig.ts';
import type { PinnedCli } from './versions.ts';

const LONG_MS = 150_000;

/** Each adds a line of its own to another end of one file. */
const edits = (old: string, text: string): Script => ({
  turns: [
    [{ tool: 'read', path: 'list.txt' }],
    [{ tool: 'edit', path: 'list.txt', old, new: text }],
    [{ text: 'Done.' }],
  ],
});

const PAIRS: readonly (readonly [PinnedCli['id'], PinnedCli['id']])[] = [
  ['claude', 'codex'],
  ['gemini', 'opencode'],
];

describe('two CLIs and one file', () => {
  it.for(PAIRS)('of %s and %s are merged', { timeout: 500_000 }, async ([first, second], { skip }) => {
    for (const id of [first, second]) skip(!isThere(id), `${id} could not be installed`);
    const body = Array.from({ length: 12 }, (_, i) => `line ${i}`).join('\n');
    const { room } = await startRig({
      scripts: {
        top: edits('first', 'first\nfrom ana'),
        bottom: edits('last', 'last\nfrom ben'),
      },
      files: { 'list.txt': `first\n${body}\nlast\n` },
      agents: {
        ana: { profile: first, prompt: 'Please edit it [[stub:top]]' },
        ben: { profile: second, prompt: 'Please edit it [[stub:bottom]]' },
      },
      plan: {
        overlaps: 'pause',
        permissions: [{ answer: 'allow', tools: ['edit', 'read'] }],
      },
    });
    await room.up();
    const textOf = (id: string): string => {
      const path = join(treeOf(room, id), 'list.txt');
      return existsSync(path) ? readFileSync(path, 'utf8') : '';
    };
    const both = () => ['ana', 'ben'].every((id) => textOf(id).includes('from ana') && textOf(id).includes('from ben'));
    // The plan has a person say yes; both stand still until then.
    const asks = (text: string): boolean => text.includes('waits for your yes');
    await room.becomes('a merge that waits', ({ alerts }) => alerts.some(({ text }) => asks(text)), LONG_MS);
    await room.ok('merge', 'list.txt');
    await until('both to have both', both, { deadlineMs: LONG_MS });
    await room.becomes('the end of the merge', (now) =>
      Object.values(now.overlaps).every(({ state }) => state === 'resolved'),
    );
    const { overlaps } = await room.status();
    expect(overlaps).toMatchObject([{ path: 'list.txt', state: 'resolved' }]);
  });
});
