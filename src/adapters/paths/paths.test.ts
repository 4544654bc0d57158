import { mkdirSync, mkdtempSync, statSync, symlinkSync, chmodSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensureSafeDir, UnsafeDirError } from './safe-dir.ts';
import { sessionId, sessionPaths } from './session.ts';

const temp = () => mkdtempSync(join(tmpdir(), 'llmctl-paths-'));

describe('sessionPaths', () => {
  it('is the same for a folder and a link to it, and another for another folder', () => {
    const dir = temp();
    const repo = join(dir, 'My Repo');
    mkdirSync(repo);
    mkdirSync(join(dir, 'other'));
    symlinkSync(repo, join(dir, 'link'));
    expect(sessionPaths(join(dir, 'link')).id).toBe(sessionPaths(repo).id);
    expect(sessionPaths(repo).id).toMatch(/^my-repo-[0-9a-f]{10}$/);
    expect(sessionPaths(join(dir, 'other')).id).not.toBe(sessionPaths(repo).id);
  });

  it('makes a slug of any name', () => {
    expect(sessionId('/x/$(rm -rf);é')).toMatch(/^rm-rf-[0-9a-f]{10}$/);
    expect(sessionId('/x/日本')).toMatch(/^repo-[0-9a-f]{10}$/);
    expect(sessionId(`/x/${'a'.repeat(200)}`).length).toBeLessThanOrEqual(43);
  });

  it('follows XDG, ignores relative folders, and falls back on the state folder', () => {
    const env = { XDG_RUNTIME_DIR: '/run/user/7', XDG_STATE_HOME: '/s', HOME: '/h' };
    const paths = sessionPaths('/nowhere/repo', env);
    expect(paths.socket).toBe(`/run/user/7/llmctl/${paths.id}.sock`);
    expect(paths.journal).toBe(`/s/llmctl/${paths.id}/journal.db`);
    const bare = sessionPaths('/nowhere/repo', { XDG_RUNTIME_DIR: 'relative', HOME: '/h' });
    expect(bare.socket).toBe(`/h/.local/state/llmctl/${bare.id}.sock`);
  });

  it('keeps the address of a socket short', () => {
    const deep = `/${'x'.repeat(100)}`;
    const paths = sessionPaths('/nowhere/repo', { XDG_RUNTIME_DIR: deep, XDG_STATE_HOME: deep });
    expect(Buffer.byteLength(paths.ptySocket)).toBeLessThanOrEqual(107);
  });
});

describe('ensureSafeDir', () => {
  it('makes folders for the owner alone', () => {
    const dir = join(temp(), 'a', 'b');
    ensureSafeDir(dir);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    ensureSafeDir(dir);
  });

  it('closes what others may only read', () => {
    const dir = join(temp(), 'a');
    mkdirSync(dir);
    chmodSync(dir, 0o755);
    ensureSafeDir(dir);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
  });

  it('refuses what others may write to, links, and files', () => {
    const dir = temp();
    mkdirSync(join(dir, 'open'));
    chmodSync(join(dir, 'open'), 0o777);
    symlinkSync(dir, join(dir, 'link'));
    symlinkSync(join(dir, 'nothing'), join(dir, 'dangling'));
    writeFileSync(join(dir, 'file'), '');
    for (const name of ['open', 'link', 'dangling', 'file']) {
      expect(() => ensureSafeDir(join(dir, name))).toThrow(UnsafeDirError);
    }
  });

  it.runIf(process.getuid?.() === 0)("refuses another user's folder", async () => {
    const { chownSync } = await import('node:fs');
    const dir = join(temp(), 'theirs');
    mkdirSync(dir, { mode: 0o700 });
    chownSync(dir, 12_345, 12_345);
    expect(() => ensureSafeDir(dir)).toThrow(/belongs to user 12345/);
  });
});
