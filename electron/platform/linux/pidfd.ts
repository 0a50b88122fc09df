/**
 * Processes held by descriptor (pidfd_open(2), Linux 5.3; pidfd_send_signal(2), Linux 5.1), so that a signal reaches the process that
 * was meant or nobody: a process id is used again once its process is gone, a descriptor is not.
 */
import { closeSync } from 'node:fs';
import { constants } from 'node:os';
import type { HeldProcess, Pid } from '../contract.ts';
import { describeError, pidfdOpen, pidfdSendSignal } from '../ffi/libc.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { pollDescriptor } from '../ffi/poll.ts';
import { readStat } from './proc.ts';

const { errno, signals } = constants;

/** Holds the process that has this id and start time; null when it is gone. The start time is checked after the descriptor is open. */
export function holdProcess(pid: Pid, expectedStartTicks: number): Result<HeldProcess | null> {
  const fd = pidfdOpen(pid);
  if (fd === -errno.ESRCH) return ok(null);
  if (fd < 0) return fail('hold-failed', `Process ${pid} can not be held: ${describeError(fd)}.`);
  // Whatever the id names now is what the descriptor holds or a later process; equal start times mean it is the one that was meant.
  if (readStat(pid)?.startTicks !== expectedStartTicks) {
    closeSync(fd);
    return ok(null);
  }
  return ok(new PidfdProcess(pid, fd));
}

/**
 * Calls once when the process ends (a pidfd becomes readable then); costs nothing until then. False when it can not be
 * watched: gone already, or an older kernel. Main thread only.
 */
export function onProcessEnd(pid: Pid, listener: () => void): boolean {
  const fd = pidfdOpen(pid);
  if (fd < 0) return false;
  const watch = pollDescriptor(fd, 'readable', () => {
    watch.close();
    closeSync(fd);
    listener();
  });
  return true;
}

class PidfdProcess implements HeldProcess {
  readonly pid: Pid;
  #fd: number;

  constructor(pid: Pid, fd: number) {
    this.pid = pid;
    this.#fd = fd;
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): Result<boolean> {
    if (this.#fd < 0) throw new Error(`process ${this.pid} is no longer held`);
    const outcome = pidfdSendSignal(this.#fd, signals[signal]);
    if (outcome === 0) return ok(true);
    if (outcome === -errno.ESRCH) return ok(false);
    if (outcome === -errno.EPERM) return fail('permission-denied', `Process ${this.pid} belongs to another account: stopping it needs administrator rights.`);
    return fail('signal-failed', `Process ${this.pid} could not be sent ${signal}: ${describeError(outcome)}.`);
  }

  close(): void {
    if (this.#fd < 0) return;
    closeSync(this.#fd);
    this.#fd = -1;
  }
}
