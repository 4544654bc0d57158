import { configDefaults, defineConfig } from 'vitest/config';

const units = { include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'test/kit/**/*.test.ts'] };
const scenarios = { include: ['test/scenarios/**/*.test.ts', 'test/faults/**/*.test.ts'] };

/**
 * What live writers meet is chance: `npm run faults` has them. The same protocol with every write and every crash placed is in
 * rounds.test.ts and overlap-crash.test.ts, which run always.
 */
const harm = process.env.LLMCTL_LIVE_KILLS === undefined ? ['test/faults/live-*.test.ts'] : [];

/** Real terminals, processes and time on a machine that others may use: what fails three times there is broken. */
const tries = process.env.CI ? 2 : 0;
/** A try that fails is told although the next one passes: else nobody would ever look for the cause. */
const setupFiles = ['test/kit/tries.ts'];

/** Scenarios start real daemons and PTYs; two files at a time is what two cores bear. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', ...units, retry: tries, setupFiles, testTimeout: 20_000 } },
      {
        test: {
          name: 'scenario',
          ...scenarios,
          exclude: [...configDefaults.exclude, ...harm],
          retry: tries,
          setupFiles,
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
