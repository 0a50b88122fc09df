/**
 * Whether this process's mount table is another than when it was asked last. poll(2) on the open table tells that once for each change and each
 * descriptor (proc_pid_mounts(5)), needs no turn of the loop and reads nothing. The descriptor is asked here alone, so nobody else uses the answer up.
 */
import { closeSync, openSync } from 'node:fs';
import { pollNow } from '../ffi/libc.ts';
import { POLLFD, pollFor } from '../ffi/loop.ts';

export class MountTableChange {
  readonly #fd = openSync('/proc/self/mountinfo', 'r');
  readonly #poll = pollFor([this.#fd], POLLFD.urgent);

  /** To be asked before the table is read: what changes in between is told the next time. True also when it can not be told. */
  seen(): boolean {
    return pollNow(this.#poll, 1, 0) !== 0;
  }

  close(): void {
    closeSync(this.#fd);
  }
}
