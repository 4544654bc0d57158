import { describe, expect, it } from 'vitest';
import { isThere, startRig } from './rig.ts';
import { SCRIPTS } from './scripts.ts';
import { PINNED, type PinnedCli } from './versions.ts';

const LONG_MS = 150_000;

/** Two answers, as the script has them. */
const TOKENS = 2 * (SCRIPTS.counted.usage.input + SCRIPTS.counted.usage.output);

/** What else each says: which model it takes the stand-in for, and so how large its window is. */
const MORE: Readonly<Record<PinnedCli['id'], Readonly<Record<string, unknown>>>> = {
  claude: { costUsd: expect.any(Number), contextUsed: 5, model: expect.stringMatching(/\w/) },
  codex: { costUsd: null, contextUsed: expect.closeTo(19.7, 0) },
  gemini: { costUsd: null, contextUsed: expect.closeTo(4.8, 1), model: 'gemini-3.8-flash' },
  opencode: { costUsd: expect.closeTo(0.21), contextUsed: 25.5, model: 'stub-1' },
};

describe('what an agent uses', () => {
  it.for(PINNED.map(({ id }) => id))('is counted as %s counts it', { timeout: 400_000 }, async (id, { skip }) => {
    skip(!isThere(id), `${id} could not be installed`);
    const prompt = 'Please read it [[stub:counted]]';
    const { room } = await startRig({ scripts: SCRIPTS, agents: { ana: { profile: id, prompt } } });
    await room.up();
    const tokens = await room.becomes(
      'all of the tokens',
      (now) => (now.agents.ana!.usage?.now.tokens ?? 0) >= TOKENS && now.agents.ana!.status.state === 'idle',
      LONG_MS,
    );
    expect(tokens.agents.ana!.usage?.before).toEqual({ tokens: 0, costUsd: 0 });
    expect(await room.agent('ana')).toMatchObject({ tokens: TOKENS, ...MORE[id] });
  });
});
