/** What the screens do when somebody acts, or when nobody answers. */
import { afterAll, beforeAll, expect } from 'vitest';
import { describeNeeds } from '../support/requirement.ts';
import { GalleryRig, itShows, OPEN_MS } from './support/gallery-rig.ts';

describeNeeds(['chromium'], 'the screens', () => {
  let rig: GalleryRig;
  beforeAll(async () => {
    rig = await GalleryRig.open({ permissions: ['clipboard-read', 'clipboard-write'] });
  }, OPEN_MS);
  afterAll(() => rig.close());

  const asked = (wanted: string): Promise<unknown[]> => rig.page.evaluate((name) => window.gallery?.asked.filter((one) => one.name === name).map(({ input }) => input) ?? [], wanted);

  itShows('an allow names what was chosen, for as long as was chosen, and only after a reason', async () => {
    await rig.show('history-allow');
    const dialog = rig.page.getByRole('dialog');
    const allow = dialog.getByRole('button', { name: 'Allow', exact: true });
    await allow.waitFor();
    expect(await allow.isDisabled()).toBe(true);
    await dialog.getByText('this start only').waitFor();
    await dialog.getByRole('checkbox', { name: 'Only with these arguments' }).uncheck();
    await dialog.getByText('12 starts').waitFor();
    await dialog.getByRole('radio', { name: '24 hours' }).check();
    await dialog.getByLabel('Reason').fill('  our build  ');
    await allow.click();
    await dialog.waitFor({ state: 'detached' });
    expect(await asked('allowAdd')).toEqual([{ historyId: 'e1', for: '24h', reason: 'our build', parts: { arguments: false, parent: true }, confirmPermanent: false }]);
    await rig.page.getByText('An allow in force lets this through.').waitFor();
  });

  itShows('a change without the right is asked for only after a click that says so', async () => {
    await rig.show('settings-no-right');
    await rig.page.getByText('This needs administrator rights.').waitFor();
    await rig.page.getByRole('button', { name: 'Ask for permission' }).click();
    await rig.page.getByText(/^Paused by ada until/).waitFor();
    expect(await asked('pause')).toHaveLength(2);
    // What was pressed is gone; the keyboard goes on with what stands there now.
    await rig.page.locator('button:focus', { hasText: 'End the pause' }).waitFor();
    await rig.page.keyboard.press('Enter');
    await rig.page.getByRole('button', { name: 'Ask for permission' }).click();
    await rig.page.getByRole('button', { name: 'Until restart' }).waitFor();
    await rig.page.locator('button:focus', { hasText: '15 minutes' }).waitFor();
  });

  itShows('ending a pause from the overview leaves the keyboard where the button was', async () => {
    await rig.show('overview-paused');
    await rig.page.getByRole('button', { name: 'End the pause' }).focus();
    await rig.page.keyboard.press('Enter');
    await rig.page.getByRole('heading', { name: 'Protected' }).waitFor();
    await rig.page.locator('button:focus', { hasText: 'Rehearse an attack' }).waitFor();
  });

  itShows('from the first start to a rehearsal: state, preset, rehearsal', async () => {
    await rig.show('overview-first-run');
    await rig.page.getByRole('heading', { name: 'Watching only' }).waitFor();
    await rig.page.getByRole('button', { name: 'Standard preset…' }).click();
    await rig.page.getByRole('dialog').getByText('Not set → ').first().waitFor();
    await rig.page.getByRole('button', { name: 'Apply' }).click();
    await rig.page.getByRole('heading', { name: 'Protected' }).waitFor();
    await rig.page.getByText('One step is left').waitFor();
    await rig.page.getByRole('button', { name: 'Go to the rehearsal' }).click();
    await rig.page.getByRole('button', { name: 'Start rehearsal' }).click();
    await rig.page.getByText('3 of 8 done…').waitFor();
    expect(await asked('windowSettingsSet')).toEqual([{ firstRunDone: true }]);
  });

  itShows('a question can be left as it is, and is gone then', async () => {
    await rig.show('overview-protected');
    await rig.page.getByRole('button', { name: 'Leave refused' }).first().click();
    await expect.poll(() => rig.page.getByRole('button', { name: 'Leave refused' }).count()).toBe(1);
    expect(await asked('undecidedDismiss')).toEqual([{ historyId: 'e1' }]);
  });

  itShows('details are copied whole', async () => {
    await rig.show('history-detail');
    await rig.page.getByRole('button', { name: 'Copy details' }).click();
    await rig.page.getByRole('button', { name: 'Copied' }).waitFor();
    const copied = await rig.page.evaluate(() => navigator.clipboard.readText());
    expect(JSON.parse(copied)).toMatchObject({ id: 'e0', action: 'prevented' });
  });

  itShows('an engine that is gone is said, what was known stays, nothing can be pressed that needs it', async () => {
    await rig.show('settings-engine-gone');
    expect(await rig.page.getByText('The engine does not answer').count()).toBe(1);
    expect(await rig.page.getByRole('button', { name: '15 minutes' }).isDisabled()).toBe(true);
    await rig.show('overview-engine-gone');
    await rig.page.getByRole('heading', { name: 'The engine does not answer' }).waitFor();
  });

  itShows('an error offers another try, and that works', async () => {
    await rig.show('history-error');
    await rig.page.getByText('the disk is full').waitFor();
    await rig.page.evaluate(() => { if (window.gallery !== undefined) window.gallery.world.reads = 'answered'; });
    await rig.page.getByRole('button', { name: 'Try again' }).click();
    await rig.page.getByRole('option').first().waitFor();
  });

  itShows('nothing moves for those who asked for that', async () => {
    for (const scene of ['rules-busy', 'diagnostics-rehearsing', 'overview-preset']) {
      await rig.show(scene);
      const moving = await rig.page.evaluate(() => document.getAnimations().filter((one) => one.playState === 'running' && Number(one.effect?.getComputedTiming().duration ?? 0) > 1).map((one) => String((one.effect as KeyframeEffect | null)?.target?.outerHTML.slice(0, 80))));
      expect(moving, scene).toEqual([]);
    }
  });

  itShows('every call passes the table, in both directions: a bridge that invents something else fails', async () => {
    await rig.show('settings');
    const outcome = await rig.page.evaluate(async () => {
      const { gallery } = window;
      if (gallery === undefined) return 'no bridge';
      gallery.world.usage = { processes: [{ name: 'x', pid: 1.5, cpuPercent: null, memoryMb: 1 }] };
      const wrongAnswer = await gallery.engine('usage', {}).then(() => 'taken', () => 'refused');
      const wrongQuestion = await gallery.engine('rulesSet', { rule: 'x', mode: 'nonsense' as 'block' }).then(() => 'taken', () => 'refused');
      return `${wrongAnswer} ${wrongQuestion}`;
    });
    expect(outcome).toBe('refused refused');
  });
});
