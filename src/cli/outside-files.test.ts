import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { outsideFiles } from './outside-files.ts';

describe('a file for an editor', () => {
  it('is in a folder that is nobody else’s, with the command that edits it, and goes with it', async () => {
    const file = await outsideFiles({ VISUAL: 'my "own editor" -w', EDITOR: 'vi' }).edit(
      'a b.txt',
      Buffer.from([1, 255]),
    );
    const path = join(file.cwd, 'a b.txt');
    expect(file.command).toEqual(['my', 'own editor', '-w', path]);
    expect(statSync(file.cwd).mode & 0o777).toBe(0o700);
    expect([...(await file.read())]).toEqual([1, 255]);
    await file.remove();
    expect(existsSync(file.cwd)).toBe(false);
  });

  it('is never an option, nor git’s own folder', async () => {
    const files = outsideFiles({});
    for (const name of ['-rf', '.git']) {
      const file = await files.edit(name, Buffer.from(''));
      expect(file.command).toEqual(['vi', join(file.cwd, `_${name}`)]);
      await file.remove();
    }
  });
});

describe('a file for a merge tool', () => {
  it('is in conflict in a repository of its own, with all three versions', async () => {
    const sides = { base: Buffer.from('o\r\n'), a: Buffer.from('a\r\n'), b: Buffer.from([0xff, 10]) };
    const file = await outsideFiles({}).mergetool('x y.txt', sides);
    const git = (...args: string[]) => execFileSync('git', args, { cwd: file.cwd });
    expect(git('status', '--porcelain').toString()).toContain('UU "x y.txt"');
    for (const [stage, bytes] of [sides.base, sides.a, sides.b].entries()) {
      expect(git('show', `:${stage + 1}:x y.txt`)).toEqual(bytes);
    }
    expect(readFileSync(join(file.cwd, 'x y.txt'), 'latin1')).toContain('<<<<<<<');
    // A tool that takes A's file, as git runs one.
    const tool = [
      '-c',
      'merge.tool=t',
      '-c',
      'mergetool.t.cmd=cp "$LOCAL" "$MERGED"',
      '-c',
      'mergetool.t.trustExitCode=true',
    ];
    git(...tool, ...file.command.slice(1));
    expect(Buffer.from(await file.read())).toEqual(sides.a);
    writeFileSync(join(file.cwd, 'left'), '');
    await file.remove();
    expect(existsSync(file.cwd)).toBe(false);
  });
});
