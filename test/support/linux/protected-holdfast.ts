/** A Holdfast with preset strict in force, and programs on its file system: a harmless one, and forbidden ones that end at once or stay. */
import type { Status } from '../../../shared/status/status.ts';
import { LiveHoldfast, run, type LiveOptions } from './live-holdfast.ts';
import { stormPrograms, type StormProgram } from './start-storm.ts';

export interface Protected {
  live: LiveHoldfast;
  readonly programs: ReturnType<typeof stormPrograms>;
}

export async function startProtected(options: LiveOptions = {}): Promise<Protected> {
  const live = await LiveHoldfast.start(options);
  try {
    const programs = stormPrograms(live.scope);
    await live.call('rulesPreset', { preset: 'strict' });
    await live.until((status) => isProtecting(status) && status.state === 'protected');
    return { live, programs };
  } catch (error) {
    await (options.after === undefined ? live.remove() : live.end());
    throw error;
  }
}

/** Asked before starts, and somebody looks after what runs. */
export function isProtecting(status: Status): boolean {
  return status.state !== 'starting' && status.sentinel.pid !== null && status.coverage.some(({ prevent }) => prevent);
}

/** `EPERM`, or the exit code. */
export function startOf({ path, args }: StormProgram): Promise<number | string> {
  return run(path, args);
}

export async function manyStartsOf(program: StormProgram, times: number): Promise<(number | string)[]> {
  const outcomes = [];
  for (let count = 0; count < times; count += 1) outcomes.push(await startOf(program));
  return outcomes;
}
