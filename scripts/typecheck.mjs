/** Every tsconfig in the root, each in a compiler of its own: what a layer may see is what its file includes. */
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';

const TIMEOUT_MS = 3 * 60_000;
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');

const projects = readdirSync(root).filter((name) => /^tsconfig(\.(?!base)[\w-]+)?\.json$/.test(name));
const waiting = [...projects];
let failed = 0;

async function worker() {
  for (let project = waiting.shift(); project !== undefined; project = waiting.shift()) {
    const result = await run(process.execPath, [compiler, '-p', project, '--noEmit'], { cwd: root, timeoutMs: TIMEOUT_MS });
    if (result.ok) continue;
    failed += 1;
    process.stdout.write(`${project}\n${result.timedOut ? 'took too long' : result.output.trim()}\n`);
  }
}

await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, worker));
process.stdout.write(`${String(projects.length)} layers type-checked, ${String(failed)} with errors\n`);
process.exitCode = failed === 0 ? 0 : 1;
