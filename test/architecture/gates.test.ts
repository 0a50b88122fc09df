/** What `npm run check` asks, asked by the tests as well: nobody has to remember a second command. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '..', '..');
const TIMEOUT_MS = 170_000;

it.each([
  ['every layer type-checks on its own', ['scripts/typecheck.mjs']],
  ['eslint has nothing to say', ['node_modules/eslint/bin/eslint.js', '--max-warnings=0', '.']],
  ['no import breaks the law', ['node_modules/dependency-cruiser/bin/dependency-cruise.mjs', '--config', '.dependency-cruiser.mjs', 'electron', 'shared', 'test/unit']],
])(
  '%s',
  (_, args) => {
    const run = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', timeout: TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 });
    expect(run.status === 0 ? '' : `${run.stdout}${run.stderr}`).toBe('');
  },
  TIMEOUT_MS,
);
