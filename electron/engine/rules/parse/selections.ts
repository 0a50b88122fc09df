/** The blocks and the condition of a `detection` (or `filter`): what rules and filters have in common. */
import { isMap, refuse, valueAt, type KeyPath, type RuleDocument } from '../document.ts';
import type { Condition, Search } from '../model.ts';
import { ConditionError, parseCondition, type TermCheck } from './condition.ts';
import { parseSelection } from './detection.ts';
import { selectionsNamed } from './names.ts';

export interface Detection {
  readonly selections: ReadonlyMap<string, Search>;
  readonly condition: Condition;
}

/** `path` leads to the map; `otherKeys` of it are no selections. */
export function readDetection(document: RuleDocument, path: KeyPath, otherKeys: readonly string[] = []): Detection {
  const detection = valueAt(document.value, path);
  if (!isMap(detection)) return refuse(document, path, `the rule has no ${path.join('.')}`);
  if (Object.hasOwn(detection, 'timeframe')) refuse(document, [...path, 'timeframe'], 'timeframe is no longer part of Sigma; use a correlation rule');
  const selections = new Map<string, Search>();
  for (const name of Object.keys(detection)) {
    if (name !== 'condition' && !otherKeys.includes(name)) selections.set(name, parseSelection(document, [...path, name]));
  }
  if (selections.size === 0) refuse(document, path, `${path.join('.')} has no selection`);
  return { selections, condition: readConditions(document, [...path, 'condition'], [...selections.keys()]) };
}

/** A list of conditions is met by any of them. */
function readConditions(document: RuleDocument, path: KeyPath, names: readonly string[]): Condition {
  const value = valueAt(document.value, path);
  const check: TermCheck = (term) => {
    if (term.op === 'selection') return names.includes(term.name) ? null : `there is no selection "${term.name}"`;
    return selectionsNamed(term.pattern, names).length > 0 ? null : `no selection fits "${term.pattern ?? 'them'}"`;
  };
  if (!Array.isArray(value)) return readCondition(document, path, value, check);
  if (value.length === 0) return refuse(document, path, 'the list of conditions is empty');
  const of = value.map((entry, index) => readCondition(document, [...path, index], entry, check));
  const [only] = of;
  return of.length === 1 && only ? only : { op: 'or', of };
}

/** One condition whose names `check` knows; a problem is refused at its character. */
export function readCondition(document: RuleDocument, path: KeyPath, value: unknown, check: TermCheck): Condition {
  if (typeof value !== 'string') return refuse(document, path, `${path[0] ?? 'it'} needs a condition`);
  try {
    return parseCondition(value, check);
  } catch (error) {
    if (error instanceof ConditionError) return refuse(document, path, error.message, error.at);
    throw error;
  }
}
