#!/usr/bin/env node
/**
 * The `holdfast` command of a working copy: `npx holdfast …` inside it and below, and everywhere after `npm link`.
 */
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { paths } from './lib/paths.mjs';

if (!existsSync(paths.nodeModules)) {
  process.stderr.write('holdfast: this working copy is not set up yet. Run `npm run setup` in it once, or `npm start`.\n');
  process.exit(1);
}
const { ensureBuilt } = await import('./steps/build.mjs');
try {
  await ensureBuilt();
} catch (error) {
  process.stderr.write(`holdfast: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
await import(pathToFileURL(paths.cliEntry).href);
