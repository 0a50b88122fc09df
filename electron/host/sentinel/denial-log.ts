/**
 * The sentinel's own record of what it refused. Each denial is appended before the kernel is answered and confirmed
 * after; a sentinel killed in between leaves one unconfirmed line, which the engine resolves from whether the start ran.
 *
 * The file lies in the run folder (memory on usual systems): an append must never wait for a disk.
 * One writer (the sentinel), one reader (the engine); lines are short appends, so a reader sees whole lines or a cut tail.
 * A log that grows while denials pour in is ended and a further file begun; the reader forgets files that nobody holds.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { StartRecord } from '../../../shared/link/messages.ts';
import { toLine } from '../link/json-lines.ts';

const NAME = /^denials-([^.]+)(?:\.(\d+))?\.jsonl$/;
/** A log that is larger and drained is emptied or followed by another, so that it stays small for ever. */
const SMALL_BYTES = 64 * 1024;

export class DenialLog {
  private readonly folder: string;
  private readonly sentinelId: string;
  private readonly hold: (fd: number) => void;
  private part = 1;
  private current: { readonly file: string; readonly fd: number };
  private bytes = 0;
  private lastSeq = 0;
  /** Confirmations that found no room. A record that is never confirmed would keep all later ones from being taken over. */
  private unconfirmed: number[] = [];

  /**
   * Throws when the file exists or can not be made: without a log nothing may be refused. `hold` locks the descriptor for
   * the life of this process; the lock tells the engine that more lines may come.
   */
  constructor(folder: string, sentinelId: string, hold: (fd: number) => void) {
    this.folder = folder;
    this.sentinelId = sentinelId;
    this.hold = hold;
    this.current = this.open();
  }

  get file(): string {
    return this.current.file;
  }

  /** False when the record could not be written (full file system); the caller hands it over another way. */
  append(record: StartRecord): boolean {
    this.lastSeq = record.seq;
    return this.write(toLine(record));
  }

  confirm(seq: number): void {
    if (!this.write(confirmation(seq))) this.unconfirmed.push(seq);
  }

  /** The engine has stored everything up to `throughSeq`. */
  drained(throughSeq: number): void {
    if (this.unconfirmed.length > 0) this.write('');
    if (this.bytes < SMALL_BYTES || this.unconfirmed.length > 0) return;
    if (throughSeq === this.lastSeq) {
      fs.ftruncateSync(this.current.fd, 0);
      this.bytes = 0;
    } else this.beginNext();
  }

  private beginNext(): void {
    try {
      this.part += 1;
      const next = this.open();
      fs.closeSync(this.current.fd);
      this.current = next;
      this.bytes = 0;
    } catch {
      // No room for another: this one serves on.
    }
  }

  /** Under its name only once it is held: one that nobody holds counts as a dead sentinel's. */
  private open(): { readonly file: string; readonly fd: number } {
    const file = path.join(this.folder, `denials-${this.sentinelId}${this.part === 1 ? '' : `.${this.part}`}.jsonl`);
    const unnamed = `${file}.new`;
    const { O_WRONLY, O_CREAT, O_EXCL, O_APPEND, O_NOFOLLOW } = fs.constants;
    const fd = fs.openSync(unnamed, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW, 0o600);
    try {
      this.hold(fd);
      fs.linkSync(unnamed, file);
    } catch (error) {
      fs.closeSync(fd);
      throw error;
    } finally {
      fs.unlinkSync(unnamed);
    }
    return { file, fd };
  }

  /** All or nothing: on a full file system part of a line would spoil the next one. */
  private write(line: string): boolean {
    const bytes = Buffer.from(this.unconfirmed.map(confirmation).join('') + line);
    try {
      if (fs.writeSync(this.current.fd, bytes) < bytes.length) {
        fs.ftruncateSync(this.current.fd, this.bytes);
        return false;
      }
    } catch {
      return false;
    }
    this.bytes += bytes.length;
    this.unconfirmed = [];
    return true;
  }
}

function confirmation(seq: number): string {
  return `{"confirmed":${seq}}\n`;
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

export interface FoundLog {
  readonly file: string;
  readonly sentinelId: string;
}

/** Logs in the folder with the id of the sentinel that wrote each; those of one sentinel in the order in which it wrote them. */
export function listDenialLogs(folder: string): FoundLog[] {
  const found = fs.readdirSync(folder).flatMap((name) => {
    const [, sentinelId, part] = NAME.exec(name) ?? [];
    return sentinelId === undefined ? [] : [{ file: path.join(folder, name), sentinelId, part: Number(part ?? 1) }];
  });
  return found.sort((a, b) => a.part - b.part).map(({ file, sentinelId }) => ({ file, sentinelId }));
}
