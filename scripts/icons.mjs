/** `npm run icons`: the drawings in resources/icons as pictures, made by a Chromium that is installed. Run after changing a drawing. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { root } from './lib/paths.mjs';

const folder = join(root, 'resources', 'icons');
const browser = await chromium.launch({ executablePath: process.env['HOLDFAST_CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.svg'))) {
    const drawing = readFileSync(join(folder, name), 'utf8');
    const sizes = name.startsWith('tray-') ? [[32, '']] : [[256, '-256'], [512, '-512']];
    for (const [size, suffix] of sizes) {
      const page = await browser.newPage({ viewport: { width: Number(size), height: Number(size) } });
      await page.setContent(`<style>body{margin:0}svg{display:block;width:${String(size)}px;height:${String(size)}px}</style>${drawing}`);
      writeFileSync(join(folder, name.replace('.svg', `${String(suffix)}.png`)), await page.screenshot({ omitBackground: true }));
      await page.close();
    }
  }
} finally {
  await browser.close();
}
