/** What an account without rights can do with a running Holdfast: see that it protects, and nothing more. */
import { spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CALLS } from '../../../shared/control/calls.ts';
import { callAsNobody, nodeAsNobody, NOBODY, tryAsNobody } from '../../support/linux/as-nobody.ts';
import { DecisionStage, REFUSED, RESCUE } from '../../support/linux/decision-stage.ts';
import { run } from '../../support/linux/live-holdfast.ts';
import { describeNeeds } from '../../support/requirement.ts';

const root = path.join(import.meta.dirname, '../../..');

/** Opens connections and never closes one by itself; some it breaks off at once. Tells how many were left to it. */
const CROWD = `
const net = require('node:net');
let open = 0;
for (let count = 0; count < 300; count += 1) {
  const socket = net.connect({ path: process.argv[1], allowHalfOpen: true });
  socket.on('connect', () => { open += 1; if (count % 5 === 4) socket.destroy(); });
  socket.on('close', () => { open -= 1; });
  socket.on('error', () => undefined);
}
setTimeout(() => { process.stdout.write(String(open)); process.exit(); }, 2500);`;
/** Writes without ever ending a line or reading an answer. */
const FLOOD = `
const socket = require('node:net').connect(process.argv[1]);
socket.on('error', () => undefined);
socket.on('close', () => { process.stdout.write('cut off'); process.exit(); });
const block = Buffer.alloc(65536, 120);
(function more() { while (!socket.destroyed && socket.write(block)); if (!socket.destroyed) socket.once('drain', more); })();
setTimeout(() => { process.stdout.write('never cut off'); process.exit(); }, 8000);`;

describeNeeds(['linux', 'root', 'exec-gate', 'process-news', 'mounts', 'c-compiler'], 'an account without rights', () => {
  let stage: DecisionStage;
  let socket: string;
  let dataDir: string;
  beforeAll(async () => {
    stage = await DecisionStage.open({ [RESCUE]: 'block' });
    dataDir = stage.live.dataDir;
    socket = stage.live.paths.controlSocket;
    // With a data folder of its own the socket lies below it. As installed it lies in /run, where everybody may enter.
    chmodSync(dataDir, 0o711);
    expect(await run(stage.starter(), ['spawn', stage.tool(), 'telinit', '1', 'secret-word'])).toBe(REFUSED);
    await stage.live.historyWith((entries) => entries.length > 0);
  });
  afterAll(() => stage.close());

  it('reads the status and that something was prevented, not what others typed or where their files lie', async () => {
    const [status, history, rules, doctor] = await callAsNobody(socket, [{ call: 'status', input: {} }, { call: 'history', input: {} }, { call: 'rulesList', input: {} }, { call: 'doctor', input: {} }]);
    for (const answer of [status, history, rules, doctor]) expect(answer).toMatchObject({ ok: true });
    expect(status?.output).toMatchObject({ state: 'protected' });
    expect(history?.output).toMatchObject({ entries: [{ action: 'prevented', process: { commandLine: '(of another account)', image: '(of another account)' } }] });
    const text = JSON.stringify(history);
    for (const hidden of ['secret-word', stage.live.scope.path, 'telinit 1']) expect(text).not.toContain(hidden);
  });

  it('sees its own entries whole', async () => {
    const tool = stage.tool();
    await nodeAsNobody('require("node:child_process").spawnSync(process.argv[1], ["1", "own-word"])', tool);
    await stage.entriesOf(tool);
    const [history] = await callAsNobody(socket, [{ call: 'history', input: {} }]);
    expect(JSON.stringify(history)).toContain(`${tool} 1 own-word`);
    expect(JSON.stringify(history)).not.toContain('secret-word');
  });

  it('changes nothing: every call that changes something is refused before its input is looked at', async () => {
    const changing = Object.entries(CALLS).filter(([, { right }]) => right === 'change').map(([call]) => ({ call, input: {} }));
    expect(changing.length).toBeGreaterThan(8);
    const answers = await callAsNobody(socket, changing);
    expect(answers.map((answer) => answer?.error?.code)).toEqual(changing.map(() => 'no-right'));
    expect((await stage.live.status()).state).toBe('protected');
  });

  it('gets nowhere with names that are no calls', async () => {
    const answers = await callAsNobody(socket, ['constructor', '__proto__', 'toString', 'Status', ''].map((call) => ({ call, input: {} })));
    expect(answers.map((answer) => answer?.ok)).toEqual([false, false, false, false, false]);
  });

  it('can neither read nor change settings, store, rules in force, denials or the private socket, nor add a file', async () => {
    const { paths } = stage.live;
    const files = [dataDir, paths.runDir, paths.privateRunDir].flatMap((folder) => readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile() && !entry.name.startsWith('compiled-')).map(({ name }) => path.join(folder, name)));
    expect(files.some((file) => file.includes('denials-')) && files.some((file) => file.includes('history.db')) && files.includes(paths.snapshotFile)).toBe(true);
    const attempts: [string, string][] = [];
    for (const file of files) attempts.push(['read', file], ['write', file], ['remove', file]);
    attempts.push(['list', paths.privateRunDir], ['make', path.join(dataDir, 'new')], ['make', path.join(paths.runDir, 'new')], ['make', path.join(paths.privateRunDir, 'new')], ['remove', socket]);
    const outcome = await tryAsNobody(attempts);
    for (const [attempt, result] of Object.entries(outcome)) expect(result, attempt).toMatch(/^(EACCES|EPERM)$/);
    const [answer] = await callAsNobody(paths.sentinelSocket, [{ call: 'x', input: {} }]);
    expect(answer?.error?.code).toBe('EACCES');
  });

  it('can not end, stop or trace its processes', async () => {
    const { engine, sentinel } = await stage.live.status();
    const pids = [engine.pid, sentinel.pid ?? -1, stage.live.owner.pid ?? -1];
    const outcome = await tryAsNobody(pids.flatMap((pid) => [['SIGKILL', String(pid)], ['SIGSTOP', String(pid)], ['read', `/proc/${pid}/mem`], ['read', `/proc/${pid}/environ`], ['list', `/proc/${pid}/fd`]] as const));
    for (const [attempt, result] of Object.entries(outcome)) expect(result, attempt).toMatch(/^(EACCES|EPERM)$/);
  });

  it('can not take the connections of others, nor the memory', async () => {
    const { engine } = await stage.live.status();
    expect(await Promise.all([nodeAsNobody(FLOOD, socket), nodeAsNobody(FLOOD, socket)])).toEqual(['cut off', 'cut off']);
    const crowd = nodeAsNobody(CROWD, socket);
    const flood = nodeAsNobody(FLOOD, socket);
    await new Promise((resolve) => setTimeout(resolve, 500));
    for (let round = 0; round < 20; round += 1) {
      const begin = performance.now();
      expect((await stage.live.status()).state).toBe('protected');
      expect(performance.now() - begin).toBeLessThan(1_000);
    }
    expect(Number(await crowd)).toBeGreaterThan(0);
    expect(await flood).toBe('cut off');
    expect((await stage.live.status()).engine).toEqual(engine);
  }, 30_000);

  describe('that prepared the data folder', () => {
    async function refusal(prepare: (folder: string) => string): Promise<string> {
      const base = mkdtempSync(path.join(os.tmpdir(), 'holdfast-prepared-'));
      try {
        return await startIn(prepare(base));
      } finally {
        rmSync(base, { recursive: true, force: true });
      }
    }

    function startIn(folder: string): Promise<string> {
      return new Promise((resolve) => {
        const args = [path.join(root, 'dist/host/node-main.js'), '--scope', stage.live.scope.path, '--data-dir', folder];
        const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: 15_000 });
        let text = '';
        for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => { text += String(data); });
        child.once('close', (code) => resolve(`${text} [${code}]`));
      });
    }

    it('as a link to another folder is refused', async () => {
      const text = await refusal((base) => {
        mkdirSync(path.join(base, 'target'));
        symlinkSync(path.join(base, 'target'), path.join(base, 'data'));
        return path.join(base, 'data');
      });
      expect(text).toMatch(/links are not followed[\s\S]*\[[1-9]/);
    }, 20_000);

    it('and still owns it is refused', async () => {
      const text = await refusal((base) => {
        const folder = path.join(base, 'data');
        mkdirSync(folder);
        chownSync(folder, NOBODY, NOBODY);
        return folder;
      });
      expect(text).toMatch(/belongs to another account[\s\S]*\[[1-9]/);
    }, 20_000);
  });
});
