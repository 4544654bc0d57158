import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findProgram } from './find-program.ts';
import { makeTemp } from './testing/host.ts';

const dir = makeTemp();
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const program = (path: string, mode: number): string => {
  const file = join(dir, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, '#!/bin/sh\n');
  chmodSync(file, mode);
  return file;
};

const first = program('one/tool', 0o755);
const second = program('two/tool', 0o755);
const plain = program('one/plain', 0o644);
program('two/plain', 0o755);
mkdirSync(join(dir, 'one', 'folder'));
const path = `${dir}/none:${dir}/one:${dir}/two`;

describe('findProgram', () => {
  it('takes the first that can be run, as execvp does', () => {
    expect(findProgram('tool', path, dir)).toEqual({ ok: true, file: first });
    expect(findProgram('plain', path, dir)).toEqual({ ok: true, file: join(dir, 'two/plain') });
    expect(findProgram('tool', '', join(dir, 'two'))).toEqual({ ok: true, file: second });
    expect(findProgram('tool', '/nowhere:two', dir)).toEqual({ ok: true, file: second });
  });

  it('takes a path as it is, from the folder the program will start in', () => {
    expect(findProgram(first, '', '/')).toEqual({ ok: true, file: first });
    expect(findProgram('./tool', '', join(dir, 'two'))).toEqual({ ok: true, file: second });
    expect(findProgram('one/tool', path, dir)).toEqual({ ok: true, file: first });
  });

  it('says in one line what is missing and where it looked', () => {
    const error = (name: string, searched = path): unknown => findProgram(name, searched, dir);
    expect(error('nothing')).toEqual({ ok: false, error: `nothing: no such program; PATH searched: ${path}` });
    expect(error('plain', `${dir}/one`)).toEqual({
      ok: false,
      error: `plain: no such program (${plain}: is not executable; chmod +x makes it so); PATH searched: ${dir}/one`,
    });
    expect(error('./one/folder')).toEqual({ ok: false, error: `./one/folder: is a folder (${dir}/one/folder)` });
    expect(error('./one/plain/x')).toEqual({ ok: false, error: `./one/plain/x: no such file (${dir}/one/plain/x)` });
    expect(error('')).toMatchObject({ ok: false });
    expect(error('a\0b')).toMatchObject({ ok: false });
  });
});
