/** Ids of documents that have none of their own and go by their title: titles may be alike, and findings are told apart by id. */
import type { SigmaCorrelation, SigmaFilter, SigmaRule } from '../model.ts';
import type { RuleDocumentParsed } from '../parse/rule-file.ts';

export function headOf(document: RuleDocumentParsed): SigmaRule | SigmaFilter | SigmaCorrelation {
  if (document.kind === 'rule') return document.rule;
  return document.kind === 'filter' ? document.filter : document.correlation;
}

/** The documents of one pack; a later one with a title that was there already has its place (`file:line:column`) added to its id. */
export function withOwnIds(documents: readonly RuleDocumentParsed[]): readonly RuleDocumentParsed[] {
  const seen = new Set<string>();
  return documents.map((document) => {
    const { id, name, title } = headOf(document);
    const isFirst = !seen.has(id);
    seen.add(id);
    return isFirst || name !== null || id !== title ? document : withId(document, `${title} (${document.place})`);
  });
}

function withId(document: RuleDocumentParsed, id: string): RuleDocumentParsed {
  if (document.kind === 'rule') return { ...document, rule: { ...document.rule, id } };
  if (document.kind === 'filter') return { ...document, filter: { ...document.filter, id } };
  return { ...document, correlation: { ...document.correlation, id } };
}
