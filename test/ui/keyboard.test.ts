/** All of the window without a mouse. */
import { afterAll, beforeAll, expect } from 'vitest';
import { describeNeeds } from '../support/requirement.ts';
import { GalleryRig, itShows, OPEN_MS, SIZE } from './support/gallery-rig.ts';

const SCREENS = ['overview-protected', 'overview-first-run', 'history-detail', 'rules-open', 'allowed', 'settings', 'diagnostics'];
const MOST_STOPS = 150;

interface Stop {
  /** Its number on the page; the same element is the same number. */
  readonly number: string;
  readonly name: string;
  /** Looks different from how it looks without the focus. */
  readonly marked: boolean;
  readonly inView: boolean;
}

describeNeeds(['chromium'], 'the keyboard', () => {
  let rig: GalleryRig;
  beforeAll(async () => {
    rig = await GalleryRig.open();
  }, OPEN_MS);
  afterAll(() => rig.close());

  /** What has the focus, and whether one can see that. Null: nothing on the page has it. */
  const stop = (): Promise<Stop | null> =>
    rig.page.evaluate(async () => {
      // What moves in (in no time, but from one frame to the next) is there then.
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      const { activeElement: active } = document;
      if (!(active instanceof HTMLElement) || active === document.body) return null;
      const around = [active, active.parentElement, active.parentElement?.parentElement].filter((one): one is HTMLElement => one instanceof HTMLElement);
      const look = (): string => JSON.stringify(around.flatMap((one) => [null, '::before', '::after'].map((pseudo) => {
        const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderTopColor, borderTopWidth, borderBottomColor, borderBottomWidth, backgroundColor, transform, left, textDecoration } = getComputedStyle(one, pseudo);
        return [outlineStyle, outlineWidth, outlineColor, boxShadow, borderTopColor, borderTopWidth, borderBottomColor, borderBottomWidth, backgroundColor, transform, left, textDecoration];
      })));
      const { top, bottom, left, right, width, height } = active.getBoundingClientRect();
      const focused = look();
      active.blur();
      const number = (active.dataset['stop'] ??= String(document.querySelectorAll('[data-stop]').length + 1));
      return { number, name: `${active.tagName} ${active.getAttribute('aria-label') ?? active.textContent.slice(0, 60)}`, marked: look() !== focused, inView: width > 0 && height > 0 && bottom > 0 && right > 0 && top < innerHeight && left < innerWidth };
    });

  const stops = async (): Promise<Stop[]> => {
    const found: Stop[] = [];
    for (let presses = 0; presses < MOST_STOPS; presses += 1) {
      await rig.page.keyboard.press('Tab');
      const here = await stop();
      if (here === null || found.some(({ number }) => number === here.number)) break;
      found.push(here);
    }
    return found;
  };

  for (const scene of SCREENS) {
    itShows(`reaches every control of ${scene}, and shows where it is`, async () => {
      await rig.show(scene);
      // From the very beginning of the page, wherever the scene had put the focus.
      await rig.page.evaluate(() => {
        document.body.tabIndex = -1;
        document.body.focus();
      });
      const found = await stops();
      expect(found.length).toBeGreaterThan(8);
      expect(found.length).toBeLessThan(MOST_STOPS);
      expect(found.filter(({ marked }) => !marked).map(({ name }) => name), 'without a mark').toEqual([]);
      expect(found.filter(({ inView }) => !inView).map(({ name }) => name), 'out of view').toEqual([]);
      const missed = await rig.page.evaluate(() =>
        [...document.querySelectorAll<HTMLElement>('button, a[href], input:not([type=radio]), textarea, [role=combobox], [role=listbox], [tabindex="0"]')]
          .filter((one) => !one.matches(':disabled, [tabindex="-1"], [aria-hidden=true], [data-tabster-dummy]') && one.closest('[aria-hidden=true]') === null && one.offsetParent !== null && one.dataset['stop'] === undefined)
          .map((one) => one.outerHTML.slice(0, 140)),
      );
      expect(missed, 'not reached').toEqual([]);
    });
  }

  itShows('goes past the rail in one step', async () => {
    await rig.show('rules');
    await rig.page.keyboard.press('Tab');
    expect(await rig.page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content');
    await rig.page.keyboard.press('Enter');
    await rig.page.keyboard.press('Tab');
    expect(await rig.page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true);
  });

  for (const [scene, opener] of [['overview-allow', 'Allow…'], ['overview-preset', 'Choose protection'], ['history-allow', 'Allow…'], ['rules-preset', 'Strict']] as const) {
    itShows(`keeps to the dialog of ${scene}, Escape closes it, and is back where it was`, async () => {
      await rig.show(scene);
      const dialog = rig.page.getByRole('dialog');
      await dialog.waitFor();
      for (let presses = 0; presses < 12; presses += 1) {
        expect(await rig.page.evaluate(() => [document.body, ...document.querySelectorAll('[role=dialog], [role=dialog] *, [data-tabster-dummy]')].includes(document.activeElement as HTMLElement))).toBe(true);
        await rig.page.keyboard.press('Tab');
      }
      await rig.page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      await expect.poll(() => rig.page.evaluate(() => document.activeElement?.textContent.trim())).toBe(opener);
      // What the dialog had hidden from screen readers is there again.
      expect(await rig.page.locator('#root[aria-hidden]').count()).toBe(0);
      expect(await rig.page.evaluate(() => window.gallery?.asked.filter(({ name }) => name === 'allowAdd' || name === 'rulesPreset'))).toEqual([]);
    });
  }

  itShows('a dialog whose screen is left, as by a click on a notice, leaves nothing hidden', async () => {
    await rig.show('history-allow');
    await rig.page.evaluate(() => window.gallery?.tell('navigate', { screen: 'rules', historyId: null }));
    await rig.page.getByRole('heading', { name: 'Rules' }).waitFor();
    await expect.poll(() => rig.page.locator('#root[aria-hidden]').count()).toBe(0);
  });

  itShows('walks the list of history, and the detail goes along', async () => {
    await rig.page.setViewportSize(SIZE);
    await rig.show('history');
    const list = rig.page.getByRole('listbox');
    const chosen = (): Promise<string | null> => rig.page.evaluate(() => document.getElementById(document.querySelector('[role=listbox]')?.getAttribute('aria-activedescendant') ?? '')?.getAttribute('aria-selected') === 'true' ? (document.querySelector('[role=listbox]')?.getAttribute('aria-activedescendant') ?? null) : null);
    await list.focus();
    for (const [key, at] of [['ArrowDown', 0], ['ArrowDown', 1], ['PageDown', 11], ['ArrowUp', 10], ['End', 90], ['Home', 0], ['ArrowUp', 0]] as const) {
      await rig.page.keyboard.press(key);
      await expect.poll(chosen, { message: key }).toBe(`entry-${at}`);
    }
    await rig.page.getByRole('article').getByText('An office program was about to start another program.').waitFor();
  });

  itShows('chooses a mode, and a preset', async () => {
    await rig.show('rules-none-set');
    const mode = rig.page.getByRole('combobox', { name: 'Mode: Keep office programs from starting other programs' });
    await mode.focus();
    await rig.page.keyboard.press('Enter');
    await rig.page.keyboard.press('ArrowDown');
    await rig.page.keyboard.press('Enter');
    await expect.poll(() => rig.page.evaluate(() => window.gallery?.asked.findLast(({ name }) => name === 'rulesSet')?.input)).toMatchObject({ mode: expect.stringMatching(/block|off|audit/) as string });
    await rig.rest();
    expect(await mode.evaluate((control) => control === document.activeElement), 'stays where it was').toBe(true);
    await rig.page.getByRole('button', { name: 'Strict' }).focus();
    await rig.page.keyboard.press('Enter');
    const apply = rig.page.getByRole('button', { name: 'Apply' });
    await expect.poll(() => apply.isEnabled(), { message: 'what would change is known' }).toBe(true);
    await apply.focus();
    await rig.page.keyboard.press('Enter');
    await rig.page.getByText('19 block').waitFor();
  });
});
