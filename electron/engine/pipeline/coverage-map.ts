/** Which starts the sentinel was asked about before they ran, and why it was not asked about the others. Pure. */
import type { Coverage } from '../../../shared/status/status.ts';

export type CoveredMount = Pick<Coverage, 'mount' | 'prevent' | 'reason'>;

export type Expectation = { readonly expected: true } | { readonly expected: false; readonly because: string };

const MEMORY_FILE = '/memfd:';

export class CoverageMap {
  private readonly mounts = new Map<string, CoveredMount>();
  private up = false;

  /** As the sentinel reports it, complete each time. */
  setCoverage(coverage: readonly CoveredMount[]): void {
    this.mounts.clear();
    for (const entry of coverage) this.mounts.set(entry.mount, entry);
  }

  setSentinel(up: boolean): void {
    this.up = up;
    if (!up) this.mounts.clear();
  }

  /** `image` is null for a process that was gone before it could be read. */
  of(image: string | null): Expectation {
    if (!this.up) return { expected: false, because: 'the sentinel was not running' };
    if (image === null) return { expected: true };
    const never = this.whyNever(image);
    if (never !== null) return { expected: false, because: never };
    const mount = this.mountOf(image);
    if (mount === null) return { expected: false, because: 'its file system is not watched before starts' };
    return mount.prevent ? { expected: true } : { expected: false, because: mount.reason ?? `starts on ${mount.mount} can not be prevented` };
  }

  /** Why the sentinel is never asked about this program, whatever records of its process say; null when it could be. */
  whyNever(image: string | null): string | null {
    return image?.startsWith(MEMORY_FILE) === true ? 'the program was started from memory, not from a file' : null;
  }

  private mountOf(image: string): CoveredMount | null {
    for (let end = image.length; end > 0; end = image.lastIndexOf('/', end - 1)) {
      const found = this.mounts.get(image.slice(0, end));
      if (found !== undefined) return found;
    }
    return this.mounts.get('/') ?? null;
  }
}
