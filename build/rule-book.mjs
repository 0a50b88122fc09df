/** The rule book as the engine would read it from the rule files, beside the built program. Its hash is compiled into the program. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from './run-tool.mjs';

const root = join(import.meta.dirname, '..');

/**
 * @param {string} outDir
 * @returns {Promise<string>} SHA-256 of the kept book
 */
export function buildRuleBook(outDir) {
  return runTool(outDir, 'rule-book', 'electron/host/engine/rule-book-at-start.ts', ({ makeKeptBook }, rulesDir) => {
    const made = makeKeptBook(join(root, 'resources'));
    if (!made.ok) throw new Error(made.error.message);
    writeFileSync(join(rulesDir, 'asr-book.json'), made.value.text);
    return made.value.sha256;
  });
}
