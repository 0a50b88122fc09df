/** The window on a real screen with the real engine: what a person does from the first start to an allow that ends. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from 'vitest';
import { historyEntrySchema } from '../../shared/history/entry.ts';
import { describeNeeds, itNeeds } from '../support/requirement.ts';
import { WindowRig } from './support/window-rig.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SCREENS = ['Overview', 'History', 'Rules', 'Allowed', 'Settings', 'Diagnostics'];

let rig: WindowRig;

/** A copy of a tool of the system under another name: the rule on copied tools refuses it. */
function startCopy(): number | null {
  const done = spawnSync(rig.scope.at('quarterly-report'), ['--wrap=0', '/etc/hostname'], { encoding: 'utf8' });
  return done.error === undefined ? done.status : null;
}

/** What `holdfast … --json` prints. */
function cli(...words: readonly string[]): string {
  return spawnSync(process.execPath, ['dist/cli/holdfast.js', ...words, '--json', '--data-dir', rig.dataDir], { encoding: 'utf8' }).stdout;
}

async function untilTrue(condition: () => boolean | Promise<boolean>, what: string, withinMs = 10_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await delay(50);
  }
}

describeNeeds(['linux', 'electron', 'xvfb', 'exec-gate', 'process-news', 'mounts'], 'the window', () => {
  beforeAll(async () => {
    rig = await WindowRig.start();
    rig.scope.copyProgram('/usr/bin/base64', 'quarterly-report');
  }, 60_000);
  afterAll(async () => rig.end(), 30_000);

  itNeeds([], 'opens with the state, and says at the first run what to do', async () => {
    await rig.page.getByRole('heading', { name: 'Watching only' }).waitFor();
    await rig.page.getByText('Welcome to Holdfast').waitFor();
  });

  itNeeds([], 'leads from the state over a preset to a rehearsal in less than a minute', async () => {
    const from = performance.now();
    const { page } = rig;
    await page.getByRole('button', { name: 'Standard preset…' }).click();
    await page.getByRole('dialog').getByText('Keep office programs from starting other programs').waitFor();
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden', timeout: 20_000 });
    await page.getByRole('heading', { name: 'Protected', exact: true }).waitFor({ timeout: 20_000 });
    await page.getByRole('button', { name: 'Go to the rehearsal' }).click();
    await page.getByRole('button', { name: 'Start rehearsal' }).click();
    await page.getByText(/^\d+ of \d+ done…$/).waitFor({ timeout: 20_000 });
    await page.getByRole('button', { name: 'Start rehearsal' }).waitFor({ timeout: 50_000 });
    await page.getByText(/ as promised/).first().waitFor();
    expect(performance.now() - from).toBeLessThan(60_000);
    await rig.go('Overview');
    expect(await page.getByText('Welcome to Holdfast').count()).toBe(0);
  }, 90_000);

  itNeeds([], 'says that it runs without a sandbox, being started by root, and names the better way; what is prevented is the same', async () => {
    const { page } = rig;
    await rig.go('Overview');
    const { state, window } = await rig.call('status', {});
    expect({ state, sandboxed: window?.sandboxed }).toEqual({ state: 'protected', sandboxed: false });
    await page.getByText('This window runs without its sandbox').first().waitFor();
    await rig.go('Diagnostics');
    await page.getByText('The window runs without Chromium\'s sandbox').first().waitFor();
    await page.getByText('holdfast --role ui').first().waitFor();
    for (const command of ['status', 'doctor']) expect(cli(command), command).toContain('Run the engine as root (systemctl start holdfast) and the window as yourself');
  }, 30_000);

  itNeeds([], 'shows what a preset changes, then puts it in force', async () => {
    await rig.go('Rules');
    await rig.page.getByRole('button', { name: 'Strict' }).click();
    await rig.page.getByRole('dialog').getByText('Keep programs that just appeared from running').waitFor();
    await rig.page.getByRole('button', { name: 'Apply' }).click();
    await untilTrue(async () => (await rig.call('status', {})).state === 'protected', 'protected', 20_000);
    await rig.go('Overview');
    await rig.page.getByRole('heading', { name: 'Protected', exact: true }).waitFor();
    // The index of system tools is read in the background at a first start.
    await untilTrue(() => startCopy() === null, 'the copy is refused', 20_000);
  }, 60_000);

  itNeeds([], 'rehearses, and links each result to its entry', async () => {
    await rig.go('Diagnostics');
    await rig.page.getByRole('button', { name: 'Start rehearsal' }).click();
    await rig.page.getByRole('button', { name: 'Stop' }).waitFor();
    await rig.page.getByRole('button', { name: 'Start rehearsal' }).waitFor({ timeout: 60_000 });
    expect(await rig.page.getByText('as promised').count()).toBeGreaterThanOrEqual(12);
    await rig.page.getByRole('link', { name: 'office-shell' }).or(rig.page.getByRole('button', { name: 'office-shell' })).first().click();
    await rig.page.getByRole('article').getByText('Started by', { exact: true }).waitFor();
  }, 90_000);

  itNeeds([], 'finds an entry as it is typed, and shows what happened and why', async () => {
    await rig.go('History');
    await rig.page.getByRole('searchbox').fill('quarterly-report');
    await rig.page.getByText('1 entry').waitFor();
    await rig.page.getByRole('listbox').press('ArrowDown');
    const detail = rig.page.getByRole('article');
    await detail.getByText('A copy of a tool of the operating system was about to run').waitFor();
    await detail.getByText('--wrap=0 /etc/hostname').first().waitFor();
    await detail.getByText('this program').waitFor();
  }, 30_000);

  itNeeds([], 'allows it for a while, lets it run, and refuses it again when that has ended', async () => {
    const [entry] = (await rig.call('historySearch', { filter: { text: 'quarterly-report' } })).lines;
    await rig.page.getByRole('button', { name: 'Allow…' }).click();
    const dialog = rig.page.getByRole('dialog');
    await dialog.getByText('So far this would have let through').waitFor();
    await dialog.getByRole('radio', { name: '15 minutes' }).check();
    await dialog.getByLabel('Reason').fill('our packaging script');
    await dialog.getByRole('button', { name: 'Allow', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(startCopy()).toBe(0);
    await rig.go('Allowed');
    await rig.page.getByText('our packaging script').waitFor();
    await rig.page.getByRole('button', { name: 'Revoke' }).click();
    await rig.page.getByText('Nothing is allowed past a rule').waitFor();
    expect(startCopy()).toBeNull();
    // One with an end that comes while we look.
    await rig.call('allowAdd', { historyId: entry?.id ?? '', for: 'until', untilMs: Date.now() + 2_500, reason: 'short' });
    expect(startCopy()).toBe(0);
    await untilTrue(() => startCopy() === null, 'it is refused again', 10_000);
  }, 60_000);

  itNeeds([], 'a permanent allow needs a second step, and no reason no allow', async () => {
    await rig.go('History');
    await rig.page.getByRole('searchbox').fill('quarterly-report');
    await rig.page.getByRole('option').first().click();
    await rig.page.getByRole('button', { name: 'Allow…' }).click();
    const dialog = rig.page.getByRole('dialog');
    await dialog.getByRole('radio', { name: 'Permanently' }).check();
    await dialog.getByLabel('Reason').fill('for ever');
    await delay(800);
    expect(await dialog.getByRole('button', { name: 'Allow', exact: true }).isDisabled()).toBe(true);
    await dialog.getByRole('checkbox', { name: 'Yes, permanently' }).check();
    expect(await dialog.getByRole('button', { name: 'Allow', exact: true }).isDisabled()).toBe(false);
    await rig.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    expect((await rig.call('allowList', {})).allows.filter(({ expired }) => !expired)).toEqual([]);
  }, 30_000);

  itNeeds([], 'a mode that is changed there holds', async () => {
    await rig.go('Rules');
    const mode = rig.page.getByRole('combobox', { name: 'Mode: Keep copies and look-alikes of system tools from running' });
    await mode.click();
    await rig.page.getByRole('option', { name: /^Audit/ }).click();
    await untilTrue(async () => (await rig.call('rulesList', {})).rules.some(({ slug, mode: set }) => slug === 'copied-system-tools' && set === 'audit'), 'audit');
    expect(startCopy()).toBe(0);
    await mode.click();
    await rig.page.getByRole('option', { name: /^Block/ }).click();
    await untilTrue(async () => (await rig.call('rulesList', {})).rules.some(({ slug, mode: set }) => slug === 'copied-system-tools' && set === 'block'), 'block');
    expect(startCopy()).toBeNull();
  }, 30_000);

  itNeeds([], 'is paused and resumed with who and why on record, for the window and the command line', async () => {
    const { page } = rig;
    cli('pause', '15', '--reason', 'a new printer');
    await rig.go('Settings');
    await page.getByRole('button', { name: 'End the pause' }).click();
    await page.getByRole('button', { name: '15 minutes' }).waitFor();
    await rig.go('History');
    await page.getByRole('option').filter({ hasText: 'Pause of the protection ended' }).first().waitFor();
    await page.getByRole('option').filter({ hasText: 'Protection paused' }).first().click();
    const detail = page.getByRole('article');
    await detail.getByText('a new printer').first().waitFor();
    await detail.getByText('Paused by').waitFor();
    await detail.getByText('holdfast.js pause 15 --reason a new printer').first().waitFor();
    const lines = cli('history', '-n', '2').trim().split('\n').map((line) => historyEntrySchema.parse(JSON.parse(line)));
    expect(lines.map(({ pause }) => ({ event: pause?.event, who: pause?.who, reason: pause?.reason }))).toEqual([{ event: 'ended', who: 'root', reason: 'a new printer' }, { event: 'begun', who: 'root', reason: 'a new printer' }]);
    // The line is written a moment after the pause began.
    const lasts = Date.parse(lines[1]?.pause?.until ?? '') - Date.parse(lines[1]?.time ?? '');
    expect(15 * 60_000 - lasts).toBeGreaterThanOrEqual(0);
    expect(15 * 60_000 - lasts).toBeLessThan(5_000);
  }, 40_000);

  itNeeds([], 'has its twins on the command line: settings, support bundle', async () => {
    cli('settings', 'set', 'fail', 'closed');
    await rig.go('Settings');
    await untilTrue(() => rig.page.getByRole('radio', { name: 'Refuse it' }).isChecked(), 'shown as set');
    expect(JSON.parse(cli('settings'))).toMatchObject({ settings: { fail: 'closed' } });
    cli('settings', 'set', 'fail', 'open');
    const bundle = cli('support');
    expect(Object.keys(JSON.parse(bundle) as object)).toEqual(['about.json', 'status.json', 'doctor.json', 'settings.json']);
    expect(bundle).not.toContain(rig.scope.path);
    expect(bundle).not.toMatch(/quarterly-report|printer/);
  }, 30_000);

  itNeeds([], 'has no fault that a screen reader or a keyboard would meet, in any look', async () => {
    for (const look of ['Light', 'Dark', 'High contrast']) {
      await rig.go('Settings');
      await rig.page.getByRole('radio', { name: look, exact: true }).check();
      for (const screen of SCREENS) {
        await rig.go(screen);
        await delay(400);
        await rig.page.evaluate(axe);
        const faults = await rig.page.evaluate(async () => {
          const { axe: checker } = window as unknown as { axe: { run(of: Document): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> } };
          return (await checker.run(document)).violations.map(({ id, impact, nodes }) => `${id} (${impact}): ${nodes.map(({ html }) => html.slice(0, 160)).slice(0, 3).join(' | ')}`);
        });
        expect(faults, `${look}, ${screen}`).toEqual([]);
      }
    }
  }, 120_000);

  itNeeds([], 'shows everything at twice the size without scrolling sideways', async () => {
    await rig.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.setZoomFactor(2));
    for (const screen of SCREENS) {
      await rig.go(screen);
      await delay(200);
      expect(await rig.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), screen).toBeLessThanOrEqual(0);
    }
    await rig.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.setZoomFactor(1));
  }, 30_000);

  itNeeds([], 'keeps the page in: no address outside, no window, no code from text, no unknown call', async () => {
    const { page } = rig;
    const outcome = await page.evaluate(async () => {
      const tried = async (work: () => unknown): Promise<string> => {
        try {
          return String(await work());
        } catch (error) {
          return `refused ${(error as Error).name}`;
        }
      };
      const bridge = (window as unknown as { holdfast: { engine(name: string, input: unknown): Promise<unknown>; app(name: string, input: unknown): Promise<{ ok: boolean }> } }).holdfast;
      return {
        code: await tried(() => {
          const script = document.createElement('script');
          script.textContent = 'window.planted = true';
          document.body.append(script);
          if (!('planted' in window)) throw new Error('did not run');
        }),
        fetch: await tried(() => fetch('https://example.org/').then(() => 'fetched')),
        window: window.open('https://example.org/') === null ? 'null' : 'opened',
        node: `${typeof (window as { require?: unknown }).require} ${typeof (window as { process?: unknown }).process}`,
        permission: `${(await navigator.permissions.query({ name: 'geolocation' })).state} ${await tried(() => navigator.mediaDevices.getUserMedia({ audio: true }))} ${await Notification.requestPermission()}`,
        unknown: await tried(() => bridge.engine('stop', {})),
        wrong: JSON.stringify(await bridge.app('openLink', { kind: 'url', url: 'file:///etc/passwd' })),
      };
    });
    expect(outcome).toMatchObject({ window: 'null', node: 'undefined undefined' });
    expect(outcome.code).toMatch(/^refused/);
    expect(outcome.fetch).toMatch(/^refused/);
    expect(outcome.unknown).toMatch(/^refused/);
    expect(outcome.permission).toMatch(/^denied refused \w+ denied$/);
    expect(outcome.wrong).toContain('bad-input');
    rig.problems.length = 0;
  }, 30_000);

  itNeeds([], 'says so when the engine is gone, keeps what it showed, and recovers by itself', async () => {
    await rig.go('Overview');
    const { engine } = await rig.call('status', {});
    process.kill(engine.pid, 'SIGSTOP');
    process.kill(engine.pid, 'SIGKILL');
    await rig.page.getByText('The engine does not answer').first().waitFor({ timeout: 10_000 });
    await rig.page.getByRole('heading', { name: 'Protected', exact: true }).waitFor({ timeout: 20_000 });
    expect(await rig.page.getByText('The engine does not answer').count()).toBe(0);
  }, 60_000);

  itNeeds([], 'has no renderer while it is closed, and is there again when it is opened', async () => {
    expect(rig.problems).toEqual([]);
    expect(rig.renderers()).toBeGreaterThan(0);
    await rig.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await untilTrue(() => rig.renderers() === 0, 'no renderer');
    expect(startCopy()).toBeNull();
    const opened = rig.app.waitForEvent('window');
    await rig.app.evaluate(({ app }) => app.emit('second-instance'));
    const page = await opened;
    await page.getByRole('heading', { name: 'Protected', exact: true }).waitFor();
    // No page can lead the window elsewhere. Last, because the driver waits for a navigation that never comes.
    await page.evaluate(() => { location.href = 'https://example.org/'; });
    await delay(300);
    expect(await rig.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.webContents.getURL()))).toEqual(['app://holdfast/index.html']);
  }, 30_000);
});
