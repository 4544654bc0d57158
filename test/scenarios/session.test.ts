import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { echo, says, shell } from '../kit/agents.ts';
import { startRoom } from '../kit/scenario.ts';
import type { Status } from '../kit/status.ts';
import { git } from '../kit/temp.ts';

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('a session from start to end', () => {
  it('starts the plan, says what runs, and leaves nothing behind', async () => {
    const room = await startRoom({ agents: { ana: says('hello from ana'), bob: shell() } });
    const status = await room.status();
    expect(status.agents.map((agent) => agent.id)).toEqual(['ana', 'bob']);
    expect(status.session.repo).toBe(room.repo);
    expect(status.session.startedAt).toMatch(ISO);
    await room.isState('ana', 'working').catch(() => room.isState('ana', 'idle'));
    await room.idle();
    expect(await room.output('ana')).toContain('hello from ana');
    const down = await room.cli('down', '--yes', '--json');
    expect(down.code).toBe(0);
    expect(down.json).toBeTypeOf('object');
    expect(room.sockets).toEqual([]);
    expect(room.processes()).toEqual([]);
  });

  it('changes nothing when it is started again', async () => {
    const room = await startRoom({ agents: { ana: echo() } });
    const before = await room.status();
    const again = await room.cli('up');
    expect(again.code).toBe(0);
    const after = await room.status();
    expect(after.session.pid).toBe(before.session.pid);
    expect(after.agents.map((agent) => agent.pid)).toEqual(before.agents.map((agent) => agent.pid));
  });

  it('says 3 where no session runs', async () => {
    const room = await startRoom({ up: false });
    for (const args of [['status'], ['output', 'ana'], ['pause', '--all'], ['log']]) {
      const result = await room.cli(...args);
      expect([args[0], result.code]).toEqual([args[0], 3]);
      expect(result.stderr.trim().split('\n')).toHaveLength(1);
      expect(result.stderr).toMatch(/llmctl (up|tui)/);
    }
  });

  it('starts again after its end with a clean slate of processes', async () => {
    const room = await startRoom({ agents: { ana: echo() } });
    const first = await room.status();
    await room.ok('down', '--yes');
    await room.up();
    const second = await room.status();
    expect(second.session.pid).not.toBe(first.session.pid);
    expect(second.agents).toHaveLength(1);
    expect(second.agents[0]!.pid).not.toBe(first.agents[0]!.pid);
  });

  it('keeps its files to itself', async () => {
    const room = await startRoom({ agents: { ana: echo() } });
    const { statSync } = await import('node:fs');
    expect(statSync(join(room.place.runtime, 'llmctl')).mode & 0o777).toBe(0o700);
    for (const path of room.sockets.filter((each) => each.endsWith('.sock'))) {
      expect(statSync(path).mode & 0o777).toBe(0o600);
    }
    const { session } = await room.status();
    const state = join(room.place.state, 'llmctl', session.id);
    expect(existsSync(join(state, 'journal.db'))).toBe(true);
    expect(statSync(state).mode & 0o077).toBe(0);
  });

  it('shows the repository as git sees it', async () => {
    const room = await startRoom({ agents: { ana: echo() }, files: { 'src/a.ts': 'one\n' } });
    const { writeFileSync } = await import('node:fs');
    writeFileSync(join(room.repo, 'src/a.ts'), 'two\n');
    const state = await room.becomes('the change in git', (now) => now.git?.changed.length === 1);
    expect(state.git).toMatchObject({ branch: 'main', head: expect.stringMatching(/^[0-9a-f]{7,}$/) });
    expect(state.git?.changed[0]?.path).toBe('src/a.ts');
    git(room.place, 'switch', '-q', '-c', 'other');
    await room.becomes('the other branch', (now) => now.git?.branch === 'other');
  });

  it('runs the build on demand and shows green or red', async () => {
    const room = await startRoom({
      agents: { ana: echo() },
      plan: { health: { build: 'test -f good' } },
    });
    const red = await room.cli('build', '--json');
    expect(red.code).toBe(1);
    expect((await room.status()).health.build).toMatchObject({ state: 'red' });
    const { writeFileSync } = await import('node:fs');
    writeFileSync(join(room.repo, 'good'), '');
    expect((await room.cli('build')).code).toBe(0);
    expect((await room.status()).health.build).toMatchObject({ state: 'green' });
  });

  it('keeps a journal that says who did what', async () => {
    const room = await startRoom({ agents: { ana: echo() } });
    await room.ok('pause', 'ana');
    await room.ok('resume', 'ana');
    const { json } = await room.ok('log', '--json', '--agent', 'ana');
    const text = JSON.stringify(json);
    for (const type of ['agent.added', 'agent.started', 'agent.paused', 'agent.resumed']) expect(text).toContain(type);
    expect((await room.ok('log')).stdout).toContain('ana');
    const at = await room.ok('debug', 'at', '1', '--json');
    expect(at.json).toBeTypeOf('object');
    const past = await room.cli('debug', 'at', '99999');
    expect([past.code, past.stderr]).toEqual([
      1,
      expect.stringMatching(/^llmctl: there is no event 99999: .* ends at \d+\n$/),
    ]);
    const nobody = await room.cli('log', '--agent', 'anna');
    expect([nobody.code, nobody.stderr]).toEqual([1, 'llmctl: no agent is named "anna"; did you mean "ana"?\n']);
  });

  it('answers every reading command with one JSON document', async () => {
    const room = await startRoom({ agents: { ana: echo() } });
    const commands = [
      ['status'],
      ['log'],
      ['output', 'ana'],
      ['doctor'],
      ['todo', 'list'],
      ['git'],
      ['alerts'],
      ['agent', 'explain', 'ana'],
    ];
    for (const args of commands) {
      const result = await room.cli(...args, '--json');
      expect([args.join(' '), typeof result.json]).toEqual([args.join(' '), 'object']);
    }
    const status = (await room.ok('status', '--json')).json as Status;
    expect(Object.keys(status)).toEqual(
      expect.arrayContaining(['session', 'agents', 'tasks', 'milestones', 'gates', 'overlaps', 'health', 'alerts']),
    );
  });
});

describe('what a wrong start gets', () => {
  it('names the nearest command and agent', async () => {
    const room = await startRoom({ agents: { parser: echo() } });
    const command = await room.cli('statsu');
    expect(command.code).toBe(2);
    expect(command.stderr.trim().split('\n')).toHaveLength(1);
    expect(command.stderr).toContain('status');
    const agent = await room.cli('pause', 'parsr');
    expect(agent.code).toBe(1);
    expect(agent.stderr.trim().split('\n')).toHaveLength(1);
    expect(agent.stderr).toContain('parser');
  });

  it('says that a program is not there before a pane opens, with the PATH searched', async () => {
    const room = await startRoom({ agents: { ana: echo() } });
    const result = await room.cli('run', 'bob', '--', 'no-such-program-here');
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('no-such-program-here');
    expect(result.stderr).toContain('/usr/bin');
    expect((await room.status()).agents.map((agent) => agent.id)).toEqual(['ana']);
  });

  it('wants a git repository, or to be told that none is needed', async () => {
    const room = await startRoom({
      git: false,
      up: false,
      files: { 'llmctl.yaml': 'version: 1\nname: x\nagents: [{id: a, command: [cat]}]\n' },
    });
    const refused = await room.cli('up');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/git init/);
    expect(refused.stderr).toMatch(/--no-git/);
    await room.ok('up', '--no-git');
    expect((await room.status()).agents).toHaveLength(1);
  });

  it('points at the mistake in a plan: file, line, column, remedy', async () => {
    const room = await startRoom({
      up: false,
      files: { 'llmctl.yaml': 'version: 1\nname: x\nagents:\n  - id: a\n    comand: [cat]\n' },
    });
    const result = await room.cli('up');
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/llmctl\.yaml:[45]:5: .*command/);
    expect(room.processes()).toEqual([]);
  });

  it('points at the mistake in the config', async () => {
    const room = await startRoom({ up: false, agents: { ana: echo() }, config: 'keys:\n  pausse: x\n' });
    const result = await room.cli('up');
    const said = result.stdout + result.stderr + (await room.cli('doctor')).stdout;
    expect(said).toMatch(/config\.yaml:2:3: .*pause/);
  });

  it('takes the repository from --repo, whatever the folder', async () => {
    const room = await startRoom({ agents: { ana: echo() } });
    mkdirSync(join(room.repo, 'deep/down'), { recursive: true });
    for (const cwd of ['/', join(room.repo, 'deep/down')]) {
      const args = cwd === '/' ? ['status', '--json', '--repo', room.repo] : ['status', '--json'];
      const result = await room.cliWith({ cwd }, ...args);
      expect([cwd, result.code]).toEqual([cwd, 0]);
    }
    expect(readFileSync(join(room.repo, 'llmctl.yaml'), 'utf8')).toContain('ana');
  });
});
