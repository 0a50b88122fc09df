/** Reads the rule files of the installed resources. The book is refused or taken as a whole by `engine/asr/rule-book`. */
import fs from 'node:fs';
import path from 'node:path';
import type { RuleBookFile } from '../../engine/asr/rule-book.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';

/** Far above any real rule; a file beyond it is no rule. */
const LARGEST_FILE = 1024 * 1024;

export function readRuleFiles(resourcesDir: string): Result<RuleBookFile[]> {
  const rules = path.join(resourcesDir, 'rules');
  try {
    const asr = path.join(rules, 'asr');
    const names = fs.readdirSync(asr).filter((name) => name.endsWith('.yml')).sort();
    return ok([...names.map((name) => path.join(asr, name)), path.join(rules, 'presets.yml')].map(readOne));
  } catch (error) {
    return fail('no-rules', `The rule files could not be read: ${(error as Error).message}`);
  }
}

/** How logs of event files map to Sigma's kinds of events. */
export function readMappingFiles(resourcesDir: string): Result<RuleBookFile[]> {
  const folder = path.join(resourcesDir, 'rules', 'mappings');
  try {
    return ok(fs.readdirSync(folder).filter((name) => name.endsWith('.yml')).sort().map((name) => readOne(path.join(folder, name))));
  } catch (error) {
    return fail('no-rules', `The mapping files could not be read: ${(error as Error).message}`);
  }
}

function readOne(file: string): RuleBookFile {
  if (fs.statSync(file).size > LARGEST_FILE) throw new Error(`${file} is larger than a rule can be`);
  return { path: file, text: fs.readFileSync(file, 'utf8') };
}
