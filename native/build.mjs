/**
 * `node native/build.mjs` compiles the hook program (hook.c) where there is a C compiler. It is made where it is to run, and is in no
 * package. Never fails: without it hooks go through Node, which takes longer.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import process from 'node:process';

const source = fileURLToPath(new URL('hook.c', import.meta.url));
const program = fileURLToPath(new URL('llmctl-hook', import.meta.url));
const COMPILE_MS = 60_000;

/** Names the source that a program was made of; it says so itself (`llmctl-hook --source`). */
function digest() {
  return createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16);
}

/** Made of this very source, and for this machine. */
function isFresh(of) {
  try {
    return execFileSync(program, ['--source'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString() === `${of}\n`;
  } catch {
    return false;
  }
}

/** @returns why there is none; null where there is one */
export function buildHook() {
  const of = digest();
  if (isFresh(of)) return null;
  const made = `${program}.${process.pid}`;
  const [compiler, ...own] = (process.env.CC || 'cc').trim().split(/\s+/);
  const flags = [...own, '-O2', '-std=c99', '-D_XOPEN_SOURCE=700', `-DSOURCE="${of}"`, '-o', made, source];
  try {
    execFileSync(compiler, flags, { stdio: ['ignore', 'ignore', 'pipe'], timeout: COMPILE_MS });
    renameSync(made, program);
    return isFresh(of) ? null : 'what the compiler made does not run here';
  } catch (error) {
    for (const file of [made, program]) rmSync(file, { force: true });
    if (error.code === 'ENOENT') return `there is no C compiler (${compiler})`;
    return `${compiler} failed: ${String(error.stderr || error.message).split('\n')[0]}`;
  }
}

if (process.argv[1] && fileURLToPath(import.meta.url) === realpathSync(process.argv[1])) {
  const why = buildHook();
  if (why !== null) console.log(`llmctl: hooks of agents go through Node, some 40 ms each: ${why}`);
}
