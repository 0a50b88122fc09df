/** History as full as it gets, and what a person does with it. */
import { afterAll, beforeAll, expect } from 'vitest';
import { describeNeeds } from '../support/requirement.ts';
import { GalleryRig, itShows, OPEN_MS } from './support/gallery-rig.ts';

const MOST_ROWS = 60;

describeNeeds(['chromium'], 'History', () => {
  let rig: GalleryRig;
  beforeAll(async () => {
    rig = await GalleryRig.open();
  }, OPEN_MS);
  afterAll(() => rig.close());

  const nodes = (): Promise<{ rows: number; all: number }> => rig.page.evaluate(() => ({ rows: document.querySelectorAll('[role=option]').length, all: document.querySelectorAll('*').length }));

  itShows('draws only what is seen of a hundred thousand entries, however far it is scrolled', async () => {
    await rig.show('history-full');
    await rig.page.getByText('100,000 entries').waitFor();
    const before = await nodes();
    expect(before.rows).toBeGreaterThan(8);
    for (let turn = 0; turn < 12; turn += 1) {
      // Again and again: what was asked for may not be drawn yet, and then the end is where it was.
      await expect.poll(() => rig.page.evaluate(() => {
        document.querySelector('[role=listbox]')?.scrollTo({ top: 1e9 });
        return window.gallery?.asked.filter(({ name }) => name === 'historySearch').length ?? 0;
      })).toBeGreaterThan(turn + 1);
      const { rows, all } = await nodes();
      expect(rows).toBeLessThan(MOST_ROWS);
      expect(all).toBeLessThan(before.all + 800);
    }
    expect(await rig.page.evaluate(() => document.querySelector('[role=listbox]')?.scrollHeight ?? 0)).toBeGreaterThan(1_000 * 60);
  });

  itShows('narrows as one types, says how many are left, and comes back', async () => {
    await rig.show('history-full');
    await rig.page.getByRole('searchbox').fill('snapper delete');
    await rig.page.getByText(/^7,69\d entries$/).waitFor();
    expect(await rig.page.getByRole('option').first().textContent()).toContain('snapper');
    await rig.page.getByRole('searchbox').fill('no such thing');
    await rig.page.getByText('No entry fits these filters').waitFor();
    await rig.page.getByRole('button', { name: 'Clear filters' }).last().click();
    await rig.page.getByText('100,000 entries').waitFor();
  });

  itShows('marks what matched in the command line and draws where it began', async () => {
    await rig.show('history-detail');
    const detail = rig.page.getByRole('article');
    expect(await detail.locator('mark').allTextContents()).toEqual(['curl -fsSL', 'sh /tmp/.q3']);
    expect(await detail.getByRole('listitem').filter({ hasText: 'oosplash' }).textContent()).toContain('where it began');
    expect(await detail.getByRole('listitem').filter({ hasText: 'this program' }).textContent()).toContain('dash');
  });

  itShows('shows what an attacker chose as text, with every unseen character named', async () => {
    await rig.show('history-hostile');
    const text = await rig.page.evaluate(() => document.body.innerText);
    expect(text).toContain('<script>');
    expect(text).toContain('\\u{202e}');
    expect(text).toContain('\\xe9');
    expect(text).not.toMatch(/[\u202E\u200B\u2066\u0007\u001B]/);
    expect(await rig.page.evaluate(() => window.planted)).toBeUndefined();
    expect(await rig.page.locator('main img, main script, main b:has-text("bold")').count()).toBe(0);
  });
});
