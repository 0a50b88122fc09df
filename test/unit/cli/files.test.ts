import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removableMedia } from '../../../electron/cli/removable-media.ts';
import { lines, runCli } from './run-cli.ts';

const shipped = path.join(import.meta.dirname, '../../../resources/rules');
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'files-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('rules check', () => {
  it('has nothing to say against what is shipped: all of it, one folder, one file, the presets', async () => {
    for (const target of ['.', 'asr', 'asr/office-children.yml', 'presets.yml']) expect(await runCli(['rules', 'check', path.join(shipped, target)])).toMatchObject({ exit: 0, err: '' });
  });

  it('names file, line, column and reason of everything that is wrong', async () => {
    cpSync(shipped, path.join(folder, 'rules'), { recursive: true });
    const office = path.join(folder, 'rules/asr/office-children.yml');
    const mail = path.join(folder, 'rules/asr/mail-executables.yml');
    writeFileSync(office, readFileSync(office, 'utf8').replace(/^modes:.*$/m, 'modes: [blok]'));
    writeFileSync(mail, 'id: [');
    const ran = await runCli(['rules', 'check', path.join(folder, 'rules'), '--json']);
    expect(ran.exit).toBe(1);
    const [{ refused }] = lines(ran.out) as [{ refused: { message: string }[] }];
    expect(refused.map(({ message }) => message)).toEqual([expect.stringMatching(/mail-executables\.yml:\d+:\d+: /), expect.stringMatching(/office-children\.yml:\d+:\d+: .*blok|office-children\.yml:\d+:\d+: modes/)]);
    expect((await runCli(['rules', 'check', office])).out.replaceAll('\n', '')).toMatch(/office-children\.yml:\d+:\d+:/);
  });

  it('shows a hostile file without letting it act', async () => {
    const file = path.join(folder, 'x.yml');
    writeFileSync(file, '"\x1b[2J": 1\n');
    const ran = await runCli(['rules', 'check', file]);
    expect(ran.exit).toBe(1);
    expect(ran.out).not.toContain('\x1b');
  });

  it('says when there is nothing to check', async () => {
    expect(await runCli(['rules', 'check', folder])).toMatchObject({ exit: 1, out: '' });
    expect((await runCli(['rules', 'check', path.join(folder, 'none')])).err).toContain('can not be read');
  });
});

describe('removable media', () => {
  it('are what is mounted where sticks are, with the right to write', () => {
    const table = path.join(folder, 'mountinfo');
    const row = (id: number, mountPoint: string, fsType: string): string => `${id} 1 8:${id} / ${mountPoint} rw - ${fsType} /dev/x rw\n`;
    writeFileSync(table, `1 0 8:1 / / rw - ext4 /dev/x rw\n${row(2, '/media/somebody/stick', 'vfat')}${row(3, folder, 'ext4')}`);
    expect(removableMedia(table, () => true)).toEqual(['/media/somebody/stick']);
    // It is not there, so nobody may write on it.
    expect(removableMedia(table)).toEqual([]);
  });
});
