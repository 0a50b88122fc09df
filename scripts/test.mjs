/**
 * `npm test [-- --project NAME] [-- filter]`: sets up what start would, runs the tests, and says what stayed out and why.
 * A test that stays out although this machine has what it needs is a failure.
 */
import { readdirSync, rmSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { nameOthers } from './lib/others.mjs';
import { paths, root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { say } from './lib/say.mjs';
import { readState } from './lib/state-file.mjs';
import { describe, setUp } from './set-up.mjs';
import { ensureTestPackages } from './steps/test-packages.mjs';
import { dishonestSkips, forgottenFiles, readReport } from './test-report.mjs';

/** The whole run, so that a hanging test can not hang whoever waits for the answer. */
const TIMEOUT_MS = 25 * 60_000;
const reportFile = join(paths.setup, `test-report-${String(process.pid)}.json`);

process.stdout.write(`${nameOthers()}\n`);
try {
  const runtime = await setUp();
  say(describe(runtime));
  await ensureTestPackages();
  process.exitCode = await runTests(runtime, process.argv.slice(2));
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.stdout.write('0 passed, 1 failed, 0 skipped\n');
  process.exitCode = 1;
} finally {
  rmSync(reportFile, { force: true });
}

/**
 * @param {import('./set-up.mjs').Runtime} runtime
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
async function runTests(runtime, args) {
  const env = { ...process.env };
  delete env['ELECTRON_RUN_AS_NODE'];
  delete env['NODE_OPTIONS'];
  if (runtime.kind === 'electron') env['HOLDFAST_TEST_ELECTRON'] = runtime.executable;
  else env['HOLDFAST_TEST_NO_ELECTRON'] = runtime.reason;
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const result = await run(process.execPath, [vitest, 'run', ...reporters, ...args], { cwd: root, env, show: true, timeoutMs: TIMEOUT_MS });
  return tell(result, readReport(readState(reportFile), root), args.length === 0);
}

/**
 * @param {import('./lib/run.mjs').RunResult} result
 * @param {import('./test-report.mjs').Report} report
 * @param {boolean} whole no filter was given
 * @returns {Promise<number>}
 */
async function tell(result, report, whole) {
  const { probes } = await import('../test/support/probes.mjs');
  /** @type {string[]} */
  const complaints = dishonestSkips(report.skipped, probes);
  if (whole) complaints.push(...forgottenFiles(testFiles(), report.files));
  if (result.timedOut) complaints.push(`the tests were ended after ${String(TIMEOUT_MS / 60_000)} minutes`);
  // Vitest also fails on errors outside any test.
  if (!result.ok && !result.timedOut && report.failed === 0) complaints.push(`vitest ended with code ${String(result.code)}`);
  if (report.passed + report.failed + report.skipped.length === 0) complaints.push('no test ran');
  for (const { name, failure } of report.secondTry) process.stdout.write(`passed only when tried again: ${name}: ${failure}\n`);
  for (const skip of report.skipped) process.stdout.write(`skipped: ${skip.name}: ${skip.missing?.reason ?? 'no reason given'}\n`);
  for (const complaint of complaints) process.stdout.write(`failed: ${complaint}\n`);
  const failed = report.failed + complaints.length;
  process.stdout.write(`${String(report.passed)} passed, ${String(failed)} failed, ${String(report.skipped.length)} skipped\n`);
  return failed === 0 ? 0 : 1;
}

function testFiles() {
  return readdirSync(join(root, 'test'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.test\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
}
