/** A process below which Holdfast runs is never ended, whatever a rule says of it; history says that it was not and why. */
import { spawn, type ChildProcess } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectControl } from '../../../electron/host/control-client.ts';
import { hostPaths } from '../../../electron/host/paths.ts';
import type { CallInput, CallName, CallOutput } from '../../../shared/control/calls.ts';
import { exitOf } from '../../support/linux/exec-plan.ts';
import { sleepProgram } from '../../support/linux/elf-bytes.ts';
import { PrivateTmpfs } from '../../support/linux/private-tmpfs.ts';
import { describeNeeds } from '../../support/requirement.ts';

const root = path.join(import.meta.dirname, '../../..');
const support = path.join(import.meta.dirname, '../../support/linux');
/** Starts Holdfast, waits for a word, then becomes what is forbidden by a way that can not be prevented. */
const LAUNCHER = 'node=$1 main=$2 scope=$3 data=$4; shift 4; "$node" "$main" --scope "$scope" --data-dir "$data" >/dev/null 2>&1 & read -r word; exec "$@"';

describeNeeds(['linux', 'root', 'exec-gate', 'process-news', 'mounts', 'c-compiler', 'x64'], 'a process below which Holdfast runs', () => {
  let tmpfs: PrivateTmpfs;
  let dataDir: string;
  let launcher: ChildProcess;
  beforeAll(() => {
    tmpfs = new PrivateTmpfs();
    dataDir = mkdtempSync(path.join(os.tmpdir(), 'holdfast-data-'));
    execFileSync('cc', ['-O1', '-static', '-pthread', '-o', tmpfs.at('starter'), path.join(support, 'starter.c')]);
    writeFileSync(tmpfs.at('telinit'), sleepProgram(1_500));
    chmodSync(tmpfs.at('telinit'), 0o755);
    mkdirSync(tmpfs.at('place'));
    const become = [tmpfs.at('starter'), 'private', tmpfs.at('place'), tmpfs.at('telinit'), 'telinit', '1'];
    launcher = spawn('/bin/sh', ['-c', LAUNCHER, 'sh', process.execPath, path.join(root, 'dist/host/node-main.js'), tmpfs.path, dataDir, ...become], { cwd: tmpfs.path, stdio: ['pipe', 'ignore', 'ignore'] });
  });
  afterAll(async () => {
    await call('stop', {}).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    tmpfs.remove();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
    const paths = hostPaths({ privileged: true, dataDir, instance: 'default', env: {}, homeDir: os.homedir(), uid: 0 });
    const client = await connectControl({ socketPath: paths.controlSocket, uid: 0, gid: 0 });
    if (!client.ok) throw new Error(client.error.message);
    const answer = await client.value.call(name, input);
    client.value.close();
    if (!answer.ok) throw new Error(answer.error.message);
    return answer.value;
  }

  it('runs on, and the record says why', async () => {
    await expect.poll(() => call('status', {}).then(({ state, sentinel }) => state !== 'starting' && sentinel.pid !== null, () => false), { timeout: 15_000 }).toBe(true);
    await call('rulesSet', { rule: 'rescue-mode-reboot', mode: 'block' });
    launcher.stdin?.end('go\n');
    expect(await exitOf(launcher)).toEqual({ code: 0, signal: null });
    await expect.poll(() => call('history', { limit: 10 }).then(({ entries }) => entries.length), { timeout: 4_000 }).toBe(1);
    const { entries } = await call('history', { limit: 10 });
    expect(entries[0]).toMatchObject({ action: 'audited', process: { image: path.join(tmpfs.at('place'), 'telinit') } });
    expect(entries[0]?.notes.join(' ')).toContain('It was not stopped: Holdfast runs below it');
  });
});
