/** What becomes of a rule with placeholders once somebody supplies the lists. */
import { fail, ok, type Result } from '../../../../shared/result.ts';
import type { Search, SigmaRule, UnfilledTest } from '../model.ts';
import { parseModifiers } from './modifiers.ts';
import { fillValue } from './placeholders.ts';
import { group, searchOf } from './search-of.ts';
import { ValueError } from './values.ts';

/** By name without the percent signs. Each entry takes the place of the placeholder, with its wildcards; no entry matches nothing. */
export type PlaceholderLists = ReadonlyMap<string, readonly string[]>;

/** Values that one key may grow to; several lists in one value multiply. */
const MAX_VALUES = 10_000;

/** The rule with all lists that are there; those still missing stay in `placeholders`. Fails when an entry does not fit its test. */
export function fillPlaceholders<T extends Pick<SigmaRule, 'id' | 'selections' | 'placeholders'>>(rule: T, lists: PlaceholderLists): Result<T> {
  if (rule.placeholders.length === 0) return ok(rule);
  try {
    const selections = new Map([...rule.selections].map(([name, search]) => [name, fillSearch(search, lists)]));
    return ok({ ...rule, selections, placeholders: placeholdersOf(selections) });
  } catch (error) {
    if (error instanceof ValueError) return fail('bad-placeholder-list', `rule ${rule.id}: ${error.message}`);
    throw error;
  }
}

/** The lists that selections wait for, each once. */
export function placeholdersOf(selections: ReadonlyMap<string, Search>): readonly string[] {
  const names = new Set<string>();
  const walk = (search: Search): void => {
    if (search.type === 'field' || search.type === 'keyword') {
      if (search.test.kind === 'unfilled') search.test.placeholders.forEach((name) => names.add(name));
    } else if (search.type === 'not') walk(search.of);
    else search.of.forEach(walk);
  };
  for (const search of selections.values()) walk(search);
  return [...names];
}

function fillSearch(search: Search, lists: PlaceholderLists): Search {
  const written = search.written === undefined ? {} : { written: search.written };
  switch (search.type) {
    case 'not':
      return { ...search, of: fillSearch(search.of, lists) };
    case 'all':
    case 'any':
      return { ...search, of: search.of.map((part) => fillSearch(part, lists)) };
    case 'field':
      return search.test.kind === 'unfilled' ? { ...fillTest(search.field, search.test, lists), ...written } : search;
    case 'keyword':
      return search.test.kind === 'unfilled' ? { ...fillTest(null, search.test, lists), ...written } : search;
  }
}

function fillTest(field: string | null, test: UnfilledTest, lists: PlaceholderLists): Search {
  if (!test.placeholders.every((name) => lists.has(name))) return field === null ? { type: 'keyword', test } : { type: 'field', field, test };
  const modifiers = parseModifiers(test.modifiers);
  // They were read before; failing now is a bug, not a bad list.
  if (typeof modifiers === 'string') throw new Error(modifiers);
  const filled = test.values.map((value) => fillValue(value, lists, MAX_VALUES));
  const values = filled.flatMap((some) => some ?? []);
  if (filled.includes(null) || values.length > MAX_VALUES) throw new ValueError(null, `the lists ${test.placeholders.join(', ')} give more than ${MAX_VALUES} values`);
  // The group around it negates already.
  return values.length === 0 ? group('any', []) : searchOf(field, { ...modifiers, negated: false, expand: false }, test.modifiers, values);
}
