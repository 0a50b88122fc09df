/** A process of which a test is sure: its id together with its start time, so that a signal never meets another one. */
import { readStat } from '../../../electron/platform/linux/proc.ts';

export interface KnownProcess {
  readonly pid: number;
  readonly startTicks: number;
}

export function knownProcess(pid: number): KnownProcess {
  const stat = readStat(pid);
  if (stat === null) throw new Error(`process ${pid} is not there`);
  return { pid, startTicks: stat.startTicks };
}

/** Null when there is none that lives. */
export function livingProcess(pid: number): KnownProcess | null {
  const stat = readStat(pid);
  return stat === null || stat.state === 'Z' || stat.state === 'X' ? null : { pid, startTicks: stat.startTicks };
}

/** Null when it has ended, also when nobody has waited for it yet. */
export function stateOf({ pid, startTicks }: KnownProcess): string | null {
  const stat = readStat(pid);
  return stat?.startTicks !== startTicks || stat.state === 'Z' || stat.state === 'X' ? null : stat.state;
}

export function lives(known: KnownProcess): boolean {
  return stateOf(known) !== null;
}

/** Does nothing to one that has ended. */
export function signal(known: KnownProcess, name: NodeJS.Signals): void {
  if (!lives(known)) return;
  try {
    process.kill(known.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
