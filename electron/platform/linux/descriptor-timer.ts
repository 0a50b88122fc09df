/**
 * Timers of the kernel (timerfd_create(2)) for what fires all day. One of Node's is set anew in the loop each time it has fired, and
 * Electron's loop takes each such change for a reason to wake up once more: with these a process that only beats wakes half as often.
 *
 * Single-threaded: what is called runs on the loop of the thread that made the timer.
 */
import { closeSync } from 'node:fs';
import { readNow, timerCreate, timerSet } from '../ffi/libc.ts';
import { pollDescriptor, throwFromLoop } from '../ffi/poll.ts';

export interface OneTimer {
  /** Fires once, so many ms from now. What was set before is forgotten. */
  set(ms: number): void;
  clear(): void;
  close(): void;
}

/** Null where the kernel gives none: no descriptor is free. */
export function oneTimer(onTime: () => void): OneTimer | null {
  const fd = timerCreate(CLOCK_MONOTONIC, TFD_NONBLOCK_CLOEXEC);
  return fd < 0 ? null : new DescriptorTimer(fd, onTime);
}

// linux/time.h, linux/timerfd.h
const CLOCK_MONOTONIC = 1;
const TFD_NONBLOCK_CLOEXEC = 0o2004000;

class DescriptorTimer implements OneTimer {
  readonly #fd: number;
  readonly #onTime: () => void;
  readonly #stop: () => void;
  /** How often it has fired since it was asked; nobody wants to know. */
  readonly #count = Buffer.alloc(8);
  /** `struct itimerspec`: an interval, which stays zero, then the time until it fires, each in seconds and nanoseconds. */
  readonly #spec = Buffer.alloc(32);

  constructor(fd: number, onTime: () => void) {
    this.#fd = fd;
    this.#onTime = onTime;
    const watch = pollDescriptor(fd, 'readable', () => this.#fire());
    this.#stop = () => watch.close();
  }

  set(ms: number): void {
    // A time of zero would switch it off.
    this.#place(Math.max(ms, 0.001));
  }

  clear(): void {
    this.#place(0);
  }

  close(): void {
    this.#stop();
    closeSync(this.#fd);
  }

  #place(ms: number): void {
    const seconds = Math.floor(ms / 1_000);
    this.#spec.writeBigInt64LE(BigInt(seconds), 16);
    this.#spec.writeBigInt64LE(BigInt(Math.round((ms - seconds * 1_000) * 1e6)), 24);
    timerSet(this.#fd, 0, this.#spec, null);
  }

  #fire(): void {
    // It was set anew meanwhile and is not due yet.
    if (readNow(this.#fd, this.#count, 8) !== 8) return;
    try {
      this.#onTime();
    } catch (defect) {
      throwFromLoop(defect);
    }
  }
}
