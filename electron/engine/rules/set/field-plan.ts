/**
 * What is looked for in one field. Literals of plain ASCII, nearly all, stand apart from those with other letters (the long
 * dashes of `windash`, look-alike letters), which are looked for only in the few texts that have such a letter.
 */
import { listLiterals, type LiteralList, type NumberedLiteral } from './literal-list.ts';

export interface FieldPlan {
  /** `EVERY_FIELD` holds what may stand in any field. */
  readonly name: string;
  /** These literals are not needed for every event: they are looked for only when a rule that is awake asks. */
  readonly isLate: boolean;
  readonly plain: LiteralList;
  readonly wide: LiteralList;
}

/** One plan for the literals that every event needs and one for the late ones, where there are such. */
export function planFields(name: string, literals: readonly NumberedLiteral[], isLate: (literal: number) => boolean): FieldPlan[] {
  const early = literals.filter(({ id }) => !isLate(id));
  const late = literals.filter(({ id }) => isLate(id));
  return [...planField(name, early, false), ...planField(name, late, true)];
}

function planField(name: string, literals: readonly NumberedLiteral[], isLate: boolean): FieldPlan[] {
  if (literals.length === 0) return [];
  const isPlain = ({ literal }: NumberedLiteral): boolean => /^[\0-\x7f]*$/.test(literal.text);
  return [{ name, isLate, plain: listLiterals(literals.filter(isPlain)), wide: listLiterals(literals.filter((one) => !isPlain(one))) }];
}
