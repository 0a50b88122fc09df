/** The recommended way on Linux: the engine as root, the window as the person who sits there. */
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, readdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { DecisionStage, RESCUE } from '../support/linux/decision-stage.ts';
import { run } from '../support/linux/live-holdfast.ts';
import { describeNeeds, itNeeds } from '../support/requirement.ts';
import { Person, PERSON } from './support/person.ts';

const SECRET = 'word-of-another-account';

let stage: DecisionStage;
let person: Person | undefined;

function page(): Page {
  if (person === undefined) throw new Error('the window did not open');
  return person.page;
}

/** `Name:` of /proc/<pid>/status for every process of the account that draws a page. */
function renderersOf(uid: number): readonly { readonly seccomp: string; readonly privileges: string }[] {
  const statuses = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      const isRenderer = readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('--type=renderer');
      return isRenderer && new RegExp(`^Uid:\\s${uid}\\s`, 'm').test(status) ? [status] : [];
    } catch {
      return [];
    }
  });
  const field = (status: string, name: string): string => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(status)?.[1] ?? '';
  return statuses.map((status) => ({ seccomp: field(status, 'Seccomp'), privileges: field(status, 'NoNewPrivs') }));
}

describeNeeds(['linux', 'root', 'electron', 'xvfb', 'exec-gate', 'process-news', 'mounts', 'c-compiler'], 'an engine of root and a window of a person', () => {
  beforeAll(async () => {
    stage = await DecisionStage.open({ [RESCUE]: 'block' });
    // As installed the socket lies in /run, where everybody may enter.
    chmodSync(stage.live.dataDir, 0o711);
    await run(stage.starter(), ['spawn', stage.tool(), 'telinit', '1', SECRET]);
    await stage.live.historyWith((entries) => entries.length > 0);
    person = await Person.opensWindow(['--role', 'ui', '--data-dir', stage.live.dataDir]);
    await page().getByRole('heading', { name: 'Protected' }).waitFor();
  }, 60_000);
  afterAll(async () => {
    await person?.leaves();
    await stage.close();
  }, 30_000);

  itNeeds([], 'draws its page in Chromium’s sandbox, with no rights of root', () => {
    expect(renderersOf(PERSON)).toEqual([{ seccomp: '2', privileges: '1' }]);
  });

  itNeeds([], 'does not say that it runs without a sandbox', async () => {
    await page().getByText('Last 24 hours').first().waitFor();
    expect(await page().getByText('This window runs without its sandbox').count()).toBe(0);
    expect((await stage.live.call('status', {})).window).toBeNull();
    await page().getByRole('navigation').getByRole('button', { name: /^Diagnostics/ }).click();
    await page().getByText('The engine runs with the rights it needs.').waitFor();
    expect(await page().getByText(/without Chromium/).count()).toBe(0);
  });

  itNeeds([], 'shows that something was done about another account’s program, and nothing of what was typed', async () => {
    await page().getByRole('navigation').getByRole('button', { name: /^History/ }).click();
    await page().getByText('(of another account)').first().waitFor();
    expect(await page().content()).not.toContain(SECRET);
    expect(await page().content()).not.toContain(stage.live.scope.path);
  });

  itNeeds([], 'shows an own entry whole', async () => {
    const tool = stage.tool();
    const done = spawnSync(tool, ['1', 'my-own-word'], { argv0: 'telinit', uid: PERSON, gid: PERSON, cwd: '/' });
    expect((done.error as NodeJS.ErrnoException | undefined)?.code).toBe('EPERM');
    await page().getByText('telinit', { exact: true }).first().click();
    await page().getByText(tool, { exact: false }).first().waitFor();
    await page().getByText('my-own-word', { exact: false }).first().waitFor();
  });

  itNeeds([], 'changes nothing without rights, and says so in words', async () => {
    const before = await stage.live.call('rulesList', {});
    await page().getByRole('navigation').getByRole('button', { name: /^Rules/ }).click();
    await page().getByRole('combobox', { name: 'Mode: Keep programs from restarting the computer without its protection' }).click();
    await page().getByRole('option', { name: 'Off' }).click();
    await page().getByText(/polkit|administrator/).first().waitFor();
    expect(await stage.live.call('rulesList', {})).toEqual(before);
  });
});
