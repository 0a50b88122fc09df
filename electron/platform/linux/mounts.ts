/** The mounted file systems, and news when that changes. */
import { closeSync, openSync, readFileSync } from 'node:fs';
import type { MountEntry } from '../contract.ts';
import { pollDescriptor, type PollWatch } from '../ffi/poll.ts';
import { MountTableChange } from './mount-table-change.ts';
import { parseMountTable, reachableMounts } from './mount-table.ts';
import { isKernelView, volumeKind, whyNotMarkable } from './volume-kind.ts';

const TABLE = '/proc/self/mountinfo';

let known: { readonly table: Buffer; readonly mounts: readonly MountEntry[] } | null = null;

/** Every mount that a path of this process leads to; what lies below another mount is not listed. Looked into anew only when the table is another. */
export function readMounts(): readonly MountEntry[] {
  const table = readFileSync(TABLE);
  if (known?.table.equals(table) !== true) known = { table, mounts: describe(table) };
  return known.mounts;
}

function describe(table: Buffer): MountEntry[] {
  return reachableMounts(parseMountTable(table)).map((row) => {
    const reason = whyNotMarkable(row);
    return {
      id: row.id,
      mountPoint: row.mountPoint,
      fsType: row.fsType,
      device: row.device,
      source: row.source,
      readOnly: row.options.includes('ro') || row.superOptions.includes('ro'),
      volume: volumeKind(row),
      holdsPrograms: !isKernelView(row.fsType),
      markable: reason === null,
      reason,
    };
  });
}

const FALLBACK_INTERVAL_MS = 250;

export interface MountNews {
  /** Asks now; costs a call of the system while nothing has changed. To be called at each beat, and after whatever waited for the loop from outside. */
  look(): void;
  close(): void;
}

/**
 * Calls `onChange` after changes of the mount table. The kernel announces one as an error condition on the open table
 * (proc_pid_mounts(5)), which libuv's poll passes on, so nothing is read while nothing changes. Where that can not be set up, the table
 * is compared four times a second.
 *
 * The kernel tells each descriptor of a change once, to whoever asks first. Electron waits for the loop's epoll by another one, and so does
 * `ffi/loop.ts`: their asking uses the announcement up, and the loop wakes for nothing. So `look` asks a descriptor of its own.
 */
export function watchMounts(onChange: () => void): MountNews {
  const fd = openSync(TABLE, 'r');
  try {
    return new MountWatch(fd, onChange);
  } catch {
    closeSync(fd);
    return compareMounts(onChange);
  }
}

class MountWatch implements MountNews {
  readonly #fd: number;
  readonly #change = new MountTableChange();
  readonly #onChange: () => void;
  readonly #watch: PollWatch;
  #seen: Uint8Array = readFileSync(TABLE);
  #closed = false;

  constructor(fd: number, onChange: () => void) {
    this.#fd = fd;
    this.#onChange = onChange;
    this.#watch = pollDescriptor(fd, 'error', () => {
      this.#compareOnceArmed();
      this.#tell();
    });
    this.#compareOnceArmed();
  }

  look(): void {
    if (this.#change.seen()) this.#tell();
  }

  close(): void {
    this.#closed = true;
    this.#watch.close();
    this.#change.close();
    closeSync(this.#fd);
  }

  /**
   * A change that comes before the wait is armed is used up by the arming and never told (epoll asks the file when it is added, and the
   * kernel answers "changed" once). libuv arms at the end of the present turn or of the next one, hence two turns.
   */
  #compareOnceArmed(): void {
    setImmediate(() => setImmediate(() => {
      if (this.#closed) return;
      const now = readFileSync(TABLE);
      if (!now.equals(this.#seen)) this.#tell();
    }));
  }

  /** Whichever way it was learned: the next look need not tell it again. */
  #tell(): void {
    this.#change.seen();
    this.#seen = readFileSync(TABLE);
    this.#onChange();
  }
}

function compareMounts(onChange: () => void): MountNews {
  let before = readFileSync(TABLE);
  const look = (): void => {
    const now = readFileSync(TABLE);
    if (now.equals(before)) return;
    before = now;
    onChange();
  };
  const timer = setInterval(look, FALLBACK_INTERVAL_MS);
  return { look, close: () => { clearInterval(timer); } };
}
