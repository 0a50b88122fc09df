/**
 * `npm run screenshots [-- NAME …]`: every screen in both themes from the gallery into docs/screenshots. The clock, the zone and
 * the data are fixed, so that a picture changes only when the screen does.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openGallery } from './lib/gallery.mjs';
import { root } from './lib/paths.mjs';
import { say } from './lib/say.mjs';

/** A picture by the scene it shows. */
const PICTURES = {
  overview: 'overview-protected',
  'first-run': 'overview-first-run',
  paused: 'overview-paused',
  history: 'history-detail',
  'history-pause': 'history-pause',
  allow: 'history-allow',
  rules: 'rules',
  preset: 'rules-preset',
  allowed: 'allowed',
  settings: 'settings',
  diagnostics: 'diagnostics',
};
/** A dialog takes no answer in its first moment, and says so on its button. */
const DIALOG_MS = 2_000;
const SIZE = { width: 1280, height: 800 };
const NOW = '2026-03-17T10:24:00Z';

const folder = process.env['HOLDFAST_SCREENSHOTS'] ?? join(root, 'docs', 'screenshots');
const wanted = process.argv.slice(2);
/** A name that is no picture's is taken for a scene's. */
const pictures = wanted.length === 0 ? PICTURES : Object.fromEntries(wanted.map((name) => [name, Object.entries(PICTURES).find(([picture]) => picture === name)?.[1] ?? name]));

mkdirSync(folder, { recursive: true });
const gallery = await openGallery();
try {
  for (const theme of ['light', 'dark']) {
    const context = await gallery.context({ viewport: SIZE, timezoneId: 'UTC', locale: 'en-GB', colorScheme: theme === 'dark' ? 'dark' : 'light', reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.clock.setFixedTime(NOW);
    for (const [name, scene] of Object.entries(pictures)) {
      await gallery.show(page, scene, theme);
      await page.evaluate('document.activeElement?.blur()');
      if ((await page.getByRole('dialog').count()) > 0) await page.waitForTimeout(DIALOG_MS);
      await page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
    }
    await context.close();
  }
  say(`${String(Object.keys(pictures).length * 2)} pictures in ${folder}`);
} finally {
  await gallery.close();
}
