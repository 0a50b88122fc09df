/** Reads every document of a pack, in slices. A file that is refused is named with its place; the rest load. */
import crypto from 'node:crypto';
import type { RefusedFile, RuleTotals } from '../../../shared/packs/pack.ts';
import { withOwnIds } from '../rules/link/own-ids.ts';
import { parseRuleFile, type RuleDocumentParsed } from '../rules/parse/rule-file.ts';
import type { RuleText } from './rule-text.ts';

const VERSION_CHARACTERS = 16;

export interface CheckedDocument {
  /** Hash of its file. */
  readonly version: string;
  readonly parsed: RuleDocumentParsed;
}

export interface CheckedFiles {
  readonly documents: readonly CheckedDocument[];
  readonly refused: readonly RefusedFile[];
  readonly totals: RuleTotals;
}

/** `rest` lets others run when a slice of time is over. */
export async function checkFiles(files: readonly RuleText[], rest: () => Promise<void>): Promise<CheckedFiles> {
  const read: CheckedDocument[] = [];
  const refused: RefusedFile[] = [];
  for (const file of files) {
    const parsed = parseRuleFile(file.path, file.text);
    if (parsed.ok) read.push(...parsed.value.map((one) => ({ version: versionOf(file), parsed: one })));
    else refused.push(refusedFile(file.path, parsed.error.message));
    await rest();
  }
  const own = withOwnIds(read.map(({ parsed }) => parsed));
  const documents = read.map(({ version, parsed }, index) => ({ version, parsed: own[index] ?? parsed }));
  return { documents, refused, totals: totalsOf(files.length, documents, refused.length) };
}

function versionOf({ text }: RuleText): string {
  return crypto.createHash('sha256').update(text).digest('hex').slice(0, VERSION_CHARACTERS);
}

function totalsOf(files: number, documents: readonly CheckedDocument[], refused: number): RuleTotals {
  const totals = { files, rules: 0, filters: 0, correlations: 0, inactive: 0, refused };
  for (const { parsed } of documents) {
    if (parsed.kind === 'filter') totals.filters += 1;
    else if (parsed.kind === 'correlation') totals.correlations += 1;
    else totals.rules += 1;
    if (parsed.kind === 'rule' && parsed.rule.placeholders.length > 0) totals.inactive += 1;
  }
  return totals;
}

/** The parser's messages begin with the place: `file:line:column: reason`. */
export function refusedFile(file: string, message: string): RefusedFile {
  const place = message.startsWith(file) ? /^:(\d+):(\d+): /.exec(message.slice(file.length)) : null;
  if (place === null) return { file, line: null, column: null, reason: message.startsWith(`${file}: `) ? message.slice(file.length + 2) : message };
  return { file, line: Number(place[1]), column: Number(place[2]), reason: message.slice(file.length + place[0].length) };
}
