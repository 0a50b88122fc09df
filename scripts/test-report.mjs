/** What vitest's JSON report says, and what is wrong with it that vitest does not mind. */
import { relative, sep } from 'node:path';

/**
 * @typedef {{ need: string, reason: string }} Missing
 * @typedef {{ name: string, missing: Missing | null }} Skip
 * @typedef {{ name: string, failure: string }} SecondTry
 * @typedef {{ passed: number, failed: number, skipped: Skip[], files: string[], secondTry: SecondTry[] }} Report
 */

/**
 * @param {any} json vitest's own form
 * @param {string} root
 * @returns {Report}
 */
export function readReport(json, root) {
  /** @type {Report} */
  const report = { passed: 0, failed: 0, skipped: [], files: [], secondTry: [] };
  for (const file of json.testResults ?? []) {
    const path = relative(root, file.name).split(sep).join('/');
    report.files.push(path);
    // A file that could not even be loaded has no test to count.
    if (file.status === 'failed' && file.assertionResults.length === 0) report.failed += 1;
    for (const test of file.assertionResults) {
      // Vitest keeps what a first try said.
      const [failure] = test.failureMessages ?? [];
      if (test.status === 'passed' && failure !== undefined) report.secondTry.push({ name: `${path} > ${test.fullName}`, failure: beginningOf(failure) });
      if (test.status === 'passed') report.passed += 1;
      else if (test.status === 'failed') report.failed += 1;
      else report.skipped.push({ name: `${path} > ${test.fullName}`, missing: test.meta?.missing ?? null });
    }
  }
  return report;
}

/** Room for what a test says of the state it found, and no log of megabytes. */
const MOST_OF_A_FAILURE = 4_000;

/** @param {string} text */
function beginningOf(text) {
  return text.length > MOST_OF_A_FAILURE ? `${text.slice(0, MOST_OF_A_FAILURE)} …` : text;
}

/**
 * @param {readonly Skip[]} skips
 * @param {Readonly<Record<string, () => string | null>>} probes
 * @returns {string[]}
 */
export function dishonestSkips(skips, probes) {
  return skips.flatMap((skip) => {
    if (skip.missing === null) return [`${skip.name} was skipped without naming what it needs`];
    const probe = probes[skip.missing.need];
    if (probe === undefined) return [`${skip.name} was skipped for "${skip.missing.need}", which nobody can check`];
    return probe() === null ? [`${skip.name} was skipped for "${skip.missing.need}", which this machine has`] : [];
  });
}

/**
 * @param {readonly string[]} written
 * @param {readonly string[]} ran
 * @returns {string[]}
 */
export function forgottenFiles(written, ran) {
  return written.filter((file) => !ran.includes(file)).map((file) => `${file} belongs to no test project and never ran`);
}
