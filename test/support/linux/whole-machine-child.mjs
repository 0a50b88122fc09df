/**
 * Runs as the first process of namespaces of its own, whose root is a throw-away tree: starts Holdfast without a scope, as installed,
 * and tells what it does, as one JSON object. Plain JavaScript, because nothing but the tree is there.
 *
 * Nothing is switched on before it is certain that the machine's own root file system is out of reach of every mark.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import koffi from 'koffi';

const [realRoot = ''] = process.argv.slice(2);
const SOCKET = '/run/holdfast/control.sock';
const libc = koffi.load(null);
const mount = libc.func('mount', 'int', ['str', 'str', 'str', 'ulong', 'str']);
const devices = fs.readFileSync('/proc/self/mountinfo', 'utf8').trim().split('\n').map((line) => line.split(' ')[2]);
if (realRoot === '' || devices.includes(realRoot)) {
  process.stdout.write(JSON.stringify({ unsafe: devices }));
  process.exit(3);
}

/** @param {string} call @param {object} input @returns {Promise<any>} */
function ask(call, input = {}) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(SOCKET);
    let text = '';
    socket.on('connect', () => socket.write(`${JSON.stringify({ id: 1, call, input })}\n`));
    socket.on('data', (data) => {
      text += String(data);
      if (!text.endsWith('\n')) return;
      socket.destroy();
      const answer = JSON.parse(text);
      if (answer.ok) resolve(answer.output);
      else reject(new Error(answer.error.message));
    });
    socket.on('error', reject);
  });
}

/** @param {(status: any) => boolean} wanted */
async function until(wanted) {
  for (let tries = 0; tries < 400; tries += 1) {
    const status = await ask('status').catch(() => null);
    if (status !== null && wanted(status)) return status;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`not reached: ${JSON.stringify(await ask('status').catch(String))} ${said}`);
}

/** @param {string} file @param {string[]} args @returns {Promise<string | number | null>} */
function run(file, args) {
  return new Promise((resolve) => {
    try {
      const child = spawn(file, args, { stdio: 'ignore' });
      child.once('error', (error) => resolve('code' in error ? String(error.code) : error.message));
      child.once('exit', (code, signal) => resolve(code ?? signal));
    } catch (error) {
      // Some refusals come as an exception.
      resolve(error instanceof Error && 'code' in error ? String(error.code) : String(error));
    }
  });
}

/** What an account without rights can open. */
const PRY = `
const result = {};
for (const path of process.argv.slice(1)) {
  try { require('node:fs').readdirSync(path); result[path] = 'open'; } catch (error) { result[path] = error.code; }
}
require('node:fs').writeFileSync(1, JSON.stringify(result));`;

/** @returns {Promise<Record<string, string>>} */
function pry(...paths) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['-e', PRY, ...paths], { uid: 65_534, gid: 65_534, cwd: '/', stdio: ['ignore', 'pipe', 'inherit'] });
    child.once('error', reject);
    child.stdout.once('data', (data) => resolve(JSON.parse(String(data))));
  });
}

let said = '';
const holdfast = spawn(process.execPath, ['/app/dist/host/node-main.js'], { stdio: ['ignore', 'pipe', 'pipe'] });
for (const stream of [holdfast.stdout, holdfast.stderr]) stream.on('data', (data) => { said += String(data); });
const isMarked = (/** @type {any} */ status, /** @type {string} */ place) => status.coverage.some((/** @type {any} */ entry) => entry.mount === place && entry.prevent);

await until((status) => status.state !== 'starting' && status.sentinel.pid !== null);
const before = await run('/tools/telinit', ['1']);
await ask('rulesSet', { rule: 'rescue-mode-reboot', mode: 'block' });
const status = await until((now) => isMarked(now, '/'));
const harmless = await run('/tools/telinit', ['3']);
const forbidden = await run('/tools/telinit', ['1']);
fs.mkdirSync('/new');
mount('holdfast-test', '/new', 'tmpfs', 0, 'mode=0755,size=8m');
fs.copyFileSync('/tools/telinit', '/new/telinit');
fs.chmodSync('/new/telinit', 0o755);
await until((now) => isMarked(now, '/new'));
const onNewMount = await run('/new/telinit', ['1']);
const prying = await pry('/var/lib/holdfast', '/run/holdfast', '/run/holdfast/private');
await new Promise((resolve) => setTimeout(resolve, 300));
const { entries } = await ask('history', { limit: 100 });
process.stdout.write(JSON.stringify({ before, harmless, forbidden, onNewMount, prying, scope: status.scope, coverage: status.coverage, entries: entries.map((/** @type {any} */ entry) => [entry.action, entry.process.image]) }));
await ask('stop').catch(() => undefined);
process.exit(0);
