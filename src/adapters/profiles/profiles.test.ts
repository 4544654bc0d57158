import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parsePlan } from '../planfile/load.ts';
import { loadProfiles, resolveProfile } from './load.ts';
import { planAgents } from './plan-agents.ts';

const OWN = ['generic', 'shell', 'demo', 'claude', 'codex', 'gemini', 'opencode', 'aider'];

let home = '';
const RULE = 'command: [a]\nscreen:\n  - id: x\n';
const load = () => loadProfiles({ XDG_CONFIG_HOME: home, SHELL: '/bin/zsh' });
const write = (name: string, text: string) => writeFileSync(join(home, 'llmctl/profiles', name), text);

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'llmctl-profiles-'));
  mkdirSync(join(home, 'llmctl/profiles'), { recursive: true });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe('profiles', () => {
  it('come with llmctl', async () => {
    const { byId, problems } = await load();
    expect([...byId.keys()]).toEqual(OWN);
    expect(byId.get('shell')?.command).toEqual(['/bin/zsh']);
    expect(problems).toEqual([]);
    expect((await loadProfiles({ XDG_CONFIG_HOME: home })).byId.get('shell')?.command).toEqual(['bash']);
  });

  it('may be a person’s own, in place of one that comes with llmctl too', async () => {
    write('mine.yaml', 'title: Mine\ncommand: my-agent --fast\ninterrupt: [Esc, C-c]\nbriefing: none\n');
    write('claude.yml', 'command: ["claude", "--model", "x"]\n');
    write('notes.txt', '][');
    const { byId, problems } = await load();
    expect(problems).toEqual([]);
    expect(byId.get('mine')).toMatchObject({
      id: 'mine',
      title: 'Mine',
      command: ['my-agent', '--fast'],
      briefing: { how: 'none', pauseMs: 180 },
      interrupt: ['Esc', 'C-c'],
      install: '',
      launch: { prompt: null, permission: { ask: null } },
      from: 'person',
    });
    const claude = byId.get('claude')!;
    expect(claude).toMatchObject({ command: ['claude', '--model', 'x'], from: 'person', title: 'Claude Code' });
    expect(claude.inject.args).toContain('{run}/settings.json');
  });

  it.each<[string, string, RegExp, number]>([
    ['a.yaml', 'title: A\n', /no command/, 1],
    ['a.yaml', '', /map of keys, not nothing/, 1],
    ['a.yaml', 'command: [a]\nbriefing: shout\n', /write one of paste-enter, none/, 2],
    ['a.yaml', 'command: [a]\ninterrupt: {a: b}\n', /must be text/, 2],
    ['a.yaml', 'command: [a]\ninterrupt: [Escape Now]\n', /write a key such as Esc/, 2],
    ['a.yaml', 'command: [a]\nextends: cluade\n', /no profile "cluade" to extend; did you mean "claude"/, 2],
    ['a.yaml', 'command: [a, "{modell}"]\n', /\{modell\}, which is not known; did you mean "model"/, 1],
    ['a.yaml', `${RULE}    match: "(busy"\n    state: working\n`, /no regular expression: .*[Uu]nterminated group/, 4],
    ['a.yaml', `${RULE}    match: busy\n    state: bussy\n`, /can't be "bussy"/, 5],
    ['a.yaml', `${RULE}    match: busy\n`, /rule "x" has no state/, 3],
    ['a.yaml', `${RULE}    match: busy\n    state: idle\n    for: login\n`, /only what waits waits for a login/, 6],
    ['a.yaml', `${RULE}    match: busy\n    state: idle\n    text: $<what>\n`, /no group "what" \(it has none\)/, 6],
    [
      'a.yaml',
      `${RULE}    match: a\n    state: idle\n    region: middle 3\n`,
      /write screen, "top 5" or "bottom 12"/,
      6,
    ],
    [
      'a.yaml',
      `${RULE}    match: a\n    state: idle\n  - {id: x, match: b, state: idle}\n`,
      /two rules are called "x"/,
      6,
    ],
    ['a.yaml', 'command: [a]\ntitel: x\n', /did you mean "title"/, 2],
    ['a b.yaml', 'command: [a]\n', /can't name a profile/, 1],
  ])('%s with %j is left out and told', async (name, text, says, line) => {
    write(name, text);
    const { byId, problems } = await load();
    expect([...byId.keys()]).toEqual(OWN);
    const file = join(home, 'llmctl/profiles', name);
    expect(problems).toMatchObject([{ message: expect.stringMatching(says), line, file }]);
  });

  it('that are not there bring the nearest names', async () => {
    const profiles = await load();
    expect(resolveProfile(profiles, 'cluade')).toEqual({
      ok: false,
      reason: 'there is no profile "cluade"; did you mean "claude"?',
      nearest: ['claude'],
    });
    expect(resolveProfile(profiles, 'zzzzzzz')).toMatchObject({
      reason: expect.stringMatching(/there are shell, demo/),
    });
  });

  it('start a CLI with the model and the permissions of the plan, where it has words for them', async () => {
    const loaded = parsePlan(
      'version: 1\nname: x\nagents:\n  - {id: a, profile: claude, model: opus, permission: plan}\n' +
        '  - {id: b, profile: codex, command: [/opt/codex, --x], model: m}\n  - {id: c, profile: claude, command: [env, claude], model: m}\n' +
        '  - {id: d, profile: shell, model: m}\n  - {id: e, profile: opencode, permission: all}\n',
      'f',
    );
    if (!loaded.ok) throw new Error('the plan should be right');
    const { requests, problems } = planAgents(loaded.plan, await load(), '/repo', false);
    expect(requests.map(({ command }) => command)).toEqual([
      ['claude', '--model', 'opus', '--permission-mode', 'plan'],
      ['/opt/codex', '--x', '--model', 'm'],
      ['env', 'claude'],
      ['/bin/zsh'],
    ]);
    expect(problems).toEqual([`agent "e": opencode can't be started with "permission: all"; leave it out`]);
  });

  it('make requests out of the agents of a plan', async () => {
    const loaded = parsePlan(
      'version: 1\nname: x\nagents:\n  - {id: a, profile: claude, prompt: Do it., cwd: src/x}\n' +
        '  - {id: b, command: [make], env: {A: 1}}\n  - {id: c, profile: shell, command: [fish]}\n  - {id: d, profile: codx}\n',
      'f',
    );
    if (!loaded.ok) throw new Error('the plan should be right');
    const { requests, problems } = planAgents(loaded.plan, await load(), '/repo', false);
    expect(problems).toEqual(['agent "d": there is no profile "codx"; did you mean "codex"?']);
    const common = { env: {}, prompt: null, task: null, origin: 'plan', cwd: '/repo', worktree: null };
    expect(requests).toEqual([
      { ...common, id: 'a', name: 'a', profile: 'claude', command: ['claude'], prompt: 'Do it.', cwd: '/repo/src/x' },
      { ...common, id: 'b', name: 'b', profile: 'command', command: ['make'], env: { A: '1' } },
      { ...common, id: 'c', name: 'c', profile: 'shell', command: ['fish'] },
    ]);
    const worktree = '/repo/.llmctl/worktrees/a';
    const own = planAgents(loaded.plan, await load(), '/repo', true).requests[0];
    expect(own).toMatchObject({ worktree, cwd: `${worktree}/src/x` });
  });
});
