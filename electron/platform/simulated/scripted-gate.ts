/** A permission queue whose questions a test asks. It keeps the real one's promises: a bound on what is held, one answer each. */
import type { PermissionEvent, PermissionGate, Pid } from '../contract.ts';
import { ok, type Result } from '../../../shared/result.ts';

export class ScriptedGate implements PermissionGate {
  readonly marks = new Set<string>();
  readonly fileMarks = new Set<string>();
  closed = false;
  starved = false;
  #take: ((event: PermissionEvent) => void) | null = null;
  #onFailure: (message: string) => void = () => undefined;
  #onRest: () => void = () => undefined;
  #nextFd = 1_000_000;
  readonly #maxHeld: number;
  readonly #waiting: PermissionEvent[] = [];
  readonly #open = new Map<PermissionEvent, (allowed: boolean) => void>();
  readonly #held = new Set<PermissionEvent>();

  constructor(maxHeld = 64) {
    this.#maxHeld = maxHeld;
  }

  get held(): number {
    return this.#held.size;
  }

  /** Asks one question and gives its answer; once closed everything is allowed, as by the kernel. `fd` is a made-up number unless given. */
  ask(kind: PermissionEvent['kind'], tid: Pid, fd = this.#nextFd++): Promise<boolean> {
    return new Promise((resolve) => {
      if (this.closed) {
        resolve(true);
        return;
      }
      const event: PermissionEvent = { kind, fd, tid, readAtNs: process.hrtime.bigint() };
      this.#open.set(event, resolve);
      this.#waiting.push(event);
      this.#deliver();
    });
  }

  /** Questions are asked by calls, so there is nothing to wait for. */
  attend(): boolean {
    return false;
  }

  failWith(message: string): void {
    this.#onFailure(message);
  }

  start(take: (event: PermissionEvent) => void, onFailure: (message: string) => void, onRest: () => void = () => undefined): void {
    if (this.#take !== null || this.closed) throw new Error('the permission gate was already started or closed');
    this.#take = take;
    this.#onFailure = onFailure;
    this.#onRest = onRest;
    this.#deliver();
  }

  answer(event: PermissionEvent, allow: boolean): bigint {
    const atNs = process.hrtime.bigint();
    if (this.closed) return atNs;
    if (!this.#held.delete(event)) throw new Error(`permission event on descriptor ${event.fd} was answered twice`);
    this.#open.get(event)?.(allow);
    this.#open.delete(event);
    this.#deliver();
    return atNs;
  }

  markFilesystem(mountPoint: string, _mountId?: number): Result<void> {
    this.marks.add(mountPoint);
    return ok(undefined);
  }

  unmarkFilesystem(mountPoint: string): Result<void> {
    this.marks.delete(mountPoint);
    return ok(undefined);
  }

  markFileOpen(path: string): Result<void> {
    this.fileMarks.add(path);
    return ok(undefined);
  }

  unmarkFileOpen(path: string): Result<void> {
    this.fileMarks.delete(path);
    return ok(undefined);
  }

  close(): void {
    this.closed = true;
    for (const answer of this.#open.values()) answer(true);
    this.#open.clear();
    this.#held.clear();
    this.#waiting.length = 0;
  }

  #deliver(): void {
    while (this.#take !== null && this.#held.size < this.#maxHeld) {
      const event = this.#waiting.shift();
      if (event === undefined) break;
      this.#held.add(event);
      this.#take(event);
    }
    this.#onRest();
  }
}
