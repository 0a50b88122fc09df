/** Who decides whether an account without rights may make a change after all: the system's authority, by asking the person. */
import type { Result } from '../../../shared/result.ts';

export interface Authority {
  /** Why nobody can be asked here; null when somebody can. */
  whyNot(): string | null;
  /** Resolves ok when the person behind this process was asked and has shown that they may; takes as long as they take. */
  ask(caller: { readonly uid: number; readonly pid: number }): Promise<Result<void>>;
}

export function noAuthority(why: string, refuse: Result<never>): Authority {
  return { whyNot: () => why, ask: () => Promise.resolve(refuse) };
}
