/** The tables of an index, made of its small form: those every event needs when the first of its kind comes, the others when they are asked for. */
import { EVERY_FIELD } from '../subject.ts';
import type { FieldPlan } from './field-plan.ts';
import { makeGramTable, type GramTable } from './gram-table.ts';
import type { GroupPlan } from './group-plan.ts';
import { joinLiterals } from './literal-list.ts';

/** What is searched for in one field. */
export interface FieldSearch {
  readonly field: FieldPlan;
  /** Made when it is asked for first. */
  readonly table: () => GramTable;
}

/** By field of the plan. What wakes rules from any field is looked for in each. */
export function fieldTables(plan: GroupPlan): readonly FieldSearch[] {
  const every = plan.fields.find(({ name, isLate }) => name === EVERY_FIELD && !isLate);
  return plan.fields.map((own) => {
    const isOwn = every === undefined || own === every || own.isLate;
    const field = isOwn ? own : { ...own, plain: joinLiterals(own.plain, every.plain), wide: joinLiterals(own.wide, every.wide) };
    let made: GramTable | null = null;
    return { field, table: () => (made ??= makeGramTable(field.plain)) };
  });
}
