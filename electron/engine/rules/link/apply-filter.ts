/** A filter added to a rule: the rule's condition and the filter's must both hold, as the reference converter does it. */
import type { Condition, SigmaFilter, SigmaRule } from '../model.ts';
import { selectionsNamed } from '../parse/names.ts';

/** Named (or meant by `any`), and of the log source: each part that the filter names is the same in the rule. */
export function filterSpeaksOf(filter: SigmaFilter, rule: SigmaRule): boolean {
  const named = filter.rules === 'any' || filter.rules.some((name) => name === rule.id || name === rule.name || name === rule.title);
  return named && (['category', 'product', 'service'] as const).every((part) => filter.logsource[part] === null || filter.logsource[part].toLowerCase() === rule.logsource[part]?.toLowerCase());
}

/** `number` tells the filters of a rule apart. */
export function applyFilter(filter: SigmaFilter, number: number, rule: SigmaRule): SigmaRule {
  // `all of *` of the rule must not begin to speak of the filter's selections, so such terms are written out first.
  const own = spelledOut(rule.condition, [...rule.selections.keys()], (name) => name);
  const added = spelledOut(filter.condition, [...filter.selections.keys()], (name) => `_filter_${number}_${name}`);
  const selections = new Map(rule.selections);
  for (const [name, search] of filter.selections) selections.set(`_filter_${number}_${name}`, search);
  return { ...rule, selections, condition: { op: 'and', of: [own, added] } };
}

function spelledOut(condition: Condition, names: readonly string[], rename: (name: string) => string): Condition {
  switch (condition.op) {
    case 'selection':
      return { op: 'selection', name: rename(condition.name) };
    case 'not':
      return { op: 'not', of: spelledOut(condition.of, names, rename) };
    case 'and':
    case 'or':
      return { op: condition.op, of: condition.of.map((part) => spelledOut(part, names, rename)) };
    case 'of': {
      const members = selectionsNamed(condition.pattern, names).map((name): Condition => ({ op: 'selection', name: rename(name) }));
      const [only] = members;
      return members.length === 1 && only ? only : { op: condition.quantifier === 'all' ? 'and' : 'or', of: members };
    }
  }
}
