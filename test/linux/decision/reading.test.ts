/** Reading a stored key: a program that has no business there gets EPERM. All keys here are decoys below the scope. */
import { linkSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DecisionStage, REFUSED } from '../../support/linux/decision-stage.ts';
import { run } from '../../support/linux/live-holdfast.ts';
import { describeNeeds } from '../../support/requirement.ts';

const KEYS = 'credential-stores';
const SEEN_WITHIN_MS = 8_000;

describeNeeds(['linux', 'root', 'exec-gate', 'process-news', 'mounts', 'c-compiler'], 'reading a key', () => {
  let stage: DecisionStage;
  let key: string;
  let reader: string;
  beforeAll(async () => {
    stage = await DecisionStage.open({});
    const folder = path.join(stage.live.scope.path, 'home', 'x', '.ssh');
    mkdirSync(folder, { recursive: true });
    key = path.join(folder, 'id_ed25519');
    writeFileSync(key, 'decoy');
    reader = stage.starter('strange');
  });
  afterAll(() => stage.close());

  const read = (file: string, by = reader): Promise<number | string> => run(by, ['read', file]);

  it('is refused from the moment at which the rule was switched on, and stands in history with the reader', async () => {
    expect(await read(key)).toBe(0);
    await stage.useModes({ [KEYS]: 'block' });
    expect(await read(key)).toBe(REFUSED);
    const entry = (await stage.entriesOf(reader))[0];
    expect(entry).toMatchObject({ action: 'prevented', rule: { id: '9e6c4e1f-7d60-472f-ba1a-a39ef669e4b2' }, process: { image: reader, commandLine: `${reader} read ${key}` } });
    expect(entry?.matched.map(({ value }) => value)).toContain(key);
  });

  it('is refused through a link, under a second name, and after the key was moved elsewhere', async () => {
    const folder = path.dirname(key);
    const elsewhere = stage.folder();
    const second = path.join(folder, 'id_second');
    writeFileSync(second, 'decoy');
    await expect.poll(() => read(second), { timeout: SEEN_WITHIN_MS }).toBe(REFUSED);
    linkSync(key, path.join(elsewhere, 'harmless'));
    symlinkSync(key, path.join(elsewhere, 'link'));
    renameSync(second, path.join(elsewhere, 'moved'));
    for (const name of ['harmless', 'link', 'moved']) expect(await read(path.join(elsewhere, name)), name).toBe(REFUSED);
    // Also when it has been noticed that there is nothing at the old place any more.
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    for (const name of ['harmless', 'link', 'moved']) expect(await read(path.join(elsewhere, name)), name).toBe(REFUSED);
  }, 30_000);

  it('is not affected for what is no key, nor for its public half', async () => {
    const open = path.join(path.dirname(key), 'known_hosts');
    writeFileSync(open, 'decoy');
    expect(await read(open)).toBe(0);
  });

  it('is refused for a key that replaced the first, once it was seen', async () => {
    writeFileSync(`${key}.new`, 'decoy two');
    renameSync(`${key}.new`, key);
    await expect.poll(() => read(key), { timeout: SEEN_WITHIN_MS }).toBe(REFUSED);
  }, 20_000);

  it('is only recorded in audit, and not at all when off', async () => {
    const auditor = stage.starter('auditor');
    await stage.useModes({ [KEYS]: 'audit' });
    expect(await read(key, auditor)).toBe(0);
    expect(await stage.entryOf(auditor)).toMatchObject({ action: 'audited' });
    const unseen = stage.starter('unseen');
    await stage.useModes({ [KEYS]: 'off' });
    expect(await read(key, unseen)).toBe(0);
    expect(await stage.quietSince(unseen)).toEqual([]);
    await stage.useModes({ [KEYS]: 'block' });
    expect(await read(key, reader)).toBe(REFUSED);
  });
});
