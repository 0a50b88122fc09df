/**
 * `npm run bench [-- NAME …] [-- --node]`: sets up what start would, then runs the benchmarks on the built program.
 * `--node` measures the engine under plain Node although there is an Electron.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { paths, root } from './lib/paths.mjs';
import { say } from './lib/say.mjs';
import { describe, setUp } from './set-up.mjs';

try {
  const names = process.argv.slice(2).filter((argument) => argument !== '--node');
  const runtime = await setUp();
  say(describe(runtime));
  const { bundle } = await import('../build/bundle.mjs');
  const bundleDir = join(paths.setup, 'bench');
  await bundle(bundleDir, { bench: 'bench/main.ts', 'bare-utility': 'bench/bare/utility.ts', 'sigma-child': 'bench/sigma-child.ts' }, 'es');
  await bundle(bundleDir, { 'bare-main': 'bench/bare/main.ts' }, 'cjs');
  const electron = runtime.kind === 'electron' && !process.argv.includes('--node') ? runtime.executable : null;
  const { runBenchmarks } = await import(pathToFileURL(join(bundleDir, 'bench.js')).href);
  const whole = await runBenchmarks({ root, bundleDir, electron }, names, (/** @type {string} */ line) => process.stdout.write(`${line}\n`));
  if (!whole) process.exitCode = 1;
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
