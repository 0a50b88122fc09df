/** One Sigma rule document, checked key by key. The first problem refuses the whole rule with its place and reason. */
import type { Result } from '../../../../shared/result.ts';
import { isMap, refuse, type KeyPath, type RuleDocument } from '../document.ts';
import { SIGMA_LEVELS, type Condition, type LogSource, type Search, type SigmaLevel, type SigmaRule } from '../model.ts';
import { asResult } from '../rule-error.ts';
import { ConditionError, parseCondition } from './condition.ts';
import { parseSelection } from './detection.ts';
import { selectionsNamed } from './names.ts';

export function parseRule(document: RuleDocument): Result<SigmaRule> {
  return asResult('bad-rule-file', () => readRule(document));
}

function readRule(document: RuleDocument): SigmaRule {
  const root = document.value;
  if (!isMap(root)) return refuse(document, [], 'a rule is a map with title, id, logsource and detection');
  const selections = readSelections(document, root['detection']);
  const condition = readConditions(document, root['detection'], selections);
  return {
    id: text(document, root, 'id'),
    title: text(document, root, 'title'),
    level: level(document, root['level']),
    logsource: logSource(document, root['logsource']),
    tags: texts(document, root, 'tags'),
    falsepositives: texts(document, root, 'falsepositives'),
    author: typeof root['author'] === 'string' ? root['author'] : null,
    selections,
    condition,
  };
}

function readSelections(document: RuleDocument, detection: unknown): ReadonlyMap<string, Search> {
  if (!isMap(detection)) return refuse(document, ['detection'], 'the rule has no detection');
  const selections = new Map<string, Search>();
  for (const name of Object.keys(detection)) {
    if (name === 'condition' || name === 'timeframe') continue;
    selections.set(name, parseSelection(document, ['detection', name]));
  }
  if ('timeframe' in detection) refuse(document, ['detection', 'timeframe'], 'timeframe is no longer part of Sigma; use a correlation rule');
  if (selections.size === 0) refuse(document, ['detection'], 'detection has no selection');
  return selections;
}

function readConditions(document: RuleDocument, detection: unknown, selections: ReadonlyMap<string, Search>): Condition {
  const value = isMap(detection) ? detection['condition'] : undefined;
  if (!Array.isArray(value)) return readCondition(document, ['detection', 'condition'], value, selections);
  if (value.length === 0) return refuse(document, ['detection', 'condition'], 'the list of conditions is empty');
  const of = value.map((entry, index) => readCondition(document, ['detection', 'condition', index], entry, selections));
  const [only] = of;
  return of.length === 1 && only ? only : { op: 'or', of };
}

function readCondition(document: RuleDocument, path: KeyPath, value: unknown, selections: ReadonlyMap<string, Search>): Condition {
  if (typeof value !== 'string') return refuse(document, path, 'detection needs a condition');
  try {
    const condition = parseCondition(value);
    checkNames(condition, [...selections.keys()]);
    return condition;
  } catch (error) {
    if (error instanceof ConditionError) return refuse(document, path, error.message);
    throw error;
  }
}

function checkNames(condition: Condition, names: readonly string[]): void {
  if (condition.op === 'selection' && !names.includes(condition.name)) throw new ConditionError(`there is no selection "${condition.name}"`);
  if (condition.op === 'of' && selectionsNamed(condition.pattern, names).length === 0)
    throw new ConditionError(`no selection fits "${condition.pattern ?? 'them'}"`);
  if (condition.op === 'not') checkNames(condition.of, names);
  if (condition.op === 'and' || condition.op === 'or') condition.of.forEach((part) => checkNames(part, names));
}

function text(document: RuleDocument, root: Readonly<Record<string, unknown>>, key: string): string {
  const value = root[key];
  return typeof value === 'string' && value.trim() !== '' ? value : refuse(document, [key], `the rule has no ${key}`);
}

function texts(document: RuleDocument, root: Readonly<Record<string, unknown>>, key: string): readonly string[] {
  const value = root[key];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return refuse(document, [key], `${key} is a list of texts`);
  return value.map((entry, index) => (typeof entry === 'string' ? entry : refuse(document, [key, index], `${key} is a list of texts`)));
}

function level(document: RuleDocument, value: unknown): SigmaLevel {
  if (value === undefined) return 'medium';
  const known = SIGMA_LEVELS.find((name) => name === value);
  return known ?? refuse(document, ['level'], `the level is one of ${SIGMA_LEVELS.join(', ')}`);
}

function logSource(document: RuleDocument, value: unknown): LogSource {
  if (!isMap(value)) return refuse(document, ['logsource'], 'the rule has no logsource');
  const part = (key: string): string | null => {
    const found = value[key];
    if (found === undefined || found === null) return null;
    return typeof found === 'string' ? found : refuse(document, ['logsource', key], `${key} is a text`);
  };
  return { category: part('category'), product: part('product'), service: part('service') };
}
