/** Runs a piece of the program at build time: bundled first, so that there is one implementation of what build and program both do. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle } from './bundle.mjs';

/**
 * @param {string} outDir of the build
 * @param {string} name of the piece
 * @param {string} entry its file among the sources
 * @param {(module: any, rulesDir: string) => unknown} use what it exports, and the folder in which the results belong
 * @returns {Promise<any>} what `use` gave
 */
export async function runTool(outDir, name, entry, use) {
  const tools = join(outDir, `${name}-tools`);
  const rulesDir = join(outDir, 'rules');
  try {
    await bundle(tools, { [name]: entry }, 'es');
    mkdirSync(rulesDir, { recursive: true });
    return await use(await import(pathToFileURL(join(tools, `${name}.js`)).href), rulesDir);
  } finally {
    rmSync(tools, { recursive: true, force: true });
  }
}
