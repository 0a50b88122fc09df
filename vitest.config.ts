import { defineConfig } from 'vitest/config';

/** Tests that start processes, mount file systems or measure time get the machine to themselves, one file at a time. */
const alone = { fileParallelism: false, maxWorkers: 1, testTimeout: 60_000, hookTimeout: 60_000, expect: { poll: { timeout: 10_000 } } };

const project = (name: string, order: number, settings: object): object => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], environment: 'node', pool: 'forks', sequence: { groupOrder: order }, ...settings },
});

/**
 * On a busy machine a moment without a processor can break a limit of time that holds otherwise. A test that fails is tried once
 * more; that it was is printed at the end of the run (`scripts/test-report.mjs`), and what is broken fails twice.
 */
const timed = { ...alone, retry: 1 };

export default defineConfig({
  test: {
    projects: [
      // Beside other work on the machine the slowest take long; the limit is there for what hangs.
      project('unit', 0, { testTimeout: 30_000 }),
      project('architecture', 1, { testTimeout: 120_000 }),
      project('contract', 2, alone),
      project('ui', 3, { ...timed, expect: { poll: { timeout: 20_000 } } }),
      project('linux', 4, timed),
      project('e2e', 5, timed),
      project('packaging', 6, alone),
    ],
  },
});
