/**
 * The command line of a running program without the risk of waiting: read by the side thread (see side-reader.ts), which this one waits for at
 * most a millisecond. A program can lay its argument area over a file whose server never answers; the engine must not wait for that.
 */
import type { Arguments, Pid } from '../contract.ts';
import { splitStrings } from './nul-strings.ts';
import { readProcFile } from './proc-file.ts';
import { readBeside } from './side-reader.ts';

/** Fields of /proc/<pid>/stat (proc(5)): addresses between which the arguments lie. */
const ARG_START = 48;
const ARG_END = 49;

/** `not-resident`: reading could wait, or is too much to read while others wait; ask `readCommandLineWithin`. */
export function readCommandLineNow(pid: Pid): Arguments | 'not-resident' | 'gone' {
  const area = argumentArea(pid);
  if (area === null) return 'gone';
  const size = Number(area.end - area.start);
  if (size <= 0) return { values: [], complete: true };
  if (size > 0x7fff_ffff) return 'not-resident';
  const found = readBeside({ tid: pid, what: 'bytes', address: area.start, size });
  if (found === 'gone') return 'gone';
  return found === 'elsewhere' ? 'not-resident' : { values: splitStrings(found), complete: true };
}

function argumentArea(pid: Pid): { readonly start: bigint; readonly end: bigint } | null {
  const bytes = readProcFile(`/proc/${pid}/stat`);
  if (bytes === null) return null;
  const text = bytes.toString('latin1');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { start: BigInt(fields[ARG_START - 3] ?? '0'), end: BigInt(fields[ARG_END - 3] ?? '0') };
}
