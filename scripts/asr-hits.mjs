/**
 * `npm run asr-hits`: runs the Windows definitions of the nineteen rules over the recordings that HOLDFAST_CORPUS names and
 * writes docs/asr-hits.md. Ends with 1 when a rule finds something in the background that no reason is written for.
 */
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { paths, root } from './lib/paths.mjs';

/** @param {string} line */
const say = (line) => void process.stderr.write(`asr-hits: ${line}\n`);

try {
  const { bundle } = await import('../build/bundle.mjs');
  const bundleDir = join(paths.setup, 'asr-hits');
  await bundle(bundleDir, { 'asr-hits': 'bench/asr-hits/main.ts' }, 'es');
  const { writeHits } = await import(pathToFileURL(join(bundleDir, 'asr-hits.js')).href);
  const corpus = resolve(root, process.env['HOLDFAST_CORPUS'] ?? '../shared/corpus');
  const explained = await writeHits({ root, corpus }, say);
  if (!explained) process.exitCode = 1;
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
