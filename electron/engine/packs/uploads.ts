/**
 * Packs that a client is sending, part by part, because a line of the socket is limited. Few at a time, each bounded and for
 * a minute only: a client that begins and never ends costs nothing for long.
 */
import { fail, ok, type Result } from '../../../shared/result.ts';
import { LIMITS } from './limits.ts';
import { PACKS } from './words.ts';

const MOST_AT_ONCE = 2;
const LONGEST_MS = 120_000;

export interface UploadStart {
  readonly name: string;
  readonly version: string;
  readonly origin: string;
  readonly licence: string | null;
}

export interface Upload extends UploadStart {
  readonly bytes: Buffer;
}

interface Pending {
  readonly start: UploadStart;
  readonly fromMs: number;
  readonly parts: Buffer[];
  bytes: number;
}

export class Uploads {
  private readonly pending = new Map<string, Pending>();
  private readonly nowMs: () => number;

  /** Milliseconds of a clock that never goes back. */
  constructor(nowMs: () => number) {
    this.nowMs = nowMs;
  }

  begin(token: string, start: UploadStart): void {
    this.forgetOld();
    const [oldest] = this.pending.keys();
    if (this.pending.size >= MOST_AT_ONCE && oldest !== undefined) this.pending.delete(oldest);
    this.pending.set(token, { start, fromMs: this.nowMs(), parts: [], bytes: 0 });
  }

  add(token: string, part: Buffer): Result<number> {
    this.forgetOld();
    const pending = this.pending.get(token);
    if (pending === undefined) return fail('no-upload', PACKS.noUpload);
    pending.bytes += part.length;
    if (pending.bytes > LIMITS.packedBytes) {
      this.pending.delete(token);
      return fail('too-much', PACKS.uploadTooLarge(LIMITS.packedBytes));
    }
    pending.parts.push(part);
    return ok(pending.bytes);
  }

  take(token: string): Result<Upload> {
    this.forgetOld();
    const pending = this.pending.get(token);
    if (pending === undefined) return fail('no-upload', PACKS.noUpload);
    this.pending.delete(token);
    return ok({ ...pending.start, bytes: Buffer.concat(pending.parts, pending.bytes) });
  }

  private forgetOld(): void {
    const now = this.nowMs();
    for (const [token, { fromMs }] of this.pending) if (now - fromMs > LONGEST_MS) this.pending.delete(token);
  }
}
