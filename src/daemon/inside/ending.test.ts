import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AgentStateName } from '../../core/model/agent.ts';
import type { State } from '../../core/model/state.ts';
import { ProfileKeeper } from '../evidence/rules.ts';
import type { Panes } from '../panes.ts';
import { endByKeys } from './ending.ts';

const home = mkdtempSync(join(tmpdir(), 'llmctl-ending-'));
const profiles = new ProfileKeeper({ env: { XDG_CONFIG_HOME: home }, dispatch: () => {}, onChange: () => {} });
beforeAll(() => profiles.load());
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** @param endsAfter how many keys it needs until it ends */
async function keysOf(command: string, profile: string, state: AgentStateName, endsAfter: number): Promise<string> {
  let pressed = '';
  let run: { token: string } | null = { token: 't' };
  const now = (): State =>
    ({ agents: { ana: { spec: { profile, command: [command] }, run, status: { state } } } }) as never;
  const panes = {
    of: () => ({ pane: 1 }),
    modes: () => Promise.resolve({ flags: 0, kittyFlags: 0 }),
    write: (_: number, bytes: Buffer) => {
      pressed += bytes.toString();
      if (pressed.length === endsAfter) run = null;
    },
  } as unknown as Panes;
  const room = {
    get state() {
      return now();
    },
    until: (holds: (at: State) => boolean) => (holds(now()) ? Promise.resolve() : new Promise<void>(() => undefined)),
  };
  await endByKeys({ room, panes, profileOf: (spec) => profiles.ownOf(spec) }, 'ana');
  return pressed;
}

describe('a CLI that is to end', () => {
  it('is asked by the keys of its profile, no longer than it runs', async () => {
    expect(await keysOf('/opt/claude', 'claude', 'idle', 2)).toBe('\u0003\u0003');
    expect(await keysOf('claude', 'claude', 'working', 1)).toBe('\u0003');
    expect(await keysOf('claude', 'claude', 'idle', 9)).toBe('\u0003\u0003');
  });

  it.each([
    ['claude', 'claude', 'paused'],
    ['env', 'claude', 'idle'],
    ['bash', 'shell', 'idle'],
    ['make', 'command', 'idle'],
  ] as const)('%s of profile %s that is %s is not', async (command, profile, state) => {
    expect(await keysOf(command, profile, state, 1)).toBe('');
  });
});
