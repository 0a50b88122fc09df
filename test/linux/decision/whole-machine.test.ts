/** The default without a scope: everything that is mounted is marked. Tried where the machine's own file systems are out of reach. */
import { chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exitProgram } from '../../support/linux/elf-bytes.ts';
import { rootDevice, ThrowAwayRoot } from '../../support/linux/throw-away-root.ts';
import { describeNeeds } from '../../support/requirement.ts';

interface Told {
  readonly before: number | string;
  readonly harmless: number | string;
  readonly forbidden: number | string;
  readonly onNewMount: number | string;
  readonly prying: Readonly<Record<string, string>>;
  readonly scope: readonly string[];
  readonly coverage: readonly { readonly mount: string; readonly prevent: boolean }[];
  readonly entries: readonly (readonly [string, string])[];
}

const RAN = 9;

describeNeeds(['linux', 'root', 'exec-gate', 'mounts', 'x64'], 'Holdfast without a scope', () => {
  let root: ThrowAwayRoot;
  let told: Told;
  beforeAll(async () => {
    root = new ThrowAwayRoot();
    const tool = path.join(root.path, 'tools/telinit');
    writeFileSync(tool, exitProgram(RAN));
    chmodSync(tool, 0o755);
    copyFileSync(path.join(import.meta.dirname, '../../support/linux/whole-machine-child.mjs'), path.join(root.path, 'app/child.mjs'));
    told = JSON.parse(await root.run('/app/child.mjs', rootDevice())) as Told;
  });
  afterAll(() => root.remove());

  it('marks the root file system once a rule is on, and refuses there', () => {
    expect(told.scope).toEqual([]);
    expect(told.coverage).toContainEqual(expect.objectContaining({ mount: '/', prevent: true }));
    expect([told.before, told.harmless, told.forbidden]).toEqual([RAN, RAN, 'EPERM']);
  });

  it('marks what is mounted later, and refuses there', () => {
    expect(told.onNewMount).toBe('EPERM');
    expect(told.entries).toEqual(expect.arrayContaining([['prevented', '/new/telinit'], ['prevented', '/tools/telinit']]));
    expect(told.entries).toHaveLength(2);
  });

  it('keeps its own folders closed to an account without rights, but for the one with the socket', () => {
    expect(told.prying).toEqual({ '/var/lib/holdfast': 'EACCES', '/run/holdfast': 'open', '/run/holdfast/private': 'EACCES' });
  });
});
