/**
 * Bundles every process's entry into dist/. Types are tsc's business; this is for start-up time:
 * Ink unbundled takes some 200 ms longer to its first frame.
 */
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const entries = {
  cli: 'src/cli/main.ts',
  tui: 'src/tui/main.tsx',
  daemon: 'src/daemon/main.ts',
  ptyhost: 'src/adapters/ptyhost/host/main.ts',
  'tree-worker': 'src/adapters/ptyhost/host/tree-worker.ts',
  'emulator-worker': 'src/adapters/terminal/worker.ts',
  'demo-agent': 'src/cli/demo/agent/main.ts',
};
const present = Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(`${root}/${file}`)));

await rm(`${root}/dist`, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: present,
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.22',
  minifySyntax: true,
  sourcemap: process.env.LLMCTL_SOURCEMAP ? 'inline' : false,
  // Native modules and the charts' CommonJS maze stay as they are; the devtools are a development-only peer of Ink.
  external: [
    'node-pty',
    'koffi',
    'blessed',
    'blessed-contrib',
    'drawille-canvas-blessed-contrib',
    'react-devtools-core',
  ],
  define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
  banner: {
    js: "import { createRequire as __llmctlRequire } from 'node:module'; const require = __llmctlRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
