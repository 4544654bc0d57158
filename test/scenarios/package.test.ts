/** What a person installs: the tarball of `npm pack`, in a folder of its own. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startRoom } from '../kit/scenario.ts';
import type { Room } from '../kit/room.ts';
import { run } from '../kit/run.ts';
import { PROJECT } from '../kit/temp.ts';

/** Unpacks the tarball as npm would install it, its dependencies taken from this checkout: no registry is asked. */
async function installed(room: Room): Promise<string> {
  const env = { ...room.env, npm_config_cache: room.path('npm'), npm_config_update_notifier: 'false' };
  const npm = (args: string[], cwd: string) => run('npm', args, { cwd, env: { ...env, PATH: process.env.PATH! } });
  const packed = await npm(['pack', '--ignore-scripts', '--pack-destination', room.dir], PROJECT);
  expect([packed.code, packed.code === 0 ? '' : packed.stderr]).toEqual([0, '']);
  const tarball = readdirSync(room.dir).find((name) => name.endsWith('.tgz'))!;
  const root = room.path('install');
  mkdirSync(root);
  await run('tar', ['-xzf', join(room.dir, tarball), '-C', root]);
  const home = join(root, 'node_modules/llmctl');
  mkdirSync(join(root, 'node_modules'));
  cpSync(join(root, 'package'), home, { recursive: true });
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
    optionalDependencies: Record<string, string>;
  };
  expect(Object.keys({ ...dependencies, ...optionalDependencies })).toContain('node-pty');
  // All that node_modules here holds; the package's own list is held to what it imports by knip.
  for (const name of readdirSync(join(PROJECT, 'node_modules'))) {
    if (!name.startsWith('.')) symlinkSync(join(PROJECT, 'node_modules', name), join(root, 'node_modules', name));
  }
  return home;
}

describe('the package', () => {
  it('holds what it needs and nothing else, and its demo runs', { timeout: 120_000 }, async () => {
    const room = await startRoom({ up: false });
    const home = await installed(room);
    const top = readdirSync(home).sort();
    const code = ['bin', 'dist', 'native', 'package.json', 'plans', 'themes'];
    expect(top).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', ...code]);
    // What was compiled here is of no use elsewhere.
    expect(readdirSync(join(home, 'native')).sort()).toEqual(['README.md', 'build.mjs', 'hook.c']);
    expect(existsSync(join(home, 'dist/cli.js'))).toBe(true);
    const llmctl = join(home, 'bin/llmctl.js');
    const version = await room.cliWith({ cwd: room.repo }, '--version');
    const other = await run(process.execPath, [llmctl, '--version'], { env: { ...room.env } });
    expect(other.stdout).toBe(version.stdout);
    const demo = room.terminal(process.execPath, [llmctl, 'demo', '--speed', '8'], { cols: 200, rows: 60 });
    await demo.sees('CONTROL', { deadlineMs: 40_000 });
    await demo.sees(/4 \S+ /);
    await demo.sees(/waiting/, { deadlineMs: 60_000 });
    demo.press('q');
    await demo.sees('stop all');
    demo.press('s');
    expect((await demo.ended()).code).toBe(0);
    expect(demo.modes.leftBehind()).toEqual([]);
  });
});
