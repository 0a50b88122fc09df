/** One file of Sigma documents: rules, filters and correlations, in any mix. What is wrong with one refuses the file whole. */
import type { Result } from '../../../../shared/result.ts';
import { isMap, refuse, type RuleDocument } from '../document.ts';
import type { SigmaCorrelation, SigmaFilter, SigmaRule } from '../model.ts';
import { asResult, orRefuse } from '../rule-error.ts';
import { readCorrelation } from './correlation.ts';
import { readFilter } from './filter.ts';
import { readRule } from './rule.ts';
import { parseYaml } from './yaml.ts';

/** `file` and `place` (`file:line:column`) lead a person back to the text. */
export type RuleDocumentParsed = { readonly file: string; readonly place: string } & (
  | { readonly kind: 'rule'; readonly rule: SigmaRule }
  | { readonly kind: 'filter'; readonly filter: SigmaFilter }
  | { readonly kind: 'correlation'; readonly correlation: SigmaCorrelation }
);

/** All documents of the text of a file; failing names file, line, column and reason. Bounded in size, depth and time. */
export function parseRuleFile(file: string, text: string): Result<readonly RuleDocumentParsed[]> {
  return asResult('bad-rule-file', () => {
    const documents = orRefuse(parseYaml(file, text)).filter((document) => document.value !== null && document.value !== undefined);
    const [first] = documents;
    if (!first) return refuse({ value: null, where: () => file }, [], 'there is no document in it');
    return documents.map((document) => readDocument(file, document));
  });
}

function readDocument(file: string, document: RuleDocument): RuleDocumentParsed {
  const at = { file, place: document.where([]) };
  const root = document.value;
  if (!isMap(root)) return { ...at, kind: 'rule', rule: readRule(document) };
  if (Object.hasOwn(root, 'action')) refuse(document, ['action'], '"action" (global, reset, repeat) is no longer part of Sigma; write each rule out, or use a correlation rule');
  const kinds = ['detection', 'correlation', 'filter'].filter((key) => Object.hasOwn(root, key));
  if (kinds.length > 1) refuse(document, [kinds[1] ?? ''], `a document is one of rule, correlation and filter, not ${kinds.join(' and ')}`);
  if (kinds[0] === 'correlation') return { ...at, kind: 'correlation', correlation: readCorrelation(document) };
  if (kinds[0] === 'filter') return { ...at, kind: 'filter', filter: readFilter(document) };
  return { ...at, kind: 'rule', rule: readRule(document) };
}
