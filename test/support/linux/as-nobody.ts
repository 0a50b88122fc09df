/** Does things as an account without any rights, in a process of its own: calls to the control socket, and opening files. */
import { spawn } from 'node:child_process';

export const NOBODY = 65_534;

/** Errors as their code or message; else what came back. */
export interface Answer {
  readonly ok: boolean;
  readonly output?: unknown;
  readonly error?: { readonly code: string; readonly message: string };
}

const CALL = `
const [path, requests] = [process.argv[1], JSON.parse(process.argv[2])];
const socket = require('node:net').connect(path);
const answers = {};
let text = '';
socket.on('error', (error) => { answers[0] = { ok: false, error: { code: error.code, message: error.message } }; });
socket.on('data', (data) => {
  text += data;
  for (let end = text.indexOf('\\n'); end !== -1; end = text.indexOf('\\n')) {
    const answer = JSON.parse(text.slice(0, end));
    text = text.slice(end + 1);
    answers[answer.id] = answer;
    next();
  }
});
socket.on('close', () => process.stdout.write(JSON.stringify(answers)));
let id = 0;
function next() {
  if (id === requests.length) return socket.end();
  id += 1;
  socket.write(JSON.stringify({ id, ...requests[id - 1] }) + '\\n');
}
socket.on('connect', next);`;

const TRY = `
const fs = require('node:fs');
const result = {};
for (const [how, path] of JSON.parse(process.argv[1])) {
  try {
    if (how === 'read') fs.closeSync(fs.openSync(path, 'r'));
    else if (how === 'write') fs.closeSync(fs.openSync(path, 'r+'));
    else if (how === 'list') fs.readdirSync(path);
    else if (how === 'make') fs.writeFileSync(path, 'x', { flag: 'wx' });
    else if (how === 'remove') fs.unlinkSync(path);
    else process.kill(Number(path), how);
    result[how + ' ' + path] = 'done';
  } catch (error) { result[how + ' ' + path] = error.code; }
}
process.stdout.write(JSON.stringify(result));`;

/** Answers of one connection, in the order of the requests. One that was cut off or never answered is missing. */
export async function callAsNobody(socket: string, requests: readonly { readonly call: string; readonly input: unknown }[]): Promise<readonly (Answer | undefined)[]> {
  const answers = JSON.parse(await nodeAsNobody(CALL, socket, JSON.stringify(requests))) as Record<number, Answer>;
  return requests.map((_, index) => answers[index + 1] ?? answers[0]);
}

export async function tryAsNobody(attempts: readonly (readonly [how: string, path: string])[]): Promise<Readonly<Record<string, string>>> {
  return JSON.parse(await nodeAsNobody(TRY, JSON.stringify(attempts))) as Record<string, string>;
}

export function nodeAsNobody(code: string, ...args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['-e', code, ...args], { uid: NOBODY, gid: NOBODY, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'], timeout: 20_000, killSignal: 'SIGKILL' });
    let [out, errors] = ['', ''];
    child.stdout.on('data', (data) => { out += String(data); });
    child.stderr.on('data', (data) => { errors += String(data); });
    child.once('error', reject);
    child.once('close', () => (errors === '' ? resolve(out) : reject(new Error(errors))));
  });
}
