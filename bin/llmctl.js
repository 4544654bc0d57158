#!/usr/bin/env node
// Picks a Node that is new enough, then starts the command line. Runs on Node 20 as it is: keep it plain.
import { createRequire } from 'node:module';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import process from 'node:process';

/** ink 8, chokidar 6 and node:sqlite want this much. */
const LEAST = [22, 22];

/** fcntl(2); the same number on Linux and macOS. */
const F_SETFD = 2;

const require = createRequire(import.meta.url);
const entry = new URL('../dist/cli.js', import.meta.url);
const [major, minor] = process.versions.node.split('.').map(Number);
const fits = major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1]);

/** Node from the registry package that npm put beside us; undefined on a machine it has no package for. */
function bundledNode() {
  try {
    return require.resolve(`node-${process.platform}-${process.arch}/bin/node`);
  } catch {
    return undefined;
  }
}

/** Becomes `file` (execve), so that signals, job control and exit status are its own; returns only where that can't be done. */
function become(file, args) {
  try {
    const libc = require('koffi').load(null);
    const fcntl = libc.func('int fcntl(int fd, int cmd, ...)');
    const execve = libc.func('int execve(const char *path, const char **argv, const char **envp)');
    // Node marks what it inherited close-on-exec (uv_disable_stdio_inheritance): without this the new one is mute.
    for (const fd of [0, 1, 2]) fcntl(fd, F_SETFD, 'int', 0);
    const env = Object.entries(process.env).map(([key, value]) => `${key}=${value}`);
    execve(file, [file, ...args, null], [...env, null]);
  } catch {
    // A child process does as well, with one more process in the tree.
  }
}

function runAsChild(file, args) {
  const child = spawn(file, args, { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`llmctl: ${file} cannot be started: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal) process.kill(process.pid, signal);
    process.exit(code ?? 1);
  });
}

const [command, ...words] = process.argv.slice(2);
if (command === 'hook' && !words.includes('--help')) {
  // An agent waits for it, and takes a failing one amiss. It runs on any Node: starting another would take longer than all of it.
  await import('../dist/hook.js').catch(() => process.exit(0));
} else if (!existsSync(entry)) {
  console.error('llmctl: dist/ is missing: run `npm ci` (or `npm run build`) in the checkout first.');
  process.exit(1);
} else if (fits) {
  await import(entry.href);
} else {
  const node = bundledNode();
  if (node === undefined) {
    console.error(
      `llmctl: needs Node ${LEAST.join('.')} or newer, this is ${process.versions.node}: install a newer Node.`,
    );
    process.exit(1);
  }
  const args = [new URL(import.meta.url).pathname, ...process.argv.slice(2)].map((part, i) =>
    i === 0 ? decodeURI(part) : part,
  );
  become(node, args);
  runAsChild(node, args);
}
