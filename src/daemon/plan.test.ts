import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decide } from '../core/decide.ts';
import { isRefusal } from '../core/decide/refuse.ts';
import { evolve } from '../core/evolve.ts';
import type { Command } from '../core/model/commands.ts';
import { emptyState, type State } from '../core/model/state.ts';
import { problemLine } from '../core/plan/model.ts';
import { loadProfiles } from '../adapters/profiles/load.ts';
import { applyPlan, readPlan } from './plan.ts';
import { PlanKeeper } from './planning/plan-keeper.ts';
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

describe('what failures are', () => {
  const profiles = () => join(repo, 'config/llmctl/profiles');
  const env = () => ({ XDG_CONFIG_HOME: join(repo, 'config') });
  const PLAN = `version: 1
name: one
health: {build: zig build}
failures: [{kind: crash, match: oops, agent: ana}]
agents:
  - {id: ana, profile: zig}
  - {id: ben, profile: zig}
  - {id: cleo, command: [sleep, "1"]}
`;
  const zig = (failures: string) => {
    mkdirSync(profiles(), { recursive: true });
    writeFileSync(join(profiles(), 'zig.yaml'), `command: [sleep, "1"]\n${failures}\n`);
    writeFileSync(join(repo, 'llmctl.yaml'), PLAN);
  };

  it('the plan says first, then the profiles of its agents, once each', async () => {
    zig('failures: [{kind: compile, match: "^zig .*note:"}, {kind: packaging, match: build.zig.zon}]');
    writeFileSync(join(profiles(), 'other.yaml'), 'command: [sh]\nfailures: [{kind: timeout, match: never used}]\n');
    const { health, problems } = await readPlan(repo, join(repo, 'llmctl.yaml'), env(), false);
    expect(problems).toEqual([]);
    expect(health.get('build')?.failures).toEqual([
      { kind: 'crash', match: 'oops', agent: 'ana' },
      { kind: 'compile', match: '^zig .*note:', agent: null },
      { kind: 'packaging', match: 'build.zig.zon', agent: null },
    ]);
  });

  it('changes with a profile that is edited', async () => {
    zig('failures: []');
    const plan = await readPlan(repo, join(repo, 'llmctl.yaml'), env(), false);
    const parts = { room: new PlainRoom() as unknown as Room, repo, named: null, env: env(), git: false };
    const keeper = new PlanKeeper({ ...parts, onApplied: () => undefined }, plan);
    zig('failures: [{kind: compile, match: zig}]');
    keeper.profilesChanged((await loadProfiles(env())).byId);
    expect(plan.health.get('build')?.failures?.at(-1)).toEqual({ kind: 'compile', match: 'zig', agent: null });
  });

  it.each([
    ['[{kind: compile, match: "("}]', /zig\.yaml:2:35: .*regular expression/],
    ['[{kind: slow, match: x}]', /zig\.yaml:2:19: .*write one of compile/],
    ['[{kind: crash}]', /zig\.yaml:2:12: .*match/],
    ['[{kind: crash, match: x, agent: ana}]', /zig\.yaml:2:36: .*agent/],
  ])('%s in a profile is told with its place', async (rules, said) => {
    zig(`failures: ${rules}`);
    const [problem] = (await loadProfiles(env())).problems;
    expect(problem && problemLine(problem)).toMatch(said);
  });
});
