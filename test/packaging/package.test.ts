/** A real package from electron-builder.yml on the runtime that is here: what is inside, and which fuses are set. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { extractFile, listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import type * as builder from 'electron-builder';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectControl } from '../../electron/host/control-client.ts';
import { controlSocketFor } from '../../electron/host/engine-address.ts';
import { importOneRule } from '../support/import-rule.ts';
import { describeNeeds } from '../support/requirement.ts';
import { until } from '../support/running-holdfast.ts';

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
    chmodSync(output, 0o755);
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
    for (const entry of ['/dist/main/main.cjs', '/dist/host/engine-child.js', '/dist/host/sentinel-child.js', '/dist/host/rules-thread.js', '/dist/rules/own.hfpack', '/dist/rules/own-privileged.index', '/dist/rules/own-ordinary.index', '/dist/cli/holdfast.js', '/dist/preload/preload.cjs', '/dist/renderer/index.html', '/package.json']) expect(names).toContain(entry);
  });

  it('holds all that the page asks for, and the page has no word for anything outside', () => {
    const html = extractFile(path.join(app, 'resources', 'app.asar'), 'dist/renderer/index.html').toString('utf8');
    const asked = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, name = '']) => name);
    expect(asked.some((name) => name.endsWith('.js'))).toBe(true);
    for (const name of asked) expect(names).toContain(path.posix.join('/dist/renderer', name));
    expect(html).toContain('content="__CSP_NONCE__"');
  });

  it('brings the icons of tray and window, and what polkit has to know', () => {
    const icons = readdirSync(path.join(app, 'resources', 'holdfast', 'icons'));
    for (const state of ['protected', 'partlyProtected', 'watchingOnly', 'paused', 'starting', 'failed', 'notConnected']) expect(icons).toContain(`tray-${state}.png`);
    expect(readdirSync(path.join(app, 'resources', 'holdfast', 'polkit'))).toContain('org.holdfast.policy');
  });

  it('holds no source, test, map or development package', () => {
    const foreign = names.filter((name) => /^\/(electron|renderer|shared|test|scripts|build|bench)\b|gallery|\.map$|^\/node_modules\/(electron|vite|vitest|eslint|typescript|zod|yaml)(\/|$)/.test(name));
    expect(foreign).toEqual([]);
  });

  it('holds what threads of their own load the C library by', () => {
    expect(names).toContain('/node_modules/koffi/index.cjs');
    expect(names).toContain('/node_modules/koffi/src/koffi/index.cjs');
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

  // As an ordinary account: an installed Holdfast with rights watches the whole machine, which is no place for a test.
  const ordinary: { readonly uid?: number; readonly gid?: number } = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const headless = ['--no-sandbox', '--no-zygote', '--ozone-platform=headless', '--log-level=3', '--'];

  it('starts, and finds its native libraries, its rules and the thread that reads them', async () => {
    const home = mkdtempSync(path.join(os.tmpdir(), 'holdfast-packaged-'));
    chmodSync(home, 0o1777);
    const program = spawn(path.join(app, 'holdfast'), [...headless, '--owned', '--data-dir', path.join(home, 'data')], { ...ordinary, env: { PATH: '/usr/bin:/bin', HOME: home }, stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    program.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    program.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    try {
      // The lines may come in more than one piece.
      await until(() => /^Holdfast: watching only$/m.test(output) && output.includes('  holdfast rules preset standard'), 15_000, () => `it said: ${output}`);
      // The thread that reads packs runs from inside the archive.
      await importInto(path.join(home, 'data'));
      expect(output).not.toContain('rule packs');
      program.stdin.end();
      await until(() => program.exitCode !== null || program.signalCode !== null, 10_000, () => `it did not end: ${output}`);
      expect(program.exitCode).toBe(0);
    } finally {
      program.kill('SIGKILL');
      rmSync(home, { recursive: true, force: true });
    }
  });

  async function importInto(dataDir: string): Promise<void> {
    const { uid = process.getuid?.() ?? -1, gid = process.getgid?.() ?? -1 } = ordinary;
    const socket = controlSocketFor({ dataDir, instance: 'default', uid, env: {}, homeDir: path.dirname(dataDir) });
    const client = socket.ok ? await connectControl({ socketPath: socket.value, uid, gid, timeoutMs: 30_000 }) : socket;
    if (!client.ok) throw new Error(client.error.message);
    await importOneRule(client.value);
    client.value.close();
  }

  it('refuses --scope, which would take protection away', () => {
    const run = spawnSync(path.join(app, 'holdfast'), [...headless, '--scope', '/somewhere'], { ...ordinary, encoding: 'utf8', timeout: 20_000 });
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(/--scope is for tests of a clone/);
  });
});
