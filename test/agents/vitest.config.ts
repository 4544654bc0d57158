import { defineConfig } from 'vitest/config';

/** One file after the other: each starts programs of several hundred megabytes. */
export default defineConfig({
  test: {
    name: 'agents',
    root: import.meta.dirname,
    include: ['**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    globalSetup: ['../kit/global-setup.ts'],
  },
});
