/**
 * `npm run test:agents`: real agent CLIs against a scripted model, in a network namespace that has a loopback and nothing else.
 * Arguments go to vitest: names of files, `-t` and so on. Exit status: 0 all that could be run passed, also where no CLI could be installed;
 * 1 a test failed, or there is no such namespace.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder, installAll, programOf } from './install.ts';
import { PINNED } from './versions.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/** Lookups of names are refused at once there, instead of after a minute. */
const INSIDE = `
ip link set lo up || exit 1
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

/** @returns why there can be no network namespace; null where there can */
function refused(): string | null {
  const { status, error, stderr } = spawnSync('unshare', [flags, 'sh', '-c', 'ip link set lo up'], {
    encoding: 'utf8',
  });
  if (error) return `unshare: ${error.message}`;
  return status === 0 ? null : stderr.trim().split('\n').at(-1) || `unshare ended with ${status}`;
}

const flags = process.getuid?.() === 0 ? '-n' : '-rn';
const why = refused();
if (why !== null) {
  console.error(
    `no agent CLI was run: they run in a network namespace with nothing but a loopback, and there is none (${why}).`,
  );
  console.error(
    'It takes root, or user namespaces that everybody may make; unshare of util-linux, and ip of iproute2.',
  );
  process.exit(1);
}
// What can't be installed is no fault of llmctl's: its tests are skipped.
for (const line of installAll()) console.error(`skipped: ${line}`);
if (PINNED.every((cli) => programOf(cli) === null)) {
  console.error('none of the agent CLIs is there: nothing was tested');
  process.exit(0);
}
const vitest = [`${PROJECT}node_modules/vitest/vitest.mjs`, 'run', '--config', `${HERE}vitest.config.ts`];
const command = [process.execPath, ...vitest, ...process.argv.slice(2)];
const args = [flags, 'sh', '-c', INSIDE, 'inside', nameserver(), ...command];
// Gemini takes no settings from below a folder that everybody may write to, as /tmp is.
const env = { ...process.env, TMPDIR: join(cacheFolder(), 't') };
mkdirSync(env.TMPDIR, { recursive: true });
const { status, error } = spawnSync('unshare', args, { cwd: PROJECT, env, stdio: 'inherit' });
if (error) console.error(`unshare: ${error.message}`);
process.exit(status ?? 1);
