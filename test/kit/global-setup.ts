/** Builds once before the scenarios, where dist is older than the sources. */
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from './temp.ts';

const ENTRIES = ['hook.js', 'cli.js', 'tui.js', 'daemon.js', 'ptyhost.js', 'emulator-worker.js'];

function newest(folder: string): number {
  let latest = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || /\.test\.tsx?$/.test(entry.name)) continue;
    latest = Math.max(latest, statSync(join(entry.parentPath, entry.name)).mtimeMs);
  }
  return latest;
}

function builtAt(): number {
  try {
    return Math.min(...ENTRIES.map((name) => statSync(join(PROJECT, 'dist', name)).mtimeMs));
  } catch {
    return 0;
  }
}

export function setup(): void {
  const sources = Math.max(...['src', 'scripts', 'native'].map((folder) => newest(join(PROJECT, folder))));
  if (builtAt() >= sources) return;
  execFileSync(process.execPath, [join(PROJECT, 'scripts/build.mjs')], { cwd: PROJECT, stdio: 'inherit' });
}
