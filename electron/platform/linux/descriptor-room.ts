/**
 * Whether there is room for a few more descriptors, asked before the kernel has to make one: where it can not, it refuses the start that
 * waits. The limit of a running process can be lowered from outside (prlimit(2)), so it is not remembered for good.
 *
 * The kernel gives out the lowest free number. So a free number close below the limit tells that those above it are free as well.
 */
import { closeSync } from 'node:fs';
import { duplicateFrom } from '../ffi/libc.ts';
import { descriptorLimit } from './limits.ts';

export class DescriptorRoom {
  private readonly fd: number;
  private readonly wanted: number;
  private limit = descriptorLimit();

  /** `fd`: any descriptor of this process that stays open. `wanted`: how many have to be free. */
  constructor(fd: number, wanted: number) {
    this.fd = fd;
    this.wanted = wanted;
  }

  isThere(): boolean {
    return this.fits() || (this.limitChanged() && this.fits());
  }

  private fits(): boolean {
    const lowest = this.limit - this.wanted;
    // Where something lies up there already, the numbers further down decide.
    return lowest >= 0 && (this.freeFrom(lowest) === lowest || this.freeFrom(0) < lowest);
  }

  /** Infinity when there is none. */
  private freeFrom(lowest: number): number {
    const found = duplicateFrom(this.fd, lowest);
    if (found < 0) return Infinity;
    closeSync(found);
    return found;
  }

  private limitChanged(): boolean {
    const before = this.limit;
    this.limit = descriptorLimit();
    return this.limit !== before;
  }
}
