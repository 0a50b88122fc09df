/** The checks of form on both sides of a call of the window. Without Electron, so that every call can be tried with every kind of nonsense. */
import { CALLS } from '../../shared/control/calls.ts';
import type { AppCallName, EngineCallName } from '../../shared/ipc/names.ts';
import { APP_CALLS, engineRequestSchema, type AppOutput } from '../../shared/ipc/table.ts';
import { fail, ok, type Result } from '../../shared/result.ts';

export type AppHandlers = { readonly [N in AppCallName]: (input: ReturnType<(typeof APP_CALLS)[N]['input']['parse']>) => Promise<Result<AppOutput<N>>> | Result<AppOutput<N>> };

export interface CallParts {
  readonly engine: (name: EngineCallName, input: unknown, ask: boolean) => Promise<Result<unknown>>;
  readonly app: AppHandlers;
}

export async function engineCall(parts: Pick<CallParts, 'engine'>, name: EngineCallName, request: unknown): Promise<Result<unknown>> {
  const outer = engineRequestSchema.safeParse(request);
  if (!outer.success) return badInput(name);
  const input = CALLS[name].input.safeParse(outer.data.input ?? {});
  // The engine fills defaults in itself, so it gets what was asked and not what was read from it.
  return input.success ? parts.engine(name, outer.data.input ?? {}, outer.data.ask) : badInput(name);
}

export async function appCall(parts: Pick<CallParts, 'app'>, name: AppCallName, given: unknown): Promise<Result<unknown>> {
  const input = APP_CALLS[name].input.safeParse(given ?? {});
  if (!input.success) return badInput(name);
  // The table ties name, input and handler together; TypeScript can not follow that through a variable name.
  const handler = parts.app[name] as (input: unknown) => Promise<Result<unknown>> | Result<unknown>;
  const answer = await handler(input.data);
  return answer.ok ? ok(APP_CALLS[name].output.parse(answer.value)) : answer;
}

function badInput(name: string): Result<never> {
  return fail('bad-input', `The window asked for ${name} in a form that is not in the table.`);
}
