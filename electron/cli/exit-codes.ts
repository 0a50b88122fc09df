/** What `holdfast` ends with. A promise to scripts: values are added, never changed. */
import type { Failure } from '../../shared/result.ts';
import { isNoEngine } from '../host/control-client.ts';

export const EXIT = {
  ok: 0,
  /** The engine refused, the system did for want of rights, a rule file was refused, doctor found a problem. */
  refused: 1,
  /** What was typed can not be understood: unknown command, rule, preset, mode or time; an input of a replay can not be read at all. */
  usage: 2,
  /** No engine answered, or nothing that may be believed. */
  noEngine: 3,
  /** A rehearsal did not go as the present modes promise. */
  rehearsal: 4,
  /** Ended by Ctrl-C or a request to end, after cleaning up; 128 + the signal, as shells have it. */
  interrupted: 130,
} as const;

/** Codes of failures that lie in what was typed, whether this command or the engine noticed. */
const USAGE_CODES = [
  ...['unknown-rule', 'ambiguous-rule', 'unknown-mode', 'bad-time', 'bad-instance', 'bad-input', 'usage'],
  ...['no-such-rule', 'no-such-preset', 'mode-not-offered', 'bad-date', 'bad-exclusion', 'no-such-pack', 'bad-pack-name'],
];

/** An engine that may not be asked is there all the same: that is a refusal. */
const REFUSED_CONNECTION = 'socket-permission-denied';

export function exitCodeFor(failure: Failure): number {
  if (USAGE_CODES.includes(failure.code)) return EXIT.usage;
  return isNoEngine(failure) && failure.code !== REFUSED_CONNECTION ? EXIT.noEngine : EXIT.refused;
}
