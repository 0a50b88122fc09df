/**
 * The rule book of an engine that starts. The build reads the rule files as they ship and leaves the result beside the program; it is taken
 * up when the files are still the very same. Files that differ in anything are read, checked and, if bad, refused as ever.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { bookFrom, bookText } from '../../engine/asr/kept-book.ts';
import { loadRuleBook, type RuleBook, type RuleBookFile } from '../../engine/asr/rule-book.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { readRuleFiles } from './rule-files.ts';

/** Put in at build time; there is none when the sources run unbuilt, as in unit tests. */
declare const HOLDFAST_RULE_BOOK_SHA256: string | undefined;

export interface KeptBookPlace {
  readonly file: string;
  readonly sha256: string;
}

export function keptBookPlace(): KeptBookPlace | null {
  if (typeof HOLDFAST_RULE_BOOK_SHA256 === 'undefined') return null;
  return { file: path.join(import.meta.dirname, '..', 'rules', 'asr-book.json'), sha256: HOLDFAST_RULE_BOOK_SHA256 };
}

/** `kept`: where the build left what it read; it counts only with the hash that the program was built with. */
export function ruleBookAtStart(resourcesDir: string, kept: KeptBookPlace | null): Result<RuleBook> {
  const files = readRuleFiles(resourcesDir);
  if (!files.ok) return files;
  const known = kept === null ? null : takeUp(kept, files.value);
  return known === null ? loadRuleBook(files.value, { recorded: false }) : ok(known);
}

/** For the build. A bad rule file ends it. */
export function makeKeptBook(resourcesDir: string): Result<{ readonly text: string; readonly sha256: string }> {
  const files = readRuleFiles(resourcesDir);
  if (!files.ok) return files;
  const book = loadRuleBook(files.value, { recorded: false });
  if (!book.ok) return book;
  const text = bookText(book.value, hashOf(files.value));
  return ok({ text, sha256: sha256(text) });
}

function takeUp(kept: KeptBookPlace, files: readonly RuleBookFile[]): RuleBook | null {
  try {
    const text = fs.readFileSync(kept.file, 'utf8');
    return sha256(text) === kept.sha256 ? bookFrom(text, hashOf(files)) : null;
  } catch {
    // Not there, or not ours to read: the files say the same.
    return null;
  }
}

/** Of names and texts; where the files lie says nothing. */
function hashOf(files: readonly RuleBookFile[]): string {
  return sha256(JSON.stringify(files.map((file) => [path.basename(file.path), file.text])));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
