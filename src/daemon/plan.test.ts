import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decide } from '../core/decide.ts';
import { isRefusal } from '../core/decide/refuse.ts';
import { evolve } from '../core/evolve.ts';
import type { Command } from '../core/model/commands.ts';
import { emptyState, type State } from '../core/model/state.ts';
import { applyPlan, readPlan } from './plan.ts';
import type { Room } from './room.ts';

let repo = '';
beforeEach(() => {
  repo = mkdtempSync(join(tmpdir(), 'llmctl-plan-'));
});
afterEach(() => rmSync(repo, { recursive: true, force: true }));

/** What of a room a plan needs: commands decided and folded, without a journal. */
class PlainRoom {
  state: State = emptyState({ id: 's', repo: '/r', git: false, startedAt: 0, plan: null, planName: '', pid: 1 });
  #ids = 0;

  dispatch(command: Command): { ok: boolean } {
    const decision = decide(this.state, command, { now: 1, newId: () => `i${++this.#ids}` });
    if (isRefusal(decision)) return { ok: false };
    for (const event of decision) this.state = evolve(this.state, { seq: this.state.seq + 1, at: 1, event });
    return { ok: true };
  }

  /** As a daemon does that was started again. */
  async read(): Promise<string[]> {
    applyPlan(this as unknown as Room, await readPlan(repo, join(repo, 'llmctl.yaml'), {}, false));
    return this.state.alerts.map(({ text }) => text);
  }
}

describe('a plan that changes while its session runs', () => {
  it('is told about while it is wrong or gone, leaves what runs alone, and no more once it is mended', async () => {
    const room = new PlainRoom();
    const write = (text: string) => writeFileSync(join(repo, 'llmctl.yaml'), text);
    const sound = 'version: 1\nname: one\nagents:\n  - id: ana\n    command: [sleep, "1"]\n';
    write(sound);
    expect(await room.read()).toEqual([]);
    write('agents: [ {{{');
    expect((await room.read()).join()).toContain('llmctl.yaml:');
    rmSync(join(repo, 'llmctl.yaml'));
    expect(await room.read()).toEqual([expect.stringContaining('no such file')]);
    expect(Object.keys(room.state.agents)).toEqual(['ana']);
    write(sound);
    expect(await room.read()).toEqual([]);
  });
});
