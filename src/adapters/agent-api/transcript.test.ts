import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { transcriptUsage } from './transcript.ts';

const folder = mkdtempSync(join(tmpdir(), 'llmctl-transcript-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const count = (total: number, last: number): string =>
  JSON.stringify({
    type: 'event_msg',
    payload: {
      type: 'token_count',
      info: {
        total_token_usage: { total_tokens: total },
        last_token_usage: { total_tokens: last },
        model_context_window: 1000,
      },
    },
  });

it('reads the last count of a long session, cut lines and all', async () => {
  const path = join(folder, 'rollout.jsonl');
  const filler = `${JSON.stringify({ text: 'x'.repeat(400_000) })}\n`;
  const cut = '{"payload":{"type":"token_count","info":{"total';
  writeFileSync(
    path,
    `${count(10, 10)}\n${filler}${count(600, 250)}\n{"payload":{"type":"token_count","info":null}}\n${cut}`,
  );
  expect(await transcriptUsage(path)).toEqual({ tokens: 600, costUsd: null, contextUsed: 25, model: null });
  expect(await transcriptUsage(join(folder, 'absent'))).toBeNull();
});
