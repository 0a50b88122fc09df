/** Why a rule is refused, with its place. Thrown inside the parser only; every exported function turns it into a `Result`. */
import { fail, type Result } from '../../../shared/result.ts';

export class RuleError extends Error {
  override readonly name = 'RuleError';

  constructor(where: string, reason: string) {
    super(where === '' ? reason : `${where}: ${reason}`);
  }
}

/** Runs a parser step; a refused rule becomes a failure a person can act on, anything else is a bug and passes through. */
export function asResult<T>(code: string, step: () => T): Result<T> {
  try {
    return { ok: true, value: step() };
  } catch (error) {
    if (error instanceof RuleError) return fail(code, error.message);
    throw error;
  }
}

/** The value of a step inside such a parser step; its failure already names the place. */
export function orRefuse<T>(result: Result<T>): T {
  if (!result.ok) throw new RuleError('', result.error.message);
  return result.value;
}
