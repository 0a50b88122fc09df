/**
 * A bridge without a program behind it. Everything that crosses it passes the schemas of the real table, in both directions: what
 * the window asks wrongly and what the gallery invents wrongly is an error, so neither can drift from the contract.
 */
import { CALLS, FAILURES, type CallInput, type CallOutput } from '../../../shared/control/calls.ts';
import type { AppCallName, EngineCallName, EventName } from '../../../shared/ipc/names.ts';
import { APP_CALLS, EVENTS, type AppInput, type AppOutput, type Bridge, type EventPayload } from '../../../shared/ipc/table.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { appAnswers, type AppAnswers } from './app-answers.ts';
import { engineAnswers, type EngineAnswers } from './engine-answers.ts';
import type { World } from './world.ts';

const never = new Promise<never>(() => undefined);

export class FakeBridge implements Bridge {
  readonly world: World;
  /** Every call in the order it came, for tests. */
  readonly asked: { readonly name: string; readonly input: unknown }[] = [];
  private readonly listeners = new Map<EventName, Set<(payload: never) => void>>();
  private readonly engineAnswers: EngineAnswers;
  private readonly appAnswers: AppAnswers;

  constructor(world: World, nowMs: () => number) {
    this.world = world;
    const tell = <N extends EventName>(name: N, payload: EventPayload<N>): void => this.tell(name, payload);
    this.engineAnswers = engineAnswers(world, nowMs, tell);
    this.appAnswers = appAnswers(world, tell);
  }

  async engine<N extends EngineCallName>(name: N, input: CallInput<N>, options: { readonly ask?: boolean } = {}): Promise<Result<CallOutput<N>>> {
    const checked = CALLS[name].input.parse(input);
    this.asked.push({ name, input: checked });
    const refused = CALLS[name].right === 'change' ? this.refusedChange(options.ask === true) : this.world.reads;
    if (refused === 'silent') return never;
    if (refused !== 'answered') return { ok: false, error: refused };
    // As long as a short way to another process takes.
    await new Promise((resolve) => setTimeout(resolve, 5));
    const answer = this.engineAnswers[name](checked as never);
    return answer.ok ? ok(CALLS[name].output.parse(answer.value) as CallOutput<N>) : answer;
  }

  app<N extends AppCallName>(name: N, input: AppInput<N>): Promise<Result<AppOutput<N>>> {
    const checked = APP_CALLS[name].input.parse(input);
    this.asked.push({ name, input: checked });
    const answer = this.appAnswers[name](checked as never);
    return Promise.resolve(answer.ok ? ok(APP_CALLS[name].output.parse(answer.value) as AppOutput<N>) : answer);
  }

  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
    const set = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, set.add(listener));
    return () => set.delete(listener);
  }

  listensTo(name: EventName): boolean {
    return (this.listeners.get(name)?.size ?? 0) > 0;
  }

  tell<N extends EventName>(name: N, payload: EventPayload<N>): void {
    const checked = EVENTS[name].parse(payload);
    for (const listener of this.listeners.get(name) ?? []) listener(checked as never);
  }

  private refusedChange(asked: boolean): World['reads'] {
    const { changes, reads } = this.world;
    if (reads === 'silent') return reads;
    if (changes === 'ask') return asked ? 'answered' : failureOf(FAILURES.askPossible, 'This needs administrator rights.');
    return changes;
  }
}

function failureOf(code: string, message: string): Extract<Result<never>, { ok: false }>['error'] {
  const failed = fail(code, message);
  if (failed.ok) throw new Error('a failure is a failure');
  return failed.error;
}
