/** A parsed rule made ready for many events. */
import type { Condition, Search, SigmaRule } from '../model.ts';
import { selectionsNamed } from '../parse/names.ts';
import { compileFieldTest, type CompileContext } from './field-test.ts';
import { allOf, anyOf, negate, type PlanNode } from './plan.ts';

export interface CompiledRule {
  readonly rule: SigmaRule;
  readonly plan: PlanNode;
}

export type { CompileContext } from './field-test.ts';

export function compileRule(context: CompileContext, rule: SigmaRule): CompiledRule {
  const plans = new Map<string, PlanNode>();
  for (const [name, search] of rule.selections) plans.set(name, compileSearch(context, search));
  return { rule, plan: compileCondition(rule.condition, plans) };
}

function compileSearch(context: CompileContext, search: Search): PlanNode {
  switch (search.type) {
    case 'all':
      return allOf(search.of.map((part) => compileSearch(context, part)));
    case 'any':
      return anyOf(search.of.map((part) => compileSearch(context, part)));
    case 'not':
      return negate(compileSearch(context, search.of));
    case 'field':
      return compileFieldTest(context, search.field, search.test);
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

/** All fields a rule can ask for, in no special order. */
export function fieldsOf(rule: SigmaRule): ReadonlySet<string> {
  const fields = new Set<string>();
  const walk = (search: Search): void => {
    if (search.type === 'field') {
      fields.add(search.field);
      if (search.test.kind === 'fieldref') search.test.fields.forEach((field) => fields.add(field));
    } else if (search.type === 'not') walk(search.of);
    else search.of.forEach(walk);
  };
  for (const search of rule.selections.values()) walk(search);
  return fields;
}
