import { defineConfig } from 'vitest/config';

const units = { include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'test/kit/**/*.test.ts'] };
const scenarios = { include: ['test/scenarios/**/*.test.ts', 'test/faults/**/*.test.ts'] };

/** Scenarios start real daemons and PTYs; two files at a time is what two cores bear. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', ...units, testTimeout: 20_000 } },
      {
        test: {
          name: 'scenario',
          ...scenarios,
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
