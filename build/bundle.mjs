/**
 * What is built, from what, and in which form. Electron's main is CommonJS because switches set from an ES module come
 * too late for Chromium; all else runs under Node's own module system.
 */
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { build } from 'vite';

const root = join(import.meta.dirname, '..');

/** Native parts find their binary beside their own files, and Electron is what runs us: none may be bundled. */
const EXTERNAL = [/^electron$/, /^koffi$/, /^libsql$/, /^node:/, ...builtinModules];

const NODE_ENTRIES = {
  'host/engine-child': 'electron/host/engine-child.ts',
  'host/sentinel-child': 'electron/host/sentinel-child.ts',
  'host/node-main': 'electron/host/node-main.ts',
  'cli/holdfast': 'electron/cli/holdfast.ts',
};

/**
 * @param {string} outDir
 * @returns {Promise<void>}
 */
export async function bundleAll(outDir) {
  await bundle(outDir, { 'main/main': 'electron/main/main.ts' }, 'cjs');
  await bundle(outDir, NODE_ENTRIES, 'es');
}

/**
 * @param {string} outDir
 * @param {Record<string, string>} entries
 * @param {'cjs' | 'es'} format
 */
export async function bundle(outDir, entries, format) {
  const input = Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, join(root, file)]));
  const extension = format === 'cjs' ? 'cjs' : 'js';
  await build({
    root,
    configFile: false,
    envDir: false,
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      sourcemap: true,
      reportCompressedSize: false,
      rolldownOptions: {
        input,
        external: EXTERNAL,
        output: { format, entryFileNames: `[name].${extension}`, chunkFileNames: `chunks/[name]-[hash].${extension}` },
      },
    },
  });
}
