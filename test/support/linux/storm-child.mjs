/**
 * Starts programs without a break, in a process of its own, and says of each start how long it took and how it went. Started by start-storm.ts;
 * ends when its standard input does.
 *
 * Lines: `<kind> <monotonic ms at the beginning> <ms until the kernel answered> <outcome> <pid>`. The outcome is the error of a refused start, else
 * `ran`; a program that stays says `ended` with how, once more. One that is still there at the end is killed and called `left`.
 */
import { spawn } from 'node:child_process';

/** @type {{ programs: { kind: string, path: string, args: string[], stays: boolean }[], pauseMs: number }} */
const plan = JSON.parse(process.argv[2] ?? '');
/** @type {Set<import('node:child_process').ChildProcess>} */
const staying = new Set();
let over = false;

const now = () => Number(process.hrtime.bigint()) / 1e6;

/** @param {string} kind @param {number} at @param {number} ms @param {string} outcome @param {number} pid */
function tell(kind, at, ms, outcome, pid) {
  process.stdout.write(`${kind} ${at.toFixed(1)} ${ms.toFixed(1)} ${outcome} ${pid}\n`);
}

/** @param {import('node:child_process').ChildProcess} child @param {string} kind */
function watch(child, kind) {
  staying.add(child);
  child.once('exit', (code, signal) => {
    staying.delete(child);
    tell(`${kind}-ended`, now(), 0, over ? 'left' : (signal ?? String(code)), child.pid ?? 0);
  });
}

/** `spawn` returns when the kernel has answered. @param {{ kind: string, path: string, args: string[], stays: boolean }} program */
async function start({ kind, path, args, stays }) {
  const at = now();
  try {
    const child = spawn(path, args, { stdio: 'ignore' });
    const ms = now() - at;
    const failed = new Promise((resolve) => child.once('error', resolve));
    const ended = new Promise((resolve) => child.once('exit', () => resolve(null)));
    if (child.pid === undefined) {
      tell(kind, at, ms, /** @type {any} */ (await failed).code, 0);
      return;
    }
    tell(kind, at, ms, 'ran', child.pid);
    if (stays) watch(child, kind);
    else await ended;
  } catch (error) {
    // Some errors of a start are thrown, others told.
    tell(kind, at, now() - at, /** @type {any} */ (error).code, 0);
  }
}

process.stdin.resume();
process.stdin.once('close', () => {
  over = true;
});
while (!over) {
  for (const program of plan.programs) await start(program);
  await new Promise((resolve) => setTimeout(resolve, plan.pauseMs));
}
for (const child of staying) child.kill('SIGKILL');
while (staying.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
process.stdout.write('done\n', () => process.exit(0));
