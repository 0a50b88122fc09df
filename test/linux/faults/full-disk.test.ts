/** A full disk under settings, history and run folder: protection goes on, everybody is told, and nothing is lost when there is room again. */
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { detach, mount } from '../../support/linux/libc.ts';
import { LiveHoldfast } from '../../support/linux/live-holdfast.ts';
import { isProtecting, manyStartsOf, startOf, startProtected, type Protected } from '../../support/linux/protected-holdfast.ts';
import { describeNeeds } from '../../support/requirement.ts';

const TIMES = 40;

describeNeeds(['linux', 'root', 'exec-gate', 'process-news', 'mounts'], 'a full disk', () => {
  let disk: string;
  let held: Protected;

  beforeEach(async () => {
    disk = mkdtempSync(path.join(os.tmpdir(), 'holdfast-disk-'));
    mount('holdfast-test', disk, 'tmpfs', 'mode=0755,size=12m');
    mkdirSync(path.join(disk, 'data'), { mode: 0o700 });
    held = await startProtected({ dataDir: path.join(disk, 'data') });
  });
  afterEach(async () => {
    await held.live.remove();
    detach(disk);
    rmdirSync(disk);
  });

  /** To the last byte. */
  function fillUp(): void {
    const fd = openSync(path.join(disk, 'filler'), 'w');
    for (let size = 1_048_576; size >= 1; size = Math.floor(size / 2)) {
      try {
        while (writeSync(fd, Buffer.alloc(size)) === size);
      } catch {
        // No room for a piece of this size.
      }
    }
    closeSync(fd);
  }

  function makeRoom(): void {
    rmSync(path.join(disk, 'filler'));
  }

  it('stops no protection, is named, and loses no line', async () => {
    const { live, programs } = held;
    fillUp();
    expect(new Set(await manyStartsOf(programs.forbidden, TIMES))).toEqual(new Set(['EPERM']));
    expect(await startOf(programs.allowed)).toBe(0);
    const full = await live.until(({ reasons }) => reasons.some(({ code }) => code === 'store'), 5_000);
    expect(full.reasons.find(({ code }) => code === 'store')?.message).toMatch(/history\.db.*(full|space)/i);
    expect((await live.call('doctor', {})).findings.some(({ level, message }) => level === 'problem' && message.includes('history.db'))).toBe(true);
    // What waits for the disk is shown as any other line.
    expect((await live.historyWith((entries) => entries.length >= TIMES)).map(({ action }) => action)).toEqual(Array.from({ length: TIMES }, () => 'prevented'));
    makeRoom();
    await live.until(({ reasons }) => !reasons.some(({ code }) => code === 'store'), 5_000);
    await manyStartsOf(programs.forbidden, 3);
    await live.historyWith((entries) => entries.length >= TIMES + 3);
    const { engine, sentinel } = await live.status();
    expect([engine.restarts, sentinel.restarts]).toEqual([0, 0]);
    await live.end();
    held.live = await LiveHoldfast.start({ after: live });
    expect((await held.live.history()).map(({ action }) => action)).toEqual(Array.from({ length: TIMES + 3 }, () => 'prevented'));
  });

  it('refuses a change that can not be kept, in words, and leaves what was', async () => {
    const { live, programs } = held;
    fillUp();
    const client = await live.client();
    const answer = await client.call('rulesSet', { rule: 'backup-destruction', mode: 'off' });
    client.close();
    expect(answer.ok ? '' : answer.error.message).toMatch(/full|space/i);
    expect(await startOf(programs.forbidden)).toBe('EPERM');
    makeRoom();
    await live.call('rulesSet', { rule: 'backup-destruction', mode: 'off' });
    expect(await startOf(programs.forbidden)).toBe(0);
    expect(JSON.parse(readFileSync(path.join(live.dataDir, 'settings.json'), 'utf8'))).toHaveProperty('rules');
  });

  it('does not keep Holdfast from starting again, by the rules it had', async () => {
    const { live, programs } = held;
    await startOf(programs.forbidden);
    await live.historyWith((entries) => entries.length === 1);
    await live.end();
    fillUp();
    held.live = await LiveHoldfast.start({ after: live });
    await held.live.until(isProtecting);
    expect(await startOf(programs.forbidden)).toBe('EPERM');
    makeRoom();
    expect(await startOf(programs.forbidden)).toBe('EPERM');
    expect((await held.live.historyWith((entries) => entries.length >= 3)).length).toBe(3);
  });
});
