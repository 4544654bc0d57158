/** Parts and prompts in files of their own: inside the repository, and nowhere else. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadPlan } from './load.ts';

describe('files that a plan names', () => {
  let folder = '';
  let repo = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'llmctl-include-'));
    repo = join(folder, 'repo');
    await mkdir(join(repo, '.git'), { recursive: true });
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function load(files: Readonly<Record<string, string>>, plan = 'llmctl.yaml') {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(repo, name)), { recursive: true });
      await writeFile(join(repo, name), text);
    }
    const loaded = await loadPlan(join(repo, plan));
    const problems = loaded.ok ? loaded.warnings : loaded.problems;
    const told = problems.map(({ file, line, column, message }) => [
      file.slice(repo.length + 1),
      line,
      column,
      message,
    ]);
    return { plan: loaded.ok ? loaded.plan : null, told };
  }

  it('are joined: lists one behind the other, maps key by key, the plan itself last', async () => {
    const { plan, told } = await load(
      {
        'plans/p.yaml':
          'version: 1\nname: x\ninclude: [../shared/team.yaml]\nvars: {level: 2}\nagents: [{id: b, profile: s, prompt: {use: hello}}]\n',
        'shared/team.yaml':
          'vars: {level: 1, who: you}\nprompts: {hello: "{{vars.who}} at {{vars.level}}"}\nagents: [{id: a, profile: s}]\n',
      },
      'plans/p.yaml',
    );
    expect(told).toEqual([]);
    expect(plan?.agents.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(plan?.vars).toEqual({ level: '2', who: 'you' });
  });

  it('are named where they are wrong, by line and column', async () => {
    const { told } = await load({
      'llmctl.yaml': 'version: 1\nname: x\ninclude: team.yaml\nagents: [{id: b, profile: s, prompt: {file: b.md}}]\n',
      'team.yaml': 'agents:\n  - id: a\n    profil: s\n',
      'b.md': 'Hello.\n\nDo {{what}}.\n',
    });
    expect(told).toEqual([
      ['team.yaml', 2, 5, expect.stringContaining('nothing to run')],
      ['team.yaml', 3, 5, expect.stringContaining('did you mean "profile"')],
    ]);
    const second = await load({ 'team.yaml': 'agents:\n  - id: a\n    profile: s\n' });
    expect(second.told).toEqual([
      ['b.md', 3, 6, expect.stringContaining('{{what}} in the prompt of agent "b" is unknown')],
    ]);
  });

  it('must be there, and inside', async () => {
    await writeFile(join(folder, 'secret.md'), 'secret');
    await symlink(join(folder, 'secret.md'), join(repo, 'link.md'));
    const names = ['none.md', '../secret.md', '/etc/passwd', '~/x.md', 'link.md', '.git/config', 'a/../../secret.md'];
    for (const name of names) {
      const file = JSON.stringify(name);
      const { plan, told } = await load({
        'llmctl.yaml': `version: 1\nname: x\nagents: [{id: b, profile: s, prompt: {file: ${file}}}]\n`,
      });
      const says = name === 'none.md' ? 'there is no file "none.md"' : `"${name}" leaves the repository`;
      expect([plan, told]).toEqual([null, [['llmctl.yaml', 3, 45, expect.stringContaining(says)]]]);
      const part = await load({
        'llmctl.yaml': `version: 1\nname: x\ninclude: ${file}\nagents: [{id: b, profile: s}]\n`,
      });
      expect(part.told).toEqual([['llmctl.yaml', 3, 10, expect.stringContaining(says)]]);
    }
  });
});
