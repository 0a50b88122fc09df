/** The question to polkit, with a stand-in for its tool: what is asked, and what each answer becomes. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { Polkit } from '../../../electron/platform/linux/polkit.ts';
import { describeNeeds, itNeeds } from '../../support/requirement.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'holdfast-polkit-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function standIn(code: number): Polkit {
  const tool = path.join(folder, 'pkcheck');
  writeFileSync(tool, `#!/bin/sh\necho "$@" > ${folder}/asked\nexit ${code}\n`);
  chmodSync(tool, 0o755);
  writeFileSync(path.join(folder, 'policy'), '');
  return new Polkit(tool, path.join(folder, 'policy'));
}

describeNeeds(['linux'], 'polkit', () => {
  const me = { uid: process.getuid?.() ?? 0, pid: process.pid };

  itNeeds([], 'is asked about the process by id, start time and uid, so that a reused id is another', async () => {
    expect(await standIn(0).ask(me)).toEqual({ ok: true, value: undefined });
    expect(readFileSync(path.join(folder, 'asked'), 'utf8')).toMatch(new RegExp(`^--action-id org\\.holdfast\\.change --process ${me.pid},\\d+,${me.uid} --allow-user-interaction\n$`));
  });

  itNeeds([], 'that says no, or that nobody answers, gives nothing', async () => {
    for (const code of [1, 2, 3, 127]) expect(await standIn(code).ask(me)).toMatchObject({ ok: false, error: { code: 'ask-refused' } });
  });

  itNeeds([], 'is not asked for a process of another account, or one that is gone', async () => {
    expect(await standIn(0).ask({ ...me, uid: me.uid + 1 })).toMatchObject({ ok: false });
    expect(await standIn(0).ask({ ...me, pid: 4_194_303 })).toMatchObject({ ok: false });
  });

  itNeeds([], 'that is not here is said in words', async () => {
    const nobody = new Polkit('/nonexistent/pkcheck', '/nonexistent/policy');
    expect(nobody.whyNot()).toContain('not installed');
    expect(await nobody.ask(me)).toMatchObject({ ok: false, error: { code: 'no-right' } });
    expect(standIn(0).whyNot()).toBeNull();
  });

  itNeeds([], 'is asked twice at once at most for one account', async () => {
    const tool = path.join(folder, 'pkcheck');
    const polkit = standIn(0);
    writeFileSync(tool, '#!/bin/sh\nsleep 0.5\n');
    const answers = await Promise.all([polkit.ask(me), polkit.ask(me), polkit.ask(me)]);
    expect(answers.filter((answer) => answer.ok)).toHaveLength(2);
  });
});
