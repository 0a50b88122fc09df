/** Finds the sentinel's judgement of a start that runs, and says whether it still has to be judged. */
import type { StartRecord } from '../../../shared/link/messages.ts';
import type { CoverageMap } from './coverage-map.ts';
import type { RecordShelf } from './record-shelf.ts';
import { isUnread, type SeenStart } from './seen-start.ts';
import { continuesStart, isSameStart } from './start-match.ts';
import { differs, NO_RECORD, NOT_JUDGED, OLDER_POLICY, TOO_LONG_TO_COMPARE, UNREAD } from './words.ts';

export type Match =
  /** `earlier`: the start before this one, which was over before it could be read. */
  | { readonly kind: 'judged'; readonly record: StartRecord; readonly earlier: StartRecord | null }
  /** `because`: why it was not prevented, if a rule forbids it. `record`: what is known of it beside the look at the process. */
  | { readonly kind: 'judge'; readonly record: StartRecord | null; readonly because: string }
  | { readonly kind: 'wait' };

/** A process went on to its next program before the first could be read: the news of that next one is still to come. */
interface Ahead {
  readonly earlier: StartRecord;
  readonly record: StartRecord;
}

export class StartMatcher {
  private readonly shelf: RecordShelf;
  private readonly coverage: CoverageMap;
  private readonly ahead = new WeakMap<SeenStart['life'], Ahead>();

  constructor(shelf: RecordShelf, coverage: CoverageMap) {
    this.shelf = shelf;
    this.coverage = coverage;
  }

  /** `last`: nothing more is waited for. */
  match(start: SeenStart, generation: number, last: boolean): Match {
    const records = this.shelf.of(start.pid);
    const record = start.image === null ? firstWhole(records) : records.find((candidate) => isSameStart(candidate, start));
    if (record !== undefined) {
      this.noteAhead(start, records, record);
      this.shelf.takeThrough(start.pid, record);
      return verdictOf(record, generation);
    }
    const ahead = this.takeAhead(start);
    if (ahead !== null) return verdictOf(ahead.record, generation, ahead.earlier);
    if (records.length === 0) return this.withoutRecord(start, last);
    if (!last) return { kind: 'wait' };
    if (isUnread(start)) return this.unread(start, records);
    const latest = records[records.length - 1];
    if (latest === undefined) throw new Error('a list with records has no last one');
    this.shelf.takeThrough(start.pid, latest);
    return { kind: 'judge', record: null, because: this.coverage.whyNever(start.image) ?? whyNotAsJudged(latest, start) };
  }

  /** Judged again with what the sentinel read before the start: nothing says that the kernel took anything else. */
  private unread(start: SeenStart, records: readonly StartRecord[]): Match {
    const record = records.find(({ image }) => image === start.image) ?? null;
    for (const each of records) this.shelf.takeThrough(start.pid, each);
    return { kind: 'judge', record, because: UNREAD };
  }

  private noteAhead(start: SeenStart, records: readonly StartRecord[], record: StartRecord): void {
    const [earlier] = records;
    if (start.image === null || earlier === undefined || earlier === record || continuesStart(earlier, record)) this.ahead.delete(start.life);
    else this.ahead.set(start.life, { earlier, record });
  }

  private takeAhead(start: SeenStart): Ahead | null {
    const ahead = this.ahead.get(start.life);
    if (ahead === undefined || isUnread(start)) return null;
    this.ahead.delete(start.life);
    return isSameStart(ahead.record, start) ? ahead : null;
  }

  private withoutRecord(start: SeenStart, last: boolean): Match {
    const expectation = this.coverage.of(start.image);
    if (!expectation.expected) return { kind: 'judge', record: null, because: expectation.because };
    return last ? { kind: 'judge', record: null, because: NO_RECORD } : { kind: 'wait' };
  }
}

/** A record of another program is that of an earlier start, which is over: of what runs now the sentinel has none. */
function whyNotAsJudged(record: StartRecord, start: SeenStart): string {
  if (record.image !== start.image && start.argv?.includes(record.image) !== true) return NO_RECORD;
  if (record.unjudged !== undefined) return NOT_JUDGED;
  return record.argv === null ? TOO_LONG_TO_COMPARE : differs(record);
}

/** For a process that can not be looked at any more: its oldest record; for a script with that of the interpreter, which is what ran. */
function firstWhole(records: readonly StartRecord[]): StartRecord | undefined {
  const [first, second] = records;
  return first !== undefined && second !== undefined && continuesStart(first, second) ? second : first;
}

function verdictOf(record: StartRecord, generation: number, earlier: StartRecord | null = null): Match {
  if (record.answer === 'deny') return { kind: 'judge', record, because: 'the sentinel refused it, but the kernel let it start' };
  if (record.unjudged !== undefined) return { kind: 'judge', record, because: NOT_JUDGED };
  // What an allow let pass may run, though an allow for one use is gone from the rules by now.
  if (record.generation < generation && record.allowId === undefined) return { kind: 'judge', record, because: OLDER_POLICY };
  return { kind: 'judged', record, earlier };
}
