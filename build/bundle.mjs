/**
 * What is built, from what, and in which form. Electron's main is CommonJS because switches set from an ES module come
 * too late for Chromium; all else runs under Node's own module system.
 */
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { build } from 'vite';
import { buildOwnPack } from './own-pack.mjs';
import { buildRuleBook } from './rule-book.mjs';

const root = join(import.meta.dirname, '..');

/** Native parts find their binary beside their own files, and Electron is what runs us: none may be bundled. */
const EXTERNAL = [/^electron$/, /^koffi$/, /^libsql$/, /^node:/, ...builtinModules];

const NODE_ENTRIES = {
  'host/engine-child': 'electron/host/engine-child.ts',
  'host/sentinel-child': 'electron/host/sentinel-child.ts',
  'host/rules-thread': 'electron/host/rules-thread.ts',
  'host/node-main': 'electron/host/node-main.ts',
  'cli/holdfast': 'electron/cli/holdfast.ts',
};

/**
 * @param {string} outDir
 * @returns {Promise<void>}
 */
export async function bundleAll(outDir) {
  const ownPack = await buildOwnPack(outDir);
  const ruleBook = await buildRuleBook(outDir);
  await bundle(outDir, { 'main/main': 'electron/main/main.ts' }, 'cjs');
  await bundle(outDir, { 'preload/preload': 'electron/preload/preload.ts' }, 'cjs');
  const known = { HOLDFAST_RULE_BOOK_SHA256: JSON.stringify(ruleBook), ...(ownPack === null ? {} : { HOLDFAST_OWN_PACK: JSON.stringify(ownPack) }) };
  await bundle(outDir, NODE_ENTRIES, 'es', known);
  await bundlePage(join(outDir, 'renderer'), 'renderer');
}

/**
 * The window's page, and the gallery that shows it with invented data.
 * @param {string} outDir
 * @param {string} page folder with the index.html
 */
export async function bundlePage(outDir, page) {
  const { default: react } = await import('@vitejs/plugin-react');
  await build({
    root: join(root, page),
    configFile: false,
    envDir: false,
    logLevel: 'warn',
    publicDir: false,
    base: './',
    plugins: [react()],
    build: { outDir, emptyOutDir: true, target: 'chrome130', sourcemap: true, reportCompressedSize: false, modulePreload: { polyfill: false }, chunkSizeWarningLimit: 2_000 },
  });
}

/**
 * @param {string} outDir
 * @param {Record<string, string>} entries
 * @param {'cjs' | 'es'} format
 * @param {Record<string, string>} [define] names in the sources that become these expressions
 */
export async function bundle(outDir, entries, format, define = {}) {
  const input = Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, join(root, file)]));
  const extension = format === 'cjs' ? 'cjs' : 'js';
  await build({
    root,
    configFile: false,
    envDir: false,
    logLevel: 'warn',
    publicDir: false,
    define,
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
