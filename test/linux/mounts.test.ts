/** The mount table of the running kernel, and news of its changes. */
import { mkdirSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { waitForLoop } from '../../electron/platform/ffi/loop.ts';
import { mountAnswers } from '../../electron/platform/linux/answering-mounts.ts';
import { readMounts, watchMounts } from '../../electron/platform/linux/mounts.ts';
import { startFuseServer } from '../support/linux/fuse-server.ts';
import { detach, mount } from '../support/linux/libc.ts';
import { PrivateTmpfs } from '../support/linux/private-tmpfs.ts';
import { waitUntil } from '../support/linux/wait-until.ts';
import { describeNeeds } from '../support/requirement.ts';

describeNeeds(['mounts'], 'mounts', () => {
  let tmpfs: PrivateTmpfs;
  beforeEach(() => {
    tmpfs = new PrivateTmpfs();
  });
  afterEach(() => tmpfs.remove());

  const at = (mountPoint: string) => readMounts().filter((entry) => entry.mountPoint === mountPoint);

  it('are listed with kind and whether they may be marked', () => {
    expect(at(tmpfs.path)).toMatchObject([{ fsType: 'tmpfs', source: 'holdfast-test', readOnly: false, volume: 'memory', markable: true, reason: null }]);
    expect(at('/proc')[0]).toMatchObject({ markable: false });
    expect(at('/')[0]).toMatchObject({ markable: true });
  });

  it('are told with odd names, and only the topmost of a place', () => {
    const odd = tmpfs.at('a b\nc\\d');
    mkdirSync(odd);
    mount('below', odd, 'tmpfs');
    mkdirSync(`${odd}/inner`);
    mount('inner', `${odd}/inner`, 'tmpfs');
    mount('above', odd, 'tmpfs');
    expect(at(odd).map((entry) => entry.source)).toEqual(['above']);
    expect(at(`${odd}/inner`)).toEqual([]);
    detach(odd);
    expect(at(odd).map((entry) => entry.source)).toEqual(['below']);
    expect(at(`${odd}/inner`).map((entry) => entry.source)).toEqual(['inner']);
  });

  it('are noticed when they come and go, each time', async () => {
    let changes = 0;
    const watch = watchMounts(() => { changes += 1; });
    mkdirSync(tmpfs.at('new'));
    for (let round = 1; round <= 5; round += 1) {
      const before = changes;
      mount('new', tmpfs.at('new'), 'tmpfs');
      await waitUntil(() => changes > before);
      const between = changes;
      detach(tmpfs.at('new'));
      await waitUntil(() => changes > between);
    }
    watch.close();
    const after = changes;
    mount('new', tmpfs.at('new'), 'tmpfs');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(changes).toBe(after);
  });

  it('are noticed by who looks, also when somebody who waited for the loop has used the announcement up', async () => {
    let changes = 0;
    const watch = watchMounts(() => { changes += 1; });
    mkdirSync(tmpfs.at('new'));
    // Until the loop watches the table, and does nothing else.
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (let round = 1; round <= 3; round += 1) {
      const before = changes;
      mount('new', tmpfs.at('new'), 'tmpfs');
      waitForLoop(1_000);
      watch.look();
      expect(changes).toBeGreaterThan(before);
      detach(tmpfs.at('new'));
      watch.look();
    }
    const after = changes;
    watch.look();
    expect(changes).toBe(after);
    watch.close();
  });

  it('answer by themselves or not as the table is at that moment', () => {
    mkdirSync(tmpfs.at('new'));
    for (let round = 1; round <= 3; round += 1) {
      mount('new', tmpfs.at('new'), 'tmpfs');
      const id = at(tmpfs.at('new'))[0]!.id;
      expect(mountAnswers(id)).toBe(true);
      expect(mountAnswers(at('/proc')[0]!.id)).toBe(false);
      detach(tmpfs.at('new'));
      expect(mountAnswers(id)).toBeUndefined();
      // The kernel may give its number to another.
      mount('new', tmpfs.at('new'), 'proc');
      expect(mountAnswers(at(tmpfs.at('new'))[0]!.id)).toBe(false);
      detach(tmpfs.at('new'));
    }
  });

  it('cost nothing while nothing changes', async () => {
    let changes = 0;
    const watch = watchMounts(() => { changes += 1; });
    await new Promise((resolve) => setTimeout(resolve, 300));
    watch.close();
    expect(changes).toBeLessThan(5);
  });

  describeNeeds(['fuse'], 'served by a program', () => {
    it('may not be marked, and say why', async () => {
      mkdirSync(tmpfs.at('fuse'));
      const server = await startFuseServer(tmpfs.at('fuse'), []);
      try {
        expect(at(tmpfs.at('fuse'))[0]).toMatchObject({ volume: 'fuse', markable: false });
        expect(at(tmpfs.at('fuse'))[0]!.reason).toContain('FUSE');
      } finally {
        await server.stop();
      }
    });
  });
});
