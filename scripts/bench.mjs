/** `npm run bench [-- arguments]`: sets up what start would, then runs the benchmarks on the built program. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { paths } from './lib/paths.mjs';
import { say } from './lib/say.mjs';
import { describe, setUp } from './set-up.mjs';

try {
  const runtime = await setUp();
  say(describe(runtime));
  if (runtime.kind === 'electron') process.env['HOLDFAST_TEST_ELECTRON'] = runtime.executable;
  const { bundle } = await import('../build/bundle.mjs');
  const outDir = join(paths.setup, 'bench');
  await bundle(outDir, { bench: 'bench/main.ts' }, 'es');
  await import(pathToFileURL(join(outDir, 'bench.js')).href);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
