/** Expected failures are values with a message a person can act on; bugs throw. */

export type Result<T, E = Failure> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export interface Failure {
  /** Stable, for programs: `permission-denied`, `bad-rule-file`, … */
  readonly code: string;
  /** For people: what happened and what to do. */
  readonly message: string;
}

export function ok<T>(value: T): Result<T, never> {
  return { ok: true, value };
}

export function fail(code: string, message: string): Result<never> {
  return { ok: false, error: { code, message } };
}

/** Makes an exhaustive `switch` a compile-time matter and a loud one at run time. */
export function assertNever(value: never, what: string): never {
  throw new Error(`unexpected ${what}: ${JSON.stringify(value)}`);
}
