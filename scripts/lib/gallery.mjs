/**
 * The gallery (test/ui/gallery) in Debian's Chromium, without a server: what the page asks for is answered from the built files.
 * Used by the tests of the screens and by the pictures in docs/screenshots.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { chromium } from 'playwright-core';
import { paths } from './paths.mjs';

export const CHROMIUM = process.env['HOLDFAST_CHROMIUM'] ?? '/usr/bin/chromium';
const ORIGIN = 'https://gallery.invalid';
const NONCE = 'gallery';
const TYPES = /** @type {Record<string, string>} */ ({ '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8' });
const SHOWN_WITHIN_MS = 30_000;

/**
 * @typedef {object} Gallery
 * @property {(options?: import('playwright-core').BrowserContextOptions) => Promise<import('playwright-core').BrowserContext>} context
 * @property {(page: import('playwright-core').Page, scene: string, theme?: string) => Promise<void>} show resolves when the scene is there and rests
 * @property {() => Promise<void>} close
 */

/**
 * @param {(nonce: string) => string} [policy] the content security policy the page is served with
 * @returns {Promise<Gallery>}
 */
export async function openGallery(policy) {
  const folder = join(paths.setup, `gallery-${String(process.pid)}`);
  const { bundlePage } = await import('../../build/bundle.mjs');
  await bundlePage(folder, 'test/ui/gallery');
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none'] });
  return {
    context: async (options) => {
      const context = await browser.newContext(options ?? {});
      await context.route('**/*', (route) => answer(route, folder, policy));
      return context;
    },
    show: async (page, scene, theme = 'light') => {
      await page.goto(`${ORIGIN}/index.html?scene=${scene}&theme=${theme}`);
      await page.locator('html[data-scene=shown]').waitFor({ state: 'attached', timeout: SHOWN_WITHIN_MS });
      await rest(page);
    },
    close: async () => {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Resolves when what the page shows rests.
 *
 * @param {import('playwright-core').Page} page
 * @returns {Promise<void>}
 */
export async function rest(page) {
  if ((await page.evaluate('window.comeToRest()')) !== true) throw new Error(`the page does not come to rest: ${page.url()}`);
}

/**
 * @param {import('playwright-core').Route} route
 * @param {string} folder
 * @param {((nonce: string) => string) | undefined} policy
 */
async function answer(route, folder, policy) {
  const { origin, pathname } = new URL(route.request().url());
  const file = normalize(join(folder, pathname));
  if (origin !== ORIGIN || !file.startsWith(folder) || !existsSync(file)) {
    await route.fulfill({ status: pathname === '/favicon.ico' ? 204 : 404 });
    return;
  }
  const bytes = readFileSync(file);
  const body = file.endsWith('.html') ? bytes.toString('utf8').replaceAll('__CSP_NONCE__', NONCE) : bytes;
  const headers = { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', ...(policy === undefined ? {} : { 'content-security-policy': policy(NONCE) }) };
  await route.fulfill({ status: 200, headers, body });
}
