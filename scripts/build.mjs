/**
 * `node scripts/build.mjs [ENTRY…]` bundles every process's entry (or those named) into dist/, or the folder that
 * LLMCTL_OUTDIR names, below the project so that it finds node_modules. Types are tsc's business; this is for
 * start-up time: Ink unbundled takes some 200 ms longer to its first frame.
 *
 * Files are swapped in one by one, so that a session running from here never sees half a file. Chunks of the build
 * before stay for a while: a running process may load one of them lazily.
 */
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildHook } from '../native/build.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const outdir = resolve(root, process.env.LLMCTL_OUTDIR || 'dist');
/** How long a chunk that no entry names any more is kept; none for a package. */
const STALE_CHUNK_MS = process.env.npm_lifecycle_event === 'prepare' ? 0 : 60 * 60_000;

const entries = {
  cli: 'src/cli/main.ts',
  tui: 'src/tui/main.tsx',
  daemon: 'src/daemon/main.ts',
  ptyhost: 'src/adapters/ptyhost/host/main.ts',
  'tree-worker': 'src/adapters/ptyhost/host/tree-worker.ts',
  'emulator-worker': 'src/adapters/terminal/worker.ts',
  'tree-watcher': 'src/adapters/watch/host/main.ts',
  'demo-agent': 'src/cli/demo/agent/main.ts',
  'rehearse-agent': 'src/cli/rehearse/agent/main.ts',
  'rehearse-check': 'src/cli/rehearse/check/main.ts',
};

/** string-width makes a segmenter as it is read; that is 9 ms of every start, for text that seldom needs one. */
const lazySegmenter = {
  name: 'lazy-segmenter',
  setup({ onLoad }) {
    const eager = 'const segmenter = new Intl.Segmenter();';
    const lazy = 'let made; const segmenter = { segment: (text) => (made ??= new Intl.Segmenter()).segment(text) };';
    onLoad({ filter: /[\\/]string-width[\\/]index\.js$/ }, async ({ path }) => {
      const contents = await readFile(path, 'utf8');
      // An older copy under another package makes none, or differently: it stays as it is.
      return { contents: contents.replace(eager, lazy), loader: 'js' };
    });
  },
};

const asked = process.argv.slice(2);

const common = {
  absWorkingDir: root,
  outdir,
  write: false,
  bundle: true,
  format: 'esm',
  platform: 'node',
  minifySyntax: true,
  sourcemap: process.env.LLMCTL_SOURCEMAP ? 'inline' : false,
  define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
  logLevel: 'warning',
};

async function bundle() {
  const wanted = Object.entries(entries).filter(([name]) => asked.length === 0 || asked.includes(name));
  const present = Object.fromEntries(wanted.filter(([, file]) => existsSync(join(root, file))));
  const result = await build({
    ...common,
    entryPoints: present,
    splitting: true,
    target: 'node22.22',
    // Native modules and the charts' CommonJS maze stay as they are; the devtools are a development-only peer of Ink.
    external: [
      'node-pty',
      'koffi',
      'blessed',
      'blessed-contrib',
      'drawille-canvas-blessed-contrib',
      'ansi-term',
      'sparkline',
      'react-devtools-core',
    ],
    banner: {
      js: "import { createRequire as __llmctlRequire } from 'node:module'; const require = __llmctlRequire(import.meta.url);",
    },
    plugins: [lazySegmenter],
  });
  return filesOf(result);
}

/** One file and nothing else to load, for any Node: agents wait for it. */
async function hook() {
  return filesOf(await build({ ...common, entryPoints: { hook: 'src/cli/hook/main.ts' }, target: 'node20' }));
}

function filesOf({ outputFiles }) {
  return outputFiles.map((file) => ({ name: basename(file.path), contents: file.contents }));
}

/** Profiles are checked here and kept as JSON: no YAML is read when llmctl starts. */
async function profiles() {
  const folder = join(root, 'src/adapters/profiles');
  const made = await build({ ...common, entryPoints: [join(folder, 'read.ts')], external: ['yaml'] });
  // Beside node_modules, where what it imports is found.
  const reader = join(root, `node_modules/.profiles-${process.pid}.mjs`);
  await writeFile(reader, made.outputFiles[0].contents);
  try {
    const read = await (await import(pathToFileURL(reader).href)).readOwnProfiles(folder);
    const [problem] = read.problems;
    if (problem) throw new Error(`${problem.file}:${problem.line}:${problem.column}: ${problem.message}`);
    return { name: 'profiles.json', contents: JSON.stringify(read.profiles) };
  } finally {
    await rm(reader, { force: true });
  }
}

/** Chunks first, entries last: an entry never names a chunk that isn't there yet. */
async function install(files) {
  const isEntry = (name) => name.replace(/\.js$/, '') in entries;
  const ordered = [...files].sort((a, b) => Number(isEntry(a.name)) - Number(isEntry(b.name)));
  const fresh = join(outdir, `.new-${process.pid}`);
  await mkdir(fresh, { recursive: true });
  try {
    for (const { name, contents } of ordered) await writeFile(join(fresh, name), contents);
    for (const { name } of ordered) await rename(join(fresh, name), join(outdir, name));
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function removeStale(files) {
  const kept = new Set(files.map((file) => file.name));
  for (const name of await readdir(outdir)) {
    if (kept.has(name)) continue;
    const path = join(outdir, name);
    // Another build may have removed it, or be writing its own files just now.
    const age = await stat(path).then(
      (info) => Date.now() - info.mtimeMs,
      () => 0,
    );
    if (name.startsWith('.new-') ? age > 60_000 : age >= STALE_CHUNK_MS)
      await rm(path, { recursive: true, force: true });
  }
}

try {
  const whole = asked.length === 0;
  const without = whole ? buildHook() : null;
  if (without !== null) console.log(`hooks of agents go through Node, which takes longer: ${without}`);
  const files = whole ? [...(await bundle()), ...(await hook()), await profiles()] : await bundle();
  await install(files);
  if (whole) await removeStale(files);
} catch (error) {
  // esbuild has printed its own errors with file and line.
  if (!Array.isArray(error?.errors)) console.error(`build: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
