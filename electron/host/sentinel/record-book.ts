/**
 * What the sentinel writes down: denials to its log before the answer, everything else in batches for the engine.
 *
 * Records of an absent engine are kept, the newest `MOST_WAITING`. Those that belong in history are kept until the engine says that
 * it has them: one that ends with them unread must not take them along. Denials are never dropped: they lie in the log, and
 * here when its file system is full.
 */
import { RecentMap } from '../../engine/core/recent-map.ts';
import type { RuleHit } from '../../engine/asr/judge.ts';
import type { ThreadedStat } from '../../platform/linux/proc.ts';
import { belongsInHistory, type FromSentinel, type RecordedHit, type SentinelStats, type StartRecord } from '../../../shared/link/messages.ts';
import { NOT_READ, type Ancestor, type NotRead } from '../../../shared/start/facts.ts';
import type { DenialLog } from './denial-log.ts';
import type { OpenInquiry } from './open-inquiry.ts';
import type { StartInquiry } from './start-inquiry.ts';

export type Unjudged = NonNullable<StartRecord['unjudged']>;

export interface DescribedStart {
  readonly tid: number;
  readonly inquiry: StartInquiry;
  readonly tooLong: boolean;
}

/** The part of a judgement that is recorded. */
export interface Judged {
  readonly audits: readonly RuleHit[];
  readonly hit?: RuleHit;
  readonly allowId?: string | null;
}

/** Who started it, and under which id it goes on. */
export type Origin = Pick<StartRecord, 'pid' | 'ppid' | 'startTicks' | 'uid'>;

/**
 * Filled in property by property: put together from parts that differ from start to start (`{ ...one, ...other }`), each record would
 * have a shape of its own, and making shapes takes longer than all else here.
 */
type Draft<T> = { -readonly [K in keyof T]: T[K] };

export interface RecordSystem {
  stat(pid: number): ThreadedStat | null;
  /** Whether its process has this thread only; false also when that can not be told. */
  isAlone(tid: number): boolean;
  /** The process of a thread. */
  processOf(tid: number): number | null;
  uid(pid: number): number | null;
  currentDirectory(pid: number): string | null;
  nowMs(): number;
}

const MOST_WAITING = 8_192;
const FLUSH_MS = 10;
const FLUSH_AT = 64;
/** Longer arguments of allowed starts are cut in the record (the engine reads them from the process); denials are whole. */
const MOST_ALLOWED_CHARACTERS = 32_768;
/** At least; see `RecentMap`. */
const MOST_REMEMBERED = 2_048;
const MOST_REMEMBERED_CHARACTERS = 8_192;

export class RecordBook {
  private readonly log: DenialLog;
  private readonly system: RecordSystem;
  private readonly send: (message: FromSentinel) => boolean;
  private readonly remembered = new RecentMap<number, { readonly image: string; readonly argv: readonly string[] }>(MOST_REMEMBERED);
  private waiting: StartRecord[] = [];
  /** Sent or waiting, and not yet in history. */
  private owed: StartRecord[] = [];
  /** Denials that found no room in the log while no engine listened. */
  private unlogged: StartRecord[] = [];
  private timer: NodeJS.Timeout | null = null;
  /** Starts are being taken one after the other; `rest` follows. */
  private busy = false;
  private seq = 0;
  private deniedCount = 0;
  private decidedCount = 0;
  private lastEventMs: number | null = null;
  private generation = 0;

  /** `send` is false when no engine listens. */
  constructor(log: DenialLog, system: RecordSystem, send: (message: FromSentinel) => boolean) {
    this.log = log;
    this.system = system;
    this.send = send;
  }

  useGeneration(generation: number): void {
    this.generation = generation;
  }

  counts(): Pick<SentinelStats, 'decisions' | 'denied' | 'lastEventMs'> {
    return { decisions: this.decidedCount, denied: this.deniedCount, lastEventMs: this.lastEventMs };
  }

  wantsAncestors(judged: Judged | null, why: Unjudged | null): boolean {
    return why !== null || (judged !== null && judged.audits.length > 0);
  }

  denial(start: DescribedStart, judged: Judged | null, why?: Unjudged): StartRecord {
    const hits = judged?.hit === undefined ? [] : [toRecorded(judged.hit)];
    return { ...this.base(start, 'deny'), ...this.origin(start.tid, uidOf(start.inquiry)), cwd: this.system.currentDirectory(start.tid), ancestors: ancestorsOf(start.inquiry), hits: [...hits, ...(judged?.audits ?? []).map(toRecorded)], ...(why === undefined ? {} : { unjudged: why }) };
  }

  openDenial(inquiry: OpenInquiry, judged: Judged): StartRecord {
    const hits = judged.hit === undefined ? [] : [toRecorded(judged.hit)];
    return { ...this.openBase(inquiry, 'deny'), hits: [...hits, ...judged.audits.map(toRecorded)] };
  }

  /** Before the kernel is answered. */
  write(record: StartRecord): void {
    this.deniedCount += 1;
    if (!this.log.append(record) && !this.send({ t: 'denied-unlogged', record })) this.unlogged.push(record);
  }

  /** After the kernel was answered. */
  confirm(record: StartRecord): void {
    this.log.confirm(record.seq);
    this.send({ t: 'denied', throughSeq: record.seq });
  }

  /**
   * Before the answer, for `allowed`: null for a process of one thread, which has the same id afterwards, so that its origin can still be
   * read then. One of several threads goes on under the leader's id.
   */
  originOfThread(tid: number, uid: number | null): Origin | null {
    return this.system.isAlone(tid) ? null : this.origin(tid, uid);
  }

  /** After the answer: what is read here costs the starter nothing. */
  allowed(start: DescribedStart, judged: Judged | null, why: Unjudged | null, origin: Origin | null): void {
    const record: Draft<StartRecord> = this.base(start, 'allow');
    if (!fits(record.argv)) {
      record.argv = null;
      record.argvComplete = false;
    }
    putOrigin(origin ?? this.origin(start.tid, uidOf(start.inquiry)), record);
    if (this.wantsAncestors(judged, why)) {
      record.ancestors = ancestorsOf(start.inquiry);
      record.cwd = this.system.currentDirectory(start.tid);
    }
    if (judged !== null && judged.audits.length > 0) record.hits = judged.audits.map(toRecorded);
    if (why !== null) record.unjudged = why;
    const allowId = judged?.allowId ?? null;
    if (allowId !== null) record.allowId = allowId;
    if (record.argv !== null) this.rememberArguments(start.tid, record.image, record.argv);
    this.queue(record);
    this.tellAllowUsed(allowId);
  }

  /** An opening that was let through is news only when a rule matched. */
  opened(inquiry: OpenInquiry, judged: Judged): void {
    this.decidedCount += 1;
    this.tellAllowUsed(judged.allowId ?? null);
    if (judged.audits.length > 0) this.queue({ ...this.openBase(inquiry, 'allow'), hits: judged.audits.map(toRecorded) });
  }

  argumentsOf(pid: number, image: string): readonly string[] | null {
    const known = this.remembered.get(pid);
    return known?.image === image ? known.argv : null;
  }

  rememberArguments(pid: number, image: string, argv: readonly string[]): void {
    if (argv.reduce((sum, value) => sum + value.length, 0) > MOST_REMEMBERED_CHARACTERS) return;
    this.remembered.set(pid, { image, argv });
  }

  /** To an engine that has just connected. */
  handOver(): void {
    const { unlogged } = this;
    this.unlogged = unlogged.filter((record) => !this.send({ t: 'denied-unlogged', record }));
    // They were answered long ago.
    const last = unlogged.at(-1);
    if (last !== undefined && this.unlogged.length === 0) this.send({ t: 'denied', throughSeq: last.seq });
    const waiting = new Map([...this.owed, ...this.waiting].map((record) => [record.seq, record]));
    this.waiting = [...waiting.values()].sort((a, b) => a.seq - b.seq);
    this.flush();
  }

  /** The engine has put on record everything up to there that belongs in history. */
  taken(throughSeq: number): void {
    const left = this.owed.findIndex(({ seq }) => seq > throughSeq);
    this.owed.splice(0, left === -1 ? this.owed.length : left);
  }

  /** A start is taken, and `rest` will be called: a timer for what it leaves would be one more turn of the loop. */
  moreToCome(): void {
    this.busy = true;
  }

  /** Nothing more for the moment. */
  rest(): void {
    this.busy = false;
    this.flush();
  }

  /** Hands over what waits, when the batch is due. */
  private flush(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (this.waiting.length === 0) return;
    if (this.send({ t: 'starts', records: this.waiting })) this.waiting = [];
    else if (this.waiting.length > MOST_WAITING) this.waiting.splice(0, this.waiting.length - MOST_WAITING);
  }

  private tellAllowUsed(allowId: string | null): void {
    if (allowId !== null) this.send({ t: 'allow-used', allowId });
  }

  private queue(record: StartRecord): void {
    this.waiting.push(record);
    if (belongsInHistory(record)) this.owed.push(record);
    if (this.owed.length > MOST_WAITING) this.owed.shift();
    if (this.waiting.length === FLUSH_AT) this.flush();
    else if (!this.busy) this.timer ??= setTimeout(() => this.flush(), FLUSH_MS);
  }

  private base({ tid, inquiry, tooLong }: DescribedStart, answer: StartRecord['answer']): StartRecord {
    this.decidedCount += 1;
    return { kind: 'start', seq: this.next(), timeMs: this.lastEventMs ?? 0, tid, image: inquiry.known('image') ?? '', argv: inquiry.known('argv') ?? null, argvComplete: !tooLong, answer, generation: this.generation };
  }

  private openBase(inquiry: OpenInquiry, answer: StartRecord['answer']): StartRecord {
    const read = <T>(value: T | NotRead): T | null => (value === NOT_READ ? null : value);
    this.decidedCount += answer === 'deny' ? 1 : 0;
    return {
      kind: 'open',
      seq: this.next(),
      timeMs: this.lastEventMs ?? 0,
      tid: inquiry.tid,
      image: read(inquiry.read('image')) ?? '',
      target: inquiry.target,
      argv: read(inquiry.read('argv')),
      argvComplete: true,
      ...this.origin(inquiry.tid, this.system.uid(inquiry.tid)),
      cwd: this.system.currentDirectory(inquiry.tid),
      ancestors: read(inquiry.read('ancestors')) ?? [],
      answer,
      generation: this.generation,
    };
  }

  private next(): number {
    this.seq += 1;
    this.lastEventMs = this.system.nowMs();
    return this.seq;
  }

  private origin(tid: number, uid: number | null): Origin {
    const stat = this.system.stat(tid);
    // Only a process with more threads than one can start from another than its leader.
    const pid = stat !== null && stat.threads > 1 ? this.system.processOf(tid) : null;
    const origin: Draft<Origin> = {};
    if (pid !== null && pid !== tid) origin.pid = pid;
    if (stat !== null) {
      origin.ppid = stat.ppid;
      origin.startTicks = stat.startTicks;
    }
    if (uid !== null) origin.uid = uid;
    return origin;
  }
}

function ancestorsOf(inquiry: StartInquiry): readonly Ancestor[] {
  const ancestors = inquiry.read('ancestors');
  return typeof ancestors === 'symbol' ? [] : ancestors;
}

function putOrigin({ pid, ppid, startTicks, uid }: Origin, record: Draft<StartRecord>): void {
  if (pid !== undefined) record.pid = pid;
  if (ppid !== undefined) record.ppid = ppid;
  if (startTicks !== undefined) record.startTicks = startTicks;
  if (uid !== undefined) record.uid = uid;
}

function uidOf(inquiry: StartInquiry): number | null {
  const uid = inquiry.read('uid');
  return typeof uid === 'number' ? uid : null;
}

function toRecorded(hit: RuleHit): RecordedHit {
  return { ruleId: hit.ruleId, definitionId: hit.definitionId, mode: hit.mode, matched: hit.matched };
}

/** Whether the record of an allowed start holds them. */
function fits(argv: StartRecord['argv']): boolean {
  let left = MOST_ALLOWED_CHARACTERS;
  return argv === null || argv.every((value) => (left -= value.length + 1) >= 0);
}
