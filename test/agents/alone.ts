/** Runs a program in a network namespace that has a loopback and nothing else: an agent CLI there reaches nobody. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from './install.ts';

/** Lookups of names are refused at once there, instead of after a minute. */
const INSIDE = `
ip link set lo up || exit 97
[ -n "$1" ] && ip addr add "$1/32" dev lo 2>/dev/null
shift
exec "$@"`;

/** True where no network but loopback is in reach. */
export function isAlone(): boolean {
  return Object.keys(networkInterfaces()).every((name) => name === 'lo');
}

/** @returns its exit status */
export function runAlone(command: readonly string[], cwd: string): number {
  const flags = process.getuid?.() === 0 ? '-n' : '-rn';
  const args = [flags, 'sh', '-c', INSIDE, 'inside', nameserver(), ...command];
  // Gemini takes no settings from below a folder that everybody may write to, as /tmp is.
  const env = { ...process.env, TMPDIR: join(cacheFolder(), 't') };
  mkdirSync(env.TMPDIR, { recursive: true });
  const { status, error } = spawnSync('unshare', args, { cwd, env, stdio: 'inherit' });
  if (error) console.error(`no network namespace, so no agent is run: unshare: ${error.message}`);
  if (status === 97 || status === 1)
    console.error('(a namespace needs root, or unprivileged user namespaces; and ip of iproute2)');
  return status ?? 1;
}

function nameserver(): string {
  try {
    return /^nameserver\s+([\d.]+)/m.exec(readFileSync('/etc/resolv.conf', 'utf8'))?.[1] ?? '';
  } catch {
    return '';
  }
}
