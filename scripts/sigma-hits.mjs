/**
 * `npm run sigma-hits [-- --set NAME] [-- --show] [-- --rules DIR]`: what Holdfast's own Sigma rules mark in recorded command lines. The
 * recordings lie outside the project, in the folder HOLDFAST_CORPUS names (default ../shared/corpus).
 */
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { paths, root } from './lib/paths.mjs';
import { say } from './lib/say.mjs';

try {
  const { values } = parseArgs({ options: { set: { type: 'string' }, show: { type: 'boolean' }, rules: { type: 'string' } } });
  const { bundle } = await import('../build/bundle.mjs');
  const bundleDir = join(paths.setup, 'sigma-hits');
  await bundle(bundleDir, { 'sigma-hits': 'bench/sigma-hits/main.ts' }, 'es');
  const { measureHits } = await import(pathToFileURL(join(bundleDir, 'sigma-hits.js')).href);
  const corpus = resolve(root, process.env['HOLDFAST_CORPUS'] ?? '../shared/corpus');
  const setting = { corpus, rules: resolve(root, values.rules ?? 'resources/rules/sigma'), set: values.set, show: values.show };
  measureHits(setting, (/** @type {string} */ line) => process.stdout.write(`${line}\n`));
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
