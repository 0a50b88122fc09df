/**
 * Every call of `shared/control/calls.ts`, behind one door that checks form and right before anything else happens.
 * What a caller is comes from the kernel (uid, pid of the socket's other end), never from the message.
 */
import { CALLS, FAILURES, type CallName, type CallOutput } from '../../../shared/control/calls.ts';
import { fail, type Result } from '../../../shared/result.ts';
import { allowCalls } from './allow-calls.ts';
import { historyCalls } from './history-calls.ts';
import { packCalls } from './pack-calls.ts';
import { readCalls } from './read-calls.ts';
import { ruleCalls } from './rule-calls.ts';
import { stateCalls } from './state-calls.ts';
import { windowCalls } from './window-calls.ts';
import type { ControlDeps } from './deps.ts';

export interface Caller {
  readonly uid: number;
  readonly pid: number;
}

/** A caller whose right to change things is settled. */
export interface KnownCaller extends Caller {
  readonly name: string;
  readonly mayChange: boolean;
}

/** One call: input already has the form of the table. */
export type Handler<N extends CallName> = (input: ParsedInput<N>, caller: KnownCaller) => Result<CallOutput<N>> | Promise<Result<CallOutput<N>>>;
export type ParsedInput<N extends CallName> = ReturnType<(typeof CALLS)[N]['input']['parse']>;
export type Handlers = { readonly [N in CallName]: Handler<N> };

export interface ControlService {
  /** `ask`: the person agrees to be asked for the right they lack. */
  handle(call: string, input: unknown, caller: Caller, ask?: boolean): Promise<Result<unknown>>;
}

/** A complaint quotes what it complains of, and that may be a megabyte. */
const LONGEST_COMPLAINT = 1_000;

export function createControlService(deps: ControlDeps): ControlService {
  const handlers: Handlers = { ...readCalls(deps), ...historyCalls(deps), ...ruleCalls(deps), ...packCalls(deps), ...allowCalls(deps), ...stateCalls(deps), ...windowCalls(deps) };
  return {
    handle: async (call, input, caller, ask = false) => {
      if (!isCall(call)) return fail('unknown-call', `There is no call "${call.slice(0, 60)}". The engine may be older than the program that asks.`);
      let mayChange = caller.uid === 0 || caller.uid === deps.ownUid;
      if (CALLS[call].right === 'change' && !mayChange) {
        if (!ask) return deps.authority.whyNot() === null ? fail(FAILURES.askPossible, 'This needs administrator rights: run it with sudo, or ask for permission.') : fail(FAILURES.noRight, 'This needs administrator rights: run it with sudo.');
        const granted = await deps.authority.ask(caller);
        if (!granted.ok) return granted;
        // For this one call.
        mayChange = true;
      }
      const parsed = CALLS[call].input.safeParse(input ?? {});
      if (!parsed.success) return fail('bad-input', parsed.error.issues.map((issue) => `${issue.path.join('.') || call}: ${issue.message}`).join('; ').slice(0, LONGEST_COMPLAINT));
      // The table ties name, input and handler together; TypeScript can not follow that through a variable name.
      const handler = handlers[call] as (input: unknown, caller: KnownCaller) => Result<unknown> | Promise<Result<unknown>>;
      return handler(parsed.data, { ...caller, name: deps.userName(caller.uid), mayChange });
    },
  };
}

/** Own names only: `constructor` and its like are no calls. */
function isCall(call: string): call is CallName {
  return Object.hasOwn(CALLS, call);
}
