/**
 * Answers the kernel's questions about starts and openings, each exactly once and within its deadline.
 *
 * Single-threaded: an event is taken, judged and answered before the next is taken, unless the answer needs another
 * process's memory that is not resident; then it is held, at most `MOST_HELD` at once and `MOST_HELD_PER_USER` of one user,
 * so that nobody can make other people's starts wait. Nothing here may open a file by name on a marked file system or
 * start a program: it would wait for itself.
 */
import { judgeOpen, judgeStart, type CompiledPolicy, type JudgeContext, type Judgement } from '../../engine/asr/judge.ts';
import type { Arguments, FileFacts, PermissionEvent, PermissionGate } from '../../platform/contract.ts';
import { NOT_READ, type FactName } from '../../../shared/start/facts.ts';
import type { StartRecord } from '../../../shared/link/messages.ts';
import type { ContentCache } from './content-cache.ts';
import { EarlyFacts } from './early-facts.ts';
import { ExecSequences, interpreterArguments, isSystemLoader, type CallIdentity, type ExecStep } from './exec-sequence.ts';
import type { LatencyHistogram } from './latency.ts';
import { OpenInquiry, type OpenSystem } from './open-inquiry.ts';
import type { RecordBook, Unjudged } from './record-book.ts';
import { StartInquiry, type InquirySystem } from './start-inquiry.ts';

export const MOST_HELD = 64;
const MOST_HELD_PER_USER = 8;
/** A decision that still needs facts after this many rounds has a defect; it is answered by the fail setting. */
const MOST_ROUNDS = 3;
/** Parent of what the kernel itself starts; the arguments of those nobody can read. */
const KERNEL_THREAD_DAEMON = 2;

export interface ArgumentReader<Call extends CallIdentity> {
  /** Null when the thread is gone, makes no exec call (the kernel's own helpers), or was not asleep in time. */
  call(tid: number): Call | null;
  /** With patience: a thread can be kept off its processor while it goes to sleep. Null when it is gone, makes no exec call, or time is up. */
  callWithin(tid: number, ms: number): Promise<Call | null>;
  /** Says that `call` and `now` will be asked, so that the reads can be under way meanwhile. */
  begin(tid: number): void;
  /** Never blocks: `not-resident` when reading could. */
  now(tid: number, call: Call): Arguments | 'not-resident' | 'gone';
  within(tid: number, call: Call, ms: number): Promise<Arguments | 'late' | 'gone'>;
  filename(tid: number, call: Call): string | null;
  /** Arguments of a running process. */
  ofProcessWithin(pid: number, ms: number): Promise<Arguments | 'late' | 'gone'>;
}

export interface SentinelParts<Call extends CallIdentity> {
  readonly gate: PermissionGate;
  readonly system: InquirySystem & OpenSystem;
  readonly args: ArgumentReader<Call>;
  readonly contents: ContentCache;
  readonly book: RecordBook;
  /** The name under which an opened file is guarded; null for its own. */
  readonly guardedName?: (facts: FileFacts) => string | null;
  readonly latency: LatencyHistogram;
  readonly nowNs: () => bigint;
  readonly onDefect: (error: unknown) => void;
  /** When a question is taken and when it was answered: this process is at work. */
  readonly onWork?: () => void;
}

type Decided = Exclude<Judgement, { verdict: 'needs' }>;

/** One start being judged. */
interface Waiting<Call> {
  readonly event: PermissionEvent;
  readonly inquiry: StartInquiry;
  call: Call | null;
  tooLong: boolean;
  /** It was judged before its arguments were there. */
  triedEarly: boolean;
}

export class Sentinel<Call extends CallIdentity> {
  private readonly parts: SentinelParts<Call>;
  private readonly sequences = new ExecSequences();
  private readonly heldByUser = new Map<number, number>();
  private policy: CompiledPolicy | null = null;
  private context: (() => JudgeContext) | null = null;
  private lastAnswered: PermissionEvent | null = null;
  private readonly early = new EarlyFacts();
  /** Allows for one use that were used: the engine takes them out of the policy a moment later. */
  private spent: ReadonlySet<string> = new Set();

  constructor(parts: SentinelParts<Call>) {
    this.parts = parts;
  }

  /** From the next event on. Events already held are judged by the policy in force when their facts arrive. */
  setPolicy(policy: CompiledPolicy, context: (spent: ReadonlySet<string>) => JudgeContext): void {
    this.policy = policy;
    this.early.forget();
    this.context = () => context(this.spent);
    this.spent = new Set(policy.snapshot.allows.map(({ id }) => id).filter((id) => this.spent.has(id)));
  }

  start(onFailure: (message: string) => void): void {
    this.parts.gate.start((event) => this.take(event), onFailure, () => this.parts.book.rest());
  }

  private take(event: PermissionEvent): void {
    this.parts.onWork?.();
    this.parts.book.moreToCome();
    this.guard(event, () => {
      if (event.kind === 'exec') this.takeStart(event);
      else this.takeOpen(event);
    });
  }

  /** A defect is told and answered by the fail setting; it must not leave a start waiting or end this process. */
  private guard(event: PermissionEvent, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.parts.onDefect(error);
      // Nothing else was answered in between: `work` does not wait.
      if (this.lastAnswered !== event) this.answer(event, this.policy?.snapshot.fail !== 'closed');
    }
  }

  private takeStart(event: PermissionEvent): void {
    const { policy, parts } = this;
    if (policy === null) {
      this.answer(event, true);
      return;
    }
    // The call and its arguments are read on the side while this thread reads the rest.
    parts.args.begin(event.tid);
    const image = parts.system.filePath(event.fd);
    const inquiry = new StartInquiry(event.tid, event.fd, image, parts.system, parts.contents, policy);
    const waiting: Waiting<Call> = { event, inquiry, call: null, tooLong: false, triedEarly: false };
    // Judged without them first; most starts are clear by what they are and who starts them. Loaders mostly need no judgement at all.
    const early = isSystemLoader(image) ? null : this.judgeEarly(waiting);
    const call = parts.args.call(event.tid);
    waiting.call = call;
    const step: ExecStep = call === null ? { kind: 'program' } : this.sequences.classify(event.tid, call, image);
    if (step.kind === 'loader') {
      this.answer(event, true);
      return;
    }
    this.giveArguments(waiting, step);
    // One that is not asleep in a call, or makes none, is judged the slow way.
    if (early === null || call === null) this.judge(waiting, 1);
    else this.conclude(waiting, early);
  }

  /** Null unless every rule is settled whatever the arguments are. What is refused is judged with them, for its record. */
  private judgeEarly(waiting: Waiting<Call>): Decided | null {
    const { policy, context, early } = this;
    if (policy === null || context === null) return null;
    const { inquiry } = waiting;
    // For the record of every start.
    inquiry.read('uid');
    const image = inquiry.known('image') ?? '';
    const facts = early.of(image);
    if (facts !== null) {
      for (const fact of facts) inquiry.read(fact);
      return null;
    }
    waiting.triedEarly = true;
    const judgement = judgeStart(policy, inquiry.read, context());
    if (judgement.verdict === 'needs') early.needsArguments(image);
    return judgement.verdict === 'allow' && !judgement.unjudged ? judgement : null;
  }

  private giveArguments(waiting: Waiting<Call>, step: ExecStep): void {
    const { inquiry, call, event } = waiting;
    if (step.kind === 'interpreter') {
      inquiry.give({ argv: interpreterArguments(step.of) });
      return;
    }
    // Not asleep in its call yet: the slow path looks again.
    if (call === null) return;
    const found = this.parts.args.now(event.tid, call);
    if (found !== 'not-resident') this.takeArguments(waiting, found);
  }

  private takeArguments(waiting: Waiting<Call>, found: Arguments | 'late' | 'gone'): void {
    if (typeof found === 'string') {
      waiting.inquiry.give({ argv: null });
      return;
    }
    waiting.tooLong = !found.complete;
    waiting.inquiry.give({ argv: found.complete ? found.values : null });
  }

  private judge(waiting: Waiting<Call>, round: number): void {
    const { policy, context } = this;
    if (policy === null || context === null) {
      this.answer(waiting.event, true);
      return;
    }
    const judgement = judgeStart(policy, waiting.inquiry.read, context());
    if (judgement.verdict !== 'needs') {
      // What is refused is recorded with its arguments, also when the rule did not ask for them.
      if (judgement.verdict === 'deny' && waiting.inquiry.known('argv') === undefined) void this.readForRecord(waiting, judgement);
      else this.conclude(waiting, judgement);
      return;
    }
    if (this.giveRemembered(waiting, judgement.facts)) {
      this.judge(waiting, round);
      return;
    }
    if (round > MOST_ROUNDS) this.concludeUnjudged(waiting, 'deadline');
    else void this.hold(waiting, judgement.facts, round);
  }

  /** The parent's arguments, when this sentinel judged the parent's start: no memory has to be read. */
  private giveRemembered(waiting: Waiting<Call>, needed: readonly FactName[]): boolean {
    if (needed.length !== 1 || needed[0] !== 'parentArgv') return false;
    const parent = this.parentOf(waiting);
    const argv = parent === null ? null : this.parts.book.argumentsOf(parent.pid, parent.image);
    if (argv === null) return false;
    waiting.inquiry.give({ parentArgv: argv });
    return true;
  }

  private parentOf(waiting: Waiting<Call>): { readonly pid: number; readonly image: string } | null {
    const ancestors = waiting.inquiry.read('ancestors');
    return typeof ancestors === 'symbol' ? null : (this.policy?.effectiveParent(ancestors) ?? null);
  }

  private async hold(waiting: Waiting<Call>, needed: readonly FactName[], round: number): Promise<void> {
    const outcome = await this.inOnePlace(waiting.event, () => this.readSlowFacts(waiting, needed));
    this.guard(waiting.event, () => {
      if (outcome === 'read') this.judge(waiting, round + 1);
      else this.concludeUnjudged(waiting, outcome === 'full' ? 'user-stuck' : 'deadline');
    });
  }

  /** The decision stands; only its record waits for the arguments, and not beyond the deadline. */
  private async readForRecord(waiting: Waiting<Call>, judgement: Decided): Promise<void> {
    await this.inOnePlace(waiting.event, () => this.readArguments(waiting));
    this.guard(waiting.event, () => this.conclude(waiting, judgement));
  }

  /**
   * Holds the start while `read` runs, in one of the few places its user has. `late` also when a defect came in the way;
   * `full` at once when all places of the user are taken, so that others never wait for somebody's silent memory.
   */
  private async inOnePlace(event: PermissionEvent, read: () => Promise<void>): Promise<'read' | 'late' | 'full'> {
    const uid = this.parts.system.uid(event.tid) ?? -1;
    const held = this.heldByUser.get(uid) ?? 0;
    if (held >= MOST_HELD_PER_USER) return 'full';
    this.heldByUser.set(uid, held + 1);
    try {
      await read();
      return 'read';
    } catch (error) {
      if (!(error instanceof DeadlinePassed)) this.parts.onDefect(error);
      return 'late';
    } finally {
      this.releaseHold(uid);
    }
  }

  private releaseHold(uid: number): void {
    const left = (this.heldByUser.get(uid) ?? 1) - 1;
    if (left > 0) this.heldByUser.set(uid, left);
    else this.heldByUser.delete(uid);
  }

  private async readSlowFacts(waiting: Waiting<Call>, needed: readonly FactName[]): Promise<void> {
    const { args } = this.parts;
    if (needed.includes('argv')) await this.readArguments(waiting);
    if (!needed.includes('parentArgv')) return;
    const parent = this.parentOf(waiting);
    const found = parent === null ? 'gone' : await args.ofProcessWithin(parent.pid, this.timeLeft(waiting.event));
    if (found === 'late') throw new DeadlinePassed();
    waiting.inquiry.give({ parentArgv: found === 'gone' ? null : found.values });
    if (parent !== null && found !== 'gone') this.parts.book.rememberArguments(parent.pid, parent.image, found.values);
  }

  private async readArguments(waiting: Waiting<Call>): Promise<void> {
    const { tid } = waiting.event;
    waiting.call ??= await this.parts.args.callWithin(tid, this.timeLeft(waiting.event));
    const found = waiting.call === null ? 'gone' : await this.parts.args.within(tid, waiting.call, this.timeLeft(waiting.event));
    if (found === 'late') throw new DeadlinePassed();
    this.takeArguments(waiting, found);
  }

  private timeLeft(event: PermissionEvent): number {
    const passed = Number(this.parts.nowNs() - event.readAtNs) / 1e6;
    return Math.max(1, (this.policy?.snapshot.deadlineMs ?? 1) - passed);
  }

  private conclude(waiting: Waiting<Call>, judgement: Decided): void {
    if (judgement.verdict === 'deny') {
      this.deny(waiting.event, this.parts.book.denial(this.describe(waiting), judgement));
      return;
    }
    const why = judgement.unjudged ? this.whyUnjudged(waiting) : null;
    if (why !== null) {
      this.concludeUnjudged(waiting, why);
      return;
    }
    this.allow(waiting, judgement, null);
  }

  /** Null for a starter that is gone, and for the kernel's own helpers, whose arguments nobody can read. */
  private whyUnjudged(waiting: Waiting<Call>): Unjudged | null {
    if (waiting.tooLong) return 'too-long';
    return waiting.call !== null || this.isStartedByKernel(waiting) ? null : 'deadline';
  }

  private isStartedByKernel(waiting: Waiting<Call>): boolean {
    const ancestors = waiting.inquiry.read('ancestors');
    return typeof ancestors !== 'symbol' && ancestors.slice(0, 2).some(({ pid }) => pid === KERNEL_THREAD_DAEMON);
  }

  private concludeUnjudged(waiting: Waiting<Call>, why: Unjudged): void {
    if (this.policy?.snapshot.fail === 'closed') {
      this.deny(waiting.event, this.parts.book.denial(this.describe(waiting), null, why));
      return;
    }
    this.allow(waiting, null, why);
  }

  private allow(waiting: Waiting<Call>, judgement: Decided | null, why: Unjudged | null): void {
    if (!waiting.triedEarly) this.early.learn(waiting.inquiry.known('image') ?? '', () => waiting.inquiry.factsRead());
    this.rememberCall(waiting);
    this.spend(judgement);
    // What the start is about to change is read before it goes on, and so is whose it was: a short program is gone before its record is made.
    const { book } = this.parts;
    const uid = waiting.inquiry.read('uid');
    if (book.wantsAncestors(judgement, why)) waiting.inquiry.read('ancestors');
    const origin = book.originOfThread(waiting.event.tid, typeof uid === 'number' ? uid : null);
    this.answer(waiting.event, true);
    book.allowed(this.describe(waiting), judgement, why, origin);
  }

  private spend(judgement: Decided | null): void {
    const id = judgement?.verdict === 'allow' ? judgement.allowId : null;
    if (id !== null && this.policy?.snapshot.allows.some((allow) => allow.id === id && allow.ends === 'once') === true) this.spent = new Set([...this.spent, id]);
  }

  private rememberCall({ event, inquiry, call }: Waiting<Call>): void {
    if (call === null) return;
    const script = inquiry.known('script') ?? null;
    const filenameText = script === null ? null : this.parts.args.filename(event.tid, call);
    const argv = inquiry.known('argv') ?? null;
    this.sequences.remember(event.tid, { filename: call.filename, argv: call.argv, image: inquiry.known('image') ?? '', filenameText, script, argv0: argv });
  }

  private describe(waiting: Waiting<Call>): { readonly tid: number; readonly inquiry: StartInquiry; readonly tooLong: boolean } {
    return { tid: waiting.event.tid, inquiry: waiting.inquiry, tooLong: waiting.tooLong };
  }

  private takeOpen(event: PermissionEvent): void {
    const { policy, context, parts } = this;
    if (policy === null || context === null) {
      this.answer(event, true);
      return;
    }
    const inquiry = new OpenInquiry(event.tid, parts.guardedName?.(parts.system.fileFacts(event.fd)) ?? parts.system.filePath(event.fd), parts.system);
    const judgement = judgeOpen(policy, inquiry.read, context());
    // What is refused is recorded with the arguments of who opened it.
    if (judgement.verdict !== 'allow') void this.holdOpen(event, inquiry);
    else this.concludeOpen(event, inquiry, judgement);
  }

  /** The only slow fact of an opening is the opener's arguments; without them it is judged by the rest. */
  private async holdOpen(event: PermissionEvent, inquiry: OpenInquiry): Promise<void> {
    await this.inOnePlace(event, async () => {
      const found = await this.parts.args.ofProcessWithin(event.tid, this.timeLeft(event));
      if (typeof found !== 'string') inquiry.give(found.values);
    });
    this.guard(event, () => {
      if (inquiry.read('argv') === NOT_READ) inquiry.give(null);
      const { policy, context } = this;
      const judgement = policy === null || context === null ? null : judgeOpen(policy, inquiry.read, context());
      if (judgement === null || judgement.verdict === 'needs') this.answer(event, policy?.snapshot.fail !== 'closed');
      else this.concludeOpen(event, inquiry, judgement);
    });
  }

  private concludeOpen(event: PermissionEvent, inquiry: OpenInquiry, judgement: Decided): void {
    if (judgement.verdict === 'deny') {
      this.deny(event, this.parts.book.openDenial(inquiry, judgement));
      return;
    }
    this.spend(judgement);
    this.answer(event, true);
    this.parts.book.opened(inquiry, judgement);
  }

  /** On the record first, then the answer, then the word that it was given. */
  private deny(event: PermissionEvent, record: StartRecord): void {
    this.sequences.forget(event.tid);
    this.parts.book.write(record);
    this.answer(event, false);
    this.parts.book.confirm(record);
  }

  private answer(event: PermissionEvent, allow: boolean): void {
    this.lastAnswered = event;
    const atNs = this.parts.gate.answer(event, allow);
    this.parts.latency.add(Number(atNs - event.readAtNs) / 1e3);
    this.parts.onWork?.();
  }
}

class DeadlinePassed extends Error {}
