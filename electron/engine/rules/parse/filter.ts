/** A `filter` document: a condition that is added to rules written by others, so that they leave alone what is normal here. */
import { isMap, refuse, type RuleDocument } from '../document.ts';
import type { SigmaFilter } from '../model.ts';
import { placeholdersOf } from './fill.ts';
import { readHead, readLogSource, readRoot, texts } from './head.ts';
import { readDetection } from './selections.ts';

/** Throws `RuleError`. */
export function readFilter(document: RuleDocument): SigmaFilter {
  const root = readRoot(document);
  const detection = readDetection(document, ['filter'], ['rules']);
  return {
    ...readHead(document, root, ['logsource', 'filter']),
    logsource: readLogSource(document, root),
    rules: rulesOf(document, root['filter']),
    ...detection,
    placeholders: placeholdersOf(detection.selections),
  };
}

/** `any` (or `all`) is every rule of the log source; leaving it out is not, since that would silence too much by mistake. */
function rulesOf(document: RuleDocument, filter: unknown): SigmaFilter['rules'] {
  const rules = isMap(filter) ? filter['rules'] : undefined;
  if (rules === 'any' || rules === 'all') return 'any';
  const names = isMap(filter) ? texts({ value: filter, where: (path, at) => document.where(['filter', ...path], at) }, filter, 'rules') : [];
  return names.length > 0 ? names : refuse(document, ['filter', 'rules'], 'the filter names no rules; "any" stands for all of its log source');
}
