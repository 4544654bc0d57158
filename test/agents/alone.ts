/** Runs a program in a network namespace that has a loopback and nothing else: an agent CLI there reaches nobody. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from './install.ts';

const BEGIN = 'ip link set lo up';

/** Lookups of names are refused at once there, instead of after a minute. */
const INSIDE = `
${BEGIN} || exit 1
[ -n "$1" ] && ip addr add "$1/32" dev lo 2>/dev/null
shift
exec "$@"`;

/** True where no network but loopback is in reach. */
export function isAlone(): boolean {
  return Object.keys(networkInterfaces()).every((name) => name === 'lo');
}

/** @returns its exit status; 1 where there can be no such namespace, which is said */
export function runAlone(command: readonly string[], cwd: string): number {
  const flags = process.getuid?.() === 0 ? '-n' : '-rn';
  const why = refused(flags);
  if (why !== null) {
    console.error(`no agent CLI is run: there is no network namespace with nothing but a loopback for it (${why}).`);
    console.error('It takes root, or user namespaces for everybody; unshare of util-linux, and ip of iproute2.');
    return 1;
  }
  const args = [flags, 'sh', '-c', INSIDE, 'inside', nameserver(), ...command];
  // Gemini takes no settings from below a folder that everybody may write to, as /tmp is.
  const env = { ...process.env, TMPDIR: join(cacheFolder(), 't') };
  mkdirSync(env.TMPDIR, { recursive: true });
  const { status, error } = spawnSync('unshare', args, { cwd, env, stdio: 'inherit' });
  if (error) console.error(`unshare: ${error.message}`);
  return status ?? 1;
}

/** @returns why; null where there can be one */
function refused(flags: string): string | null {
  const { status, error, stderr } = spawnSync('unshare', [flags, 'sh', '-c', BEGIN], { encoding: 'utf8' });
  if (error) return `unshare: ${error.message}`;
  return status === 0 ? null : stderr.trim().split('\n').at(-1) || `unshare ended with ${status}`;
}

function nameserver(): string {
  try {
    return /^nameserver\s+([\d.]+)/m.exec(readFileSync('/etc/resolv.conf', 'utf8'))?.[1] ?? '';
  } catch {
    return '';
  }
}
