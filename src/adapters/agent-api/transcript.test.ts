import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadProfiles } from '../profiles/load.ts';
import { Transcript } from './transcript.ts';

const folder = mkdtempSync(join(tmpdir(), 'llmctl-transcript-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const readersOf = async (id: string) =>
  (await loadProfiles({ XDG_CONFIG_HOME: folder })).byId.get(id)!.usage.filter(({ from }) => from === 'transcript');

const lines = (...documents: readonly object[]): string =>
  documents.map((document) => `${JSON.stringify(document)}\n`).join('');
const filler = { text: 'x'.repeat(400_000) };

const codex = (total: number, last: number): object => ({
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

it('reads the last count of a long session, and goes on where it was', async () => {
  const path = join(folder, 'rollout.jsonl');
  const none = { payload: { type: 'token_count', info: null } };
  const cut = '{"payload":{"type":"token_count","info":{"total';
  writeFileSync(path, `${lines(codex(10, 10), filler, codex(600, 250), none)}${cut}`);
  const transcript = new Transcript(path, await readersOf('codex'));
  const figures = { costUsd: null, model: null };
  expect(await transcript.read()).toEqual({ ...figures, tokens: 600, contextUsed: 25 });
  appendFileSync(path, `_token_usage":{"total_tokens":700}}}}\n${lines(codex(800, 300)).trimEnd()}`);
  expect(await transcript.read()).toEqual({ ...figures, tokens: 700, contextUsed: 25 });
  appendFileSync(path, '\n');
  expect(await transcript.read()).toEqual({ ...figures, tokens: 800, contextUsed: 30 });
  writeFileSync(path, lines(codex(5, 10)));
  expect(await transcript.read()).toEqual({ ...figures, tokens: 5, contextUsed: 1 });
  expect(await new Transcript(join(folder, 'absent'), await readersOf('codex')).read()).toBeNull();
});

it('adds up what is counted for each message, which may be written more than once', async () => {
  const path = join(folder, 'claude.jsonl');
  const said = (id: string, output: number): object => ({
    type: 'assistant',
    message: { id, usage: { input_tokens: 5, cache_read_input_tokens: 10, output_tokens: output } },
  });
  writeFileSync(path, lines(said('a', 1), filler, said('a', 20), { type: 'user', message: {} }, said('b', 7)));
  const transcript = new Transcript(path, await readersOf('claude'));
  expect(await transcript.read()).toMatchObject({ tokens: 35 + 22, costUsd: null });
  appendFileSync(path, lines(said('c', 1)));
  expect(await Promise.all([transcript.read(), transcript.read()])).toMatchObject([{ tokens: 73 }, { tokens: 73 }]);
});
