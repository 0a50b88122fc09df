/** Reads the container's rules of one pack: all of them in few words, and whole only those that can fire on this device. */
import type { RefusedFile, RuleTotals } from '../../../shared/packs/pack.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { SigmaCorrelation, SigmaRule } from '../rules/model.ts';
import type { RuleDocumentParsed } from '../rules/parse/rule-file.ts';
import { checkFiles, type CheckedDocument } from './check-files.ts';
import { unpackBody, type PackBody } from './container.ts';
import { correlationReadiness } from './correlation-readiness.ts';
import type { PackRule } from './installed-pack.ts';
import { LIMITS } from './limits.ts';
import { readinessOf, type EventFeed, type Readiness } from './readiness.ts';
import type { RuleText } from './rule-text.ts';
import { PACKS } from './words.ts';

export interface LiveDocument {
  /** Null for a filter, which never matches by itself. */
  readonly version: PackRule | null;
  readonly parsed: RuleDocumentParsed;
}

export interface ReadPack {
  readonly totals: RuleTotals;
  readonly rules: readonly PackRule[];
  readonly refused: readonly RefusedFile[];
  /** What could match here, and the filters; the rest is known by its words only, which saves the memory of thousands. */
  readonly live: readonly LiveDocument[];
}

export interface Surroundings {
  readonly feeds: readonly EventFeed[];
  readonly system: string;
}

export interface PackContent {
  readonly id: string;
  readonly body: PackBody;
}

/** A failure's message completes "it could not be used, because …" or stands on its own. */
export async function readPack({ id, body }: PackContent, around: Surroundings): Promise<Result<ReadPack>> {
  const files = await unpackBody(body, noRest);
  if (!files.ok) return fail('bad-pack', PACKS.uploadBad);
  const pack = await readTexts(id, files.value, around);
  return pack.rules.length === 0 ? fail('nothing-loads', PACKS.nothingLoads(pack.totals.refused)) : ok(pack);
}

async function readTexts(id: string, files: readonly RuleText[], around: Surroundings): Promise<ReadPack> {
  const { documents, refused, totals } = await checkFiles(files, noRest);
  const read: Described[] = [];
  /** By whatever a correlation may call them. */
  const parts = new Map<string, Readiness>();
  for (const document of documents) {
    if (document.parsed.kind !== 'rule') continue;
    const { rule } = document.parsed;
    const readiness = readinessOf(rule, around.feeds, around.system);
    read.push({ document, words: { ...rule, readiness } });
    for (const name of [rule.id, rule.title, rule.name]) if (name !== null) parts.set(name, readiness);
  }
  for (const document of documents) {
    if (document.parsed.kind !== 'correlation') continue;
    const { correlation } = document.parsed;
    read.push({ document, words: { ...correlation, level: correlation.level ?? 'medium', placeholders: [], readiness: correlationReadiness(correlation, parts) } });
  }
  const rules = read.map((one) => ({ rule: inWords(id, one), parsed: one.document.parsed }));
  const live = rules.filter(({ rule }) => rule.readiness.state !== 'cannotFire' && rule.placeholders.length === 0).map(({ rule, parsed }): LiveDocument => ({ version: rule, parsed }));
  const filters = documents.filter(({ parsed }) => parsed.kind === 'filter').map(({ parsed }): LiveDocument => ({ version: null, parsed }));
  return { totals, rules: rules.map(({ rule }) => rule), refused: refused.slice(0, LIMITS.refusalsShown), live: [...live, ...filters] };
}

interface Described {
  readonly document: CheckedDocument;
  readonly words: Pick<SigmaRule | SigmaCorrelation, 'id' | 'title' | 'author' | 'response'> & Pick<PackRule, 'level' | 'placeholders' | 'readiness'>;
}

function inWords(pack: string, { document, words: { id, title, author, response, level, placeholders, readiness } }: Described): PackRule {
  return { pack, rule: id, title, version: document.version, level, author, file: document.parsed.file, wish: response, placeholders, readiness };
}

/** Nobody else waits where packs are read. */
function noRest(): Promise<void> {
  return Promise.resolve();
}
