import { defineConfig } from 'vitest/config';

/** Tests that start processes, mount file systems or measure time get the machine to themselves, one file at a time. */
const alone = { fileParallelism: false, maxWorkers: 1, testTimeout: 60_000, hookTimeout: 60_000 };

const project = (name: string, order: number, settings: object): object => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], environment: 'node', pool: 'forks', sequence: { groupOrder: order }, ...settings },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', 0, {}),
      project('architecture', 1, { testTimeout: 120_000 }),
      project('contract', 2, alone),
      project('linux', 3, alone),
      project('e2e', 4, alone),
      project('packaging', 5, alone),
    ],
  },
});
