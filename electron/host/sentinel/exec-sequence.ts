/**
 * One `execve` raises several permission events on the same thread: the file itself, a script's interpreter, the ELF
 * loader. This tells them apart by the call's own argument addresses, which stay the same for the whole call.
 *
 * - The loader of a program that was just judged is let through unjudged: what it loads has been judged.
 * - The interpreter of a script is judged as a start of its own, with the arguments the kernel will give it.
 *
 * A thread can only be in one call at a time, so one record a thread is enough; the table is bounded because threads end
 * without telling.
 */

import { RecentMap } from '../../engine/core/recent-map.ts';

export interface CallIdentity {
  readonly filename: number | bigint;
  readonly argv: number | bigint;
}

export interface PendingCall extends CallIdentity {
  readonly image: string;
  /** The path as it was given to the kernel; null when unreadable. The interpreter sees this one. */
  readonly filenameText: string | null;
  readonly script: { readonly interpreter: string; readonly argument: string | null } | null;
  readonly argv0: readonly string[] | null;
}

/** At least; see `RecentMap`. */
const MOST_THREADS = 2_048;
const LOADER = /^(?:\/usr)?\/(?:lib|lib32|lib64|libx32)\/(?:[^/]+\/)?ld(?:-linux[^/]*|-musl-[^/]*|64|-[0-9][^/]*)?\.so[^/]*$/;

export type ExecStep = { readonly kind: 'program' } | { readonly kind: 'loader' } | { readonly kind: 'interpreter'; readonly of: PendingCall };

export class ExecSequences {
  private readonly pending = new RecentMap<number, PendingCall>(MOST_THREADS);

  /** What this event is within the call of its thread. */
  classify(tid: number, call: CallIdentity, image: string): ExecStep {
    const before = this.pending.get(tid);
    if (before?.filename !== call.filename || before.argv !== call.argv || before.image === image) return { kind: 'program' };
    if (isSystemLoader(image)) {
      // Once only: the next event with these addresses is another call.
      this.pending.delete(tid);
      return { kind: 'loader' };
    }
    return before.script === null ? { kind: 'program' } : { kind: 'interpreter', of: before };
  }

  remember(tid: number, pending: PendingCall): void {
    this.pending.set(tid, pending);
  }

  forget(tid: number): void {
    this.pending.delete(tid);
  }
}

/** The ELF loader at a place only root can write. Elsewhere it is a program like any other. */
export function isSystemLoader(image: string): boolean {
  return LOADER.test(image);
}

/** The arguments a script's interpreter gets: itself, its one optional argument, the script, then the rest. */
export function interpreterArguments(call: PendingCall): readonly string[] | null {
  if (call.script === null || call.argv0 === null) return null;
  const { interpreter, argument } = call.script;
  return [interpreter, ...(argument === null ? [] : [argument]), call.filenameText ?? call.image, ...call.argv0.slice(1)];
}
