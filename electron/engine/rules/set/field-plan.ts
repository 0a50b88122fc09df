/**
 * What is looked for in one field. Literals of plain ASCII, nearly all, stand apart from those with other letters (the long
 * dashes of `windash`, look-alike letters), which are looked for only in the few texts that have such a letter.
 */
import { listLiterals, type LiteralList, type NumberedLiteral } from './literal-list.ts';

export interface FieldPlan {
  /** `EVERY_FIELD` holds what may stand in any field. */
  readonly name: string;
  /** Wakes no rule, so it is walked over only when a rule asks. */
  readonly isLate: boolean;
  readonly plain: LiteralList;
  readonly wide: LiteralList;
}

export function planField(name: string, literals: readonly NumberedLiteral[], isLate: boolean): FieldPlan {
  const isPlain = ({ literal }: NumberedLiteral): boolean => /^[\0-\x7f]*$/.test(literal.text);
  return { name, isLate, plain: listLiterals(literals.filter(isPlain)), wide: listLiterals(literals.filter((one) => !isPlain(one))) };
}
