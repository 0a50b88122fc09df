/** Whether a start that runs is the very start that the sentinel judged. Pure. */
import type { StartRecord } from '../../../shared/link/messages.ts';
import type { SeenStart } from './seen-start.ts';

/** What the kernel runs and with which arguments. */
export type Taken = Pick<SeenStart, 'image' | 'argv' | 'argvComplete' | 'gone'>;

/** The judged start runs as judged. A process that is gone can not contradict the record; one whose arguments can not be read is not taken at its word. */
export function isSameStart(record: StartRecord, taken: Taken): boolean {
  if (taken.image === null) return true;
  if (record.argv === null || !record.argvComplete) return false;
  if (taken.argv === null) return taken.gone && taken.image === record.image;
  if (taken.image === record.image) return taken.argvComplete && sameArguments(record.argv, taken.argv);
  return taken.argvComplete && isScriptForm(record.image, record.argv, taken.argv);
}

/** The second record of one start: the interpreter of the script that was judged just before. */
export function continuesStart(script: StartRecord, interpreter: StartRecord): boolean {
  if (script.argv === null || interpreter.argv === null || script.image === interpreter.image) return false;
  return isScriptForm(script.image, script.argv, interpreter.argv);
}

function sameArguments(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

/**
 * For a script the kernel puts the interpreter (and its one argument) first and the script's path in place of argv[0].
 * An interpreter that is itself a script repeats this, so more than two words may come before the path.
 */
function isScriptForm(script: string, given: readonly string[], taken: readonly string[]): boolean {
  const rest = given.slice(1);
  const at = taken.length - rest.length - 1;
  if (at < 1 || !sameArguments(rest, taken.slice(at + 1))) return false;
  const path = taken[at] ?? '';
  return path === script || path.startsWith('/dev/fd/') || baseName(path) === baseName(script);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
