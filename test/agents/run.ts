/**
 * `npm run test:agents`: real agent CLIs against a scripted model, in a network namespace that has a loopback and nothing else.
 * Arguments go to vitest: names of files, `-t` and so on.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, installAll } from './install.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/** Lookups of names are refused at once there, instead of after a minute. */
const INSIDE = `
ip link set lo up || exit 97
[ -n "$1" ] && ip addr add "$1/32" dev lo 2>/dev/null
shift
exec "$@"`;

function nameserver(): string {
  try {
    return /^nameserver\s+([\d.]+)/m.exec(readFileSync('/etc/resolv.conf', 'utf8'))?.[1] ?? '';
  } catch {
    return '';
  }
}

for (const line of installAll()) console.error(line);
const vitest = [`${PROJECT}node_modules/vitest/vitest.mjs`, 'run', '--config', `${HERE}vitest.config.ts`];
const flags = process.getuid?.() === 0 ? '-n' : '-rn';
const command = [process.execPath, ...vitest, ...process.argv.slice(2)];
const args = [flags, 'sh', '-c', INSIDE, 'inside', nameserver(), ...command];
// Gemini takes no settings from below a folder that everybody may write to, as /tmp is.
const env = { ...process.env, TMPDIR: join(cacheFolder(), 't') };
mkdirSync(env.TMPDIR, { recursive: true });
const { status, error } = spawnSync('unshare', args, { cwd: PROJECT, env, stdio: 'inherit' });
if (error) console.error(`no network namespace, so no agent is run: unshare: ${error.message}`);
if (status === 97 || status === 1)
  console.error('(a namespace needs root, or unprivileged user namespaces; and ip of iproute2)');
process.exit(status ?? 1);
