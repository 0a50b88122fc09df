/** Where things lie in a working copy. Plain JavaScript: runs before any dependency is installed. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export const paths = {
  lockfile: join(root, 'package-lock.json'),
  nodeModules: join(root, 'node_modules'),
  dist: join(root, 'dist'),
  mainEntry: join(root, 'dist', 'main', 'main.cjs'),
  nodeEntry: join(root, 'dist', 'host', 'node-main.js'),
  cliEntry: join(root, 'dist', 'cli', 'holdfast.js'),
  /** What set-up remembers between runs. */
  setup: join(root, '.setup'),
  /** Unpacked fallback runtimes. */
  runtime: join(root, '.runtime'),
};
