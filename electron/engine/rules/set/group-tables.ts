/** The tables of an index, made of its small form when the first event of its kind comes. */
import { EVERY_FIELD } from '../subject.ts';
import type { FieldPlan } from './field-plan.ts';
import { GramRarity, makeGramTable, type GramTable } from './gram-table.ts';
import type { GroupPlan } from './group-plan.ts';
import { joinLiterals } from './literal-list.ts';

export interface FieldTables {
  readonly field: FieldPlan;
  readonly table: GramTable;
}

/** By field of the plan, one a step: whoever must not be away for long rests in between. What wakes rules from any field is looked for in each of them. */
export function* makeTables(plan: GroupPlan): Generator<FieldTables, void> {
  const every = plan.fields.find(({ name, isLate }) => name === EVERY_FIELD && !isLate);
  const rarity = new GramRarity();
  for (const own of plan.fields) {
    const field = every === undefined || own === every ? own : { ...own, plain: joinLiterals(own.plain, every.plain), wide: joinLiterals(own.wide, every.wide) };
    yield { field, table: makeGramTable(field.plain, rarity) };
  }
}
