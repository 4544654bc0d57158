import { configDefaults, defineConfig } from 'vitest/config';

const units = { include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'test/kit/**/*.test.ts'] };
const scenarios = { include: ['test/scenarios/**/*.test.ts', 'test/faults/**/*.test.ts'] };

/**
 * A whole session under live writers and `kill -9` is chance from end to end: `npm run faults` has it. The same protocol with every
 * crash placed is in live-rounds and overlap-crash, which run always.
 */
const harm = process.env.LLMCTL_LIVE_KILLS === undefined ? ['test/faults/live-session.test.ts'] : [];

/** Scenarios start real daemons and PTYs; two files at a time is what two cores bear. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', ...units, testTimeout: 20_000 } },
      {
        test: {
          name: 'scenario',
          ...scenarios,
          exclude: [...configDefaults.exclude, ...harm],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: true,
          maxWorkers: 2,
          globalSetup: ['test/kit/global-setup.ts'],
        },
      },
    ],
  },
});
