import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { DenialLog } from '../../../../electron/host/sentinel/denial-log.ts';
import { RecordBook, type DescribedStart, type RecordSystem } from '../../../../electron/host/sentinel/record-book.ts';
import type { FromSentinel, StartRecord } from '../../../../shared/link/messages.ts';

let sent: FromSentinel[];
let engineThere: boolean;
let logFull: boolean;
let book: RecordBook;

const inquiry = { known: (name: string) => (name === 'image' ? '/x' : ['x']), read: () => [] };
const start = { tid: 7, inquiry, tooLong: false } as unknown as DescribedStart;
const system: RecordSystem = { stat: () => null, isAlone: () => true, processOf: () => null, uid: () => 0, currentDirectory: () => '/', nowMs: () => 1 };
const audit = { audits: [{ ruleId: 'r', definitionId: 'd', mode: 'audit' as const, matched: [] }] };

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  engineThere = true;
  logFull = false;
  const log = { append: () => !logFull, confirm: () => undefined } as unknown as DenialLog;
  book = new RecordBook(log, system, (message) => {
    if (engineThere) sent.push(message);
    return engineThere;
  });
  return () => vi.useRealTimers();
});

function told(): number[] {
  return sent.flatMap((message) => (message.t === 'starts' ? message.records : [])).map(({ seq }) => seq);
}

function allow(hits: boolean): void {
  book.allowed(start, hits ? (audit as never) : null, null, null);
}

describe('RecordBook', () => {
  it('tells an engine that took over what the one before left behind, once it belongs in history', () => {
    allow(false);
    allow(true);
    allow(true);
    vi.runAllTimers();
    expect(told()).toEqual([1, 2, 3]);
    book.taken(2);
    sent = [];
    book.handOver();
    expect(told()).toEqual([3]);
    book.taken(3);
    sent = [];
    book.handOver();
    expect(told()).toEqual([]);
  });

  it('tells at once when the gate rests, and by a timer what is decided between its turns', () => {
    book.moreToCome();
    allow(false);
    allow(false);
    expect([told(), vi.getTimerCount()]).toEqual([[], 0]);
    book.rest();
    expect([told(), vi.getTimerCount()]).toEqual([[1, 2], 0]);
    allow(false);
    expect(told()).toEqual([1, 2]);
    vi.runAllTimers();
    expect(told()).toEqual([1, 2, 3]);
  });

  it('keeps everything for an engine that is absent, in order and once', () => {
    engineThere = false;
    allow(true);
    allow(false);
    vi.advanceTimersByTime(50);
    engineThere = true;
    book.handOver();
    expect(told()).toEqual([1, 2]);
  });

  it('hands over denials that neither the log nor an engine took, as answered', () => {
    logFull = true;
    engineThere = false;
    const record: StartRecord = book.denial(start, null, 'deadline');
    book.write(record);
    book.confirm(record);
    engineThere = true;
    book.handOver();
    book.handOver();
    expect(sent).toEqual([{ t: 'denied-unlogged', record }, { t: 'denied', throughSeq: record.seq }]);
  });
});
