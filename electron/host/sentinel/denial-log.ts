/**
 * The sentinel's own record of what it refused. Each denial is appended before the kernel is answered and confirmed
 * after; a sentinel killed in between leaves one unconfirmed line, which the engine resolves from whether the start ran.
 *
 * The file lies in the run folder (memory on usual systems): an append must never wait for a disk.
 * One writer (the sentinel), one reader (the engine); lines are short appends, so a reader sees whole lines or a cut tail.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { StartRecord } from '../../../shared/link/messages.ts';
import { toLine } from '../link/json-lines.ts';

const PREFIX = 'denials-';
const SUFFIX = '.jsonl';
/** A drained log larger than this is emptied, so that it stays small for ever. */
const EMPTY_ABOVE_BYTES = 64 * 1024;

export class DenialLog {
  readonly file: string;
  private readonly fd: number;
  private bytes = 0;
  private lastSeq = 0;

  /**
   * Throws when the file exists or can not be made: without a log nothing may be refused. `hold` locks the descriptor for
   * the life of this process; the lock tells the engine that more lines may come.
   */
  constructor(folder: string, sentinelId: string, hold: (fd: number) => void) {
    this.file = path.join(folder, `${PREFIX}${sentinelId}${SUFFIX}`);
    this.fd = fs.openSync(this.file, fs.constants.O_WRONLY | fs.constants.O_CREAT | fs.constants.O_EXCL | fs.constants.O_APPEND | fs.constants.O_NOFOLLOW, 0o600);
    hold(this.fd);
  }

  /** False when the record could not be written (full file system); the caller hands it over another way. */
  append(record: StartRecord): boolean {
    this.lastSeq = record.seq;
    return this.write(toLine(record));
  }

  confirm(seq: number): void {
    this.write(`{"confirmed":${seq}}\n`);
  }

  /** The engine has stored everything up to `throughSeq`. */
  drained(throughSeq: number): void {
    if (throughSeq !== this.lastSeq || this.bytes < EMPTY_ABOVE_BYTES) return;
    fs.ftruncateSync(this.fd, 0);
    this.bytes = 0;
  }

  private write(line: string): boolean {
    try {
      this.bytes += fs.writeSync(this.fd, line);
      return true;
    } catch {
      return false;
    }
  }
}

export interface LoggedDenial {
  readonly record: StartRecord;
  readonly confirmed: boolean;
}

/** All denials in a log, in order. A cut or damaged line is skipped: its sentinel died while writing it, before it answered. */
export function readDenialLog(file: string): LoggedDenial[] {
  const records = new Map<number, StartRecord>();
  const confirmed = new Set<number>();
  for (const line of fs.readFileSync(file, 'utf8').split('\n')) {
    const parsed = parseLine(line);
    if (parsed === null) continue;
    if ('confirmed' in parsed) confirmed.add(parsed.confirmed);
    else records.set(parsed.seq, parsed);
  }
  return [...records.values()].map((record) => ({ record, confirmed: confirmed.has(record.seq) }));
}

function parseLine(line: string): StartRecord | { readonly confirmed: number } | null {
  if (line === '') return null;
  try {
    return JSON.parse(line) as StartRecord | { readonly confirmed: number };
  } catch {
    return null;
  }
}

/** Logs in the folder with the id of the sentinel that wrote each. */
export function listDenialLogs(folder: string): { readonly file: string; readonly sentinelId: string }[] {
  return fs
    .readdirSync(folder)
    .filter((name) => name.startsWith(PREFIX) && name.endsWith(SUFFIX))
    .map((name) => ({ file: path.join(folder, name), sentinelId: name.slice(PREFIX.length, -SUFFIX.length) }));
}
