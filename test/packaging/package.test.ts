/** A real package from electron-builder.yml on the runtime that is here: what is inside, and which fuses are set. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import type * as builder from 'electron-builder';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeNeeds } from '../support/requirement.ts';

const root = path.join(import.meta.dirname, '..', '..');
const require = createRequire(import.meta.url);
/** A fuse is one character in the executable. */
const OFF = '0'.charCodeAt(0);
const ON = '1'.charCodeAt(0);

describeNeeds(['linux', 'electron'], 'an unpacked Linux package', () => {
  let output = '';
  let app = '';
  let names: readonly string[] = [];

  beforeAll(async () => {
    output = mkdtempSync(path.join(os.tmpdir(), 'holdfast-package-'));
    const { build, Platform } = require('electron-builder') as typeof builder;
    const electronDist = path.dirname(process.env['HOLDFAST_TEST_ELECTRON']!);
    await build({
      projectDir: root,
      targets: Platform.LINUX.createTarget('dir'),
      publish: 'never',
      config: { extends: 'electron-builder.yml', electronDist, directories: { output } },
    });
    app = path.join(output, 'linux-unpacked');
    names = listPackage(path.join(app, 'resources', 'app.asar'), { isPack: false });
  }, 180_000);

  afterAll(() => {
    rmSync(output, { recursive: true, force: true });
  });

  it('holds every entry of the program', () => {
    for (const entry of ['/dist/main/main.cjs', '/dist/host/engine-child.js', '/dist/host/sentinel-child.js', '/dist/cli/holdfast.js', '/package.json']) expect(names).toContain(entry);
  });

  it('holds no source, test, map or development package', () => {
    const foreign = names.filter((name) => /^\/(electron|shared|test|scripts|build|bench)\b|\.map$|^\/node_modules\/(electron|vite|vitest|eslint|typescript|zod|yaml)(\/|$)/.test(name));
    expect(foreign).toEqual([]);
  });

  it('has its native libraries outside the archive', () => {
    const unpacked = readdirSync(path.join(app, 'resources', 'app.asar.unpacked'), { recursive: true, encoding: 'utf8' });
    expect(unpacked.some((name) => /koffi.*\.node$/.test(name))).toBe(true);
    expect(unpacked.some((name) => /libsql.*\.node$/.test(name))).toBe(true);
  });

  it('brings the rules where the program looks for them', () => {
    expect(readdirSync(path.join(app, 'resources', 'holdfast'))).toContain('rules');
  });

  it('is fused shut', async () => {
    const wire = await getCurrentFuseWire(path.join(app, 'holdfast'));
    expect({
      runAsNode: wire[FuseV1Options.RunAsNode],
      nodeOptions: wire[FuseV1Options.EnableNodeOptionsEnvironmentVariable],
      inspect: wire[FuseV1Options.EnableNodeCliInspectArguments],
      onlyAsar: wire[FuseV1Options.OnlyLoadAppFromAsar],
      cookies: wire[FuseV1Options.EnableCookieEncryption],
    }).toEqual({ runAsNode: OFF, nodeOptions: OFF, inspect: OFF, onlyAsar: ON, cookies: ON });
  });
});
