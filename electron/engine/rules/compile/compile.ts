/** A parsed rule made ready for many events. */
import type { Condition, Search, SigmaRule } from '../model.ts';
import { selectionsNamed } from '../parse/names.ts';
import { compileFieldTest, compileKeyword, neverNode, type CompileContext } from './field-test.ts';
import { allOf, anyOf, negate, type PlanNode } from './plan.ts';

export interface CompiledRule {
  readonly rule: SigmaRule;
  readonly plan: PlanNode;
}

export type { CompileContext } from './field-test.ts';

/** A rule that waits for lists of values (`placeholders`) gets a plan that never matches. */
export function compileRule(context: CompileContext, rule: SigmaRule): CompiledRule {
  if (rule.placeholders.length > 0) return { rule, plan: neverNode };
  const plans = new Map<string, PlanNode>();
  for (const [name, search] of rule.selections) plans.set(name, compileSearch(context, search));
  return { rule, plan: compileCondition(rule.condition, plans) };
}

export function compileSearch(context: CompileContext, search: Search): PlanNode {
  switch (search.type) {
    case 'all':
      return allOf(search.of.map((part) => compileSearch(context, part)));
    case 'any':
      return anyOf(search.of.map((part) => compileSearch(context, part)));
    case 'not':
      return negate(compileSearch(context, search.of));
    case 'field':
      return compileFieldTest(context, search.field, search.test);
    case 'keyword':
      return compileKeyword(context, search.test);
  }
}

function compileCondition(condition: Condition, plans: ReadonlyMap<string, PlanNode>): PlanNode {
  switch (condition.op) {
    case 'selection':
      return pick(plans, condition.name);
    case 'not':
      return negate(compileCondition(condition.of, plans));
    case 'and':
      return allOf(condition.of.map((part) => compileCondition(part, plans)));
    case 'or':
      return anyOf(condition.of.map((part) => compileCondition(part, plans)));
    case 'of': {
      const members = selectionsNamed(condition.pattern, [...plans.keys()]).map((name) => pick(plans, name));
      return condition.quantifier === 'all' ? allOf(members) : anyOf(members);
    }
  }
}

function pick(plans: ReadonlyMap<string, PlanNode>, name: string): PlanNode {
  const plan = plans.get(name);
  // The parser has checked every name; reaching this is a bug, not a bad rule.
  if (!plan) throw new Error(`no selection ${name}`);
  return plan;
}

/** All fields a rule can ask for, in no special order. Tests without a field add none; see `hasKeywords`. */
export function fieldsOf(rule: Pick<SigmaRule, 'selections'>): ReadonlySet<string> {
  const fields = new Set<string>();
  for (const search of rule.selections.values()) {
    for (const leaf of leavesOf(search)) {
      if (leaf.type !== 'field') continue;
      fields.add(leaf.field);
      if (leaf.test.kind === 'fieldref') leaf.test.fields.forEach((field) => fields.add(field));
    }
  }
  return fields;
}

/** Whether a rule asks for words in any field. It can only match events whose source offers all its texts. */
export function hasKeywords(rule: Pick<SigmaRule, 'selections'>): boolean {
  return [...rule.selections.values()].some((search) => leavesOf(search).some((leaf) => leaf.type === 'keyword'));
}

type Leaf = Extract<Search, { readonly type: 'field' | 'keyword' }>;

function leavesOf(search: Search): readonly Leaf[] {
  if (search.type === 'field' || search.type === 'keyword') return [search];
  return search.type === 'not' ? leavesOf(search.of) : search.of.flatMap(leavesOf);
}
