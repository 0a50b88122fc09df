/** Files that are damaged when Holdfast starts: each is named, and what was good stays in force. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { exitOf } from '../../support/linux/exec-plan.ts';
import { LiveHoldfast } from '../../support/linux/live-holdfast.ts';
import { isProtecting, startOf, startProtected, type Protected } from '../../support/linux/protected-holdfast.ts';
import { describeNeeds } from '../../support/requirement.ts';

const root = path.join(import.meta.dirname, '../../..');

describeNeeds(['linux', 'root', 'exec-gate', 'process-news', 'mounts'], 'damaged files at the start', () => {
  let held: Protected;
  beforeEach(async () => {
    held = await startProtected();
    expect(await startOf(held.programs.forbidden)).toBe('EPERM');
    await held.live.historyWith((entries) => entries.length === 1);
    await held.live.end();
  });
  afterEach(async () => {
    await held.live.remove();
  });

  async function restart(): Promise<LiveHoldfast> {
    held.live = await LiveHoldfast.start({ after: held.live });
    return held.live;
  }

  function inDataDir(name: string): string {
    return path.join(held.live.dataDir, name);
  }

  it.each([
    ['is no JSON', '{"version": 1, "rules": {'],
    ['holds an unknown word', '{"version": 1, "fial": "closed"}'],
    ['is empty', ''],
  ])('settings whose file %s: named, set aside, and the last good ones in force', async (_what, text) => {
    const before = readFileSync(inDataDir('settings.json'), 'utf8');
    writeFileSync(inDataDir('settings.json'), text);
    const live = await restart();
    const status = await live.until(isProtecting);
    const problem = status.reasons.find(({ code }) => code === 'settings')?.message ?? '';
    expect(problem).toContain('settings.json could not be used');
    expect(problem).toContain('The last good settings are used.');
    const aside = readdirSync(live.dataDir).find((name) => name.startsWith('settings.json.') || (name.startsWith('settings') && !['settings.json', 'settings.last-good.json'].includes(name)));
    expect(problem).toContain(aside);
    expect(readFileSync(inDataDir(aside ?? ''), 'utf8')).toBe(text);
    expect((JSON.parse(readFileSync(inDataDir('settings.json'), 'utf8')) as { rules: unknown }).rules).toEqual((JSON.parse(before) as { rules: unknown }).rules);
    expect(await startOf(held.programs.forbidden)).toBe('EPERM');
    expect((await live.call('doctor', {})).findings.map(({ message }) => message).join()).toContain('settings.json could not be used');
  });

  it.each([
    ['its beginning', (file: Buffer): Buffer => Buffer.concat([Buffer.from('no database at all'), file.subarray(18)])],
    ['a page within', (file: Buffer): Buffer => Buffer.concat([file.subarray(0, 4_096), Buffer.alloc(4_096, 0xaa), file.subarray(8_192)])],
    ['everything', (): Buffer => Buffer.alloc(10_000, 0x42)],
  ])('a history store damaged in %s: set aside, named, and a new one begun', async (_what, damage) => {
    const damaged = damage(readFileSync(inDataDir('history.db')));
    writeFileSync(inDataDir('history.db'), damaged);
    for (const companion of ['history.db-wal', 'history.db-shm']) rmSync(inDataDir(companion), { force: true });
    const live = await restart();
    const { reasons } = await live.until(isProtecting);
    const problem = reasons.find(({ code }) => code === 'set-aside')?.message ?? '';
    const aside = readdirSync(live.dataDir).find((name) => problem.includes(name) && name !== 'history.db');
    expect(readFileSync(inDataDir(aside ?? 'nothing was set aside'))).toEqual(damaged);
    expect(await live.history()).toEqual([]);
    expect(await startOf(held.programs.forbidden)).toBe('EPERM');
    expect((await live.historyWith((entries) => entries.length === 1)).length).toBe(1);
  });

  it('a last policy that is damaged: a new one is made of the settings', async () => {
    writeFileSync(held.live.paths.snapshotFile, '{"version":1,"generation":');
    const live = await restart();
    await live.until(isProtecting);
    expect(await startOf(held.programs.forbidden)).toBe('EPERM');
  });

  it('notes of this boot that are damaged: named in the log, and nothing else comes of it', async () => {
    writeFileSync(path.join(held.live.paths.privateRunDir, 'alive.json'), 'null and void');
    writeFileSync(path.join(held.live.paths.privateRunDir, 'stops.jsonl'), '{"begun":{"id":7}}\n{{{\n');
    writeFileSync(path.join(held.live.paths.privateRunDir, 'denials-gone.jsonl'), '\0\0\0{"kind":"start"\n');
    const live = await restart();
    await live.until(isProtecting);
    expect(live.output).toContain('the alive mark could not be read');
    expect((await live.history()).length).toBe(1);
  });

  it('a rule file: refused with file, line, column and reason, and Holdfast does not start without it', async () => {
    const copy = mkdtempSync(path.join(os.tmpdir(), 'holdfast-resources-'));
    try {
      cpSync(path.join(root, 'dist'), path.join(copy, 'dist'), { recursive: true });
      cpSync(path.join(root, 'resources'), path.join(copy, 'resources'), { recursive: true });
      symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
      writeFileSync(path.join(copy, 'package.json'), readFileSync(path.join(root, 'package.json')));
      const file = path.join(copy, 'resources/rules/asr/remote-execution.yml');
      const text = readFileSync(file, 'utf8');
      const broken = text.replace(/condition: .*/, 'condition: selection and (never_defined');
      expect(broken).not.toBe(text);
      writeFileSync(file, broken);
      const line = broken.split('\n').findIndex((each) => each.includes('never_defined')) + 1;
      const owner = spawn(process.execPath, [path.join(copy, 'dist/host/node-main.js'), '--scope', held.live.scope.path, '--data-dir', held.live.dataDir], { stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      for (const stream of [owner.stdout, owner.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
      const killer = setTimeout(() => owner.kill('SIGKILL'), 20_000);
      const { code } = await exitOf(owner);
      clearTimeout(killer);
      expect(said).toMatch(new RegExp(`remote-execution\\.yml:${line}:\\d+: .+`));
      expect(code).not.toBe(0);
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
    // The book that is installed is whole: what was in force is in force again.
    await (await restart()).until(isProtecting);
    expect(await startOf(held.programs.forbidden)).toBe('EPERM');
  });
});
