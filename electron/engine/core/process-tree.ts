/**
 * The tree of processes: who started what, through which programs, also after the starters have ended.
 *
 * A life is identified by pid and start ticks. A bare fork costs one node and reads nothing; its start ticks are learned
 * with its first exec. The programs a process ran before (exec without fork) count as generations.
 */
import { DEFAULT_TREE_LIMITS, NodeStore, type TreeLimits } from './node-store.ts';
import { ProcessNode, type ProcessLife, type Program } from './process-node.ts';
import { TreeResync } from './tree-resync.ts';

/** What is known of a program start. Null: could not be read. */
export interface ProgramStart {
  readonly startTicks: number | null;
  readonly ppid: number | null;
  readonly image: string;
  readonly argv: readonly string[] | null;
  readonly argvComplete: boolean;
  readonly uid: number | null;
  readonly atNs: bigint;
  /** When it was looked at; without it, at `atNs`. */
  readonly readNs?: bigint;
}

/** One program in the line of descent. */
export interface Generation {
  readonly pid: number;
  readonly startTicks: number | null;
  readonly uid: number | null;
  readonly program: Program;
}

const MOST_ANCESTORS = 16;
const SWEEP_STEP = 1_000;
/** The kernel shows a new program a moment before it has news of it. */
const NEWS_TAKES_NS = 100_000_000n;

export class ProcessTree {
  private readonly store: NodeStore;
  private resyncs = 0;

  constructor(limits: TreeLimits = DEFAULT_TREE_LIMITS) {
    this.store = new NodeStore(limits);
  }

  get size(): number {
    return this.store.size;
  }

  get livingCount(): number {
    return this.store.living.size;
  }

  get bytes(): number {
    return this.store.bytes;
  }

  /** The life that holds this pid now. */
  current(pid: number): ProcessLife | null {
    return this.livingNode(pid);
  }

  /** The latest life of this pid, ended or not. */
  latest(pid: number): ProcessLife | null {
    return this.store.latest(pid);
  }

  /** One particular life, ended or not. */
  find(pid: number, startTicks: number): ProcessLife | null {
    for (let node = this.store.latest(pid); node !== null; node = node.previousLife) if (node.startTicks === startTicks) return node;
    return null;
  }

  fork(parentPid: number, childPid: number, atNs: bigint, nowMs: number): ProcessLife {
    const parent = this.livingNode(parentPid) ?? this.store.insert(parentPid, null, null);
    const before = this.livingNode(childPid);
    if (before !== null && wasFoundAfter(before, atNs)) {
      // It may have been given to another parent by the time it was found.
      if (before.parent === null && !this.descendsFrom(parent, before)) before.attach(parent, parent.program);
      return before;
    }
    if (before !== null) this.store.end(before, nowMs);
    const child = this.store.insert(childPid, parent, atNs);
    child.uid = parent.uid;
    return child;
  }

  exec(pid: number, start: ProgramStart, nowMs: number): ProcessLife {
    const node = this.lifeForExec(pid, start, nowMs);
    node.startTicks ??= start.startTicks;
    node.uid = start.uid ?? node.uid;
    if (node.program !== null && isNewsOf(node.program, start)) this.store.hear(node, node.program, start.atNs);
    else this.store.run(node, { image: start.image, argv: start.argv, argvComplete: start.argvComplete, atNs: start.atNs, readNs: start.readNs ?? start.atNs, heard: true });
    return node;
  }

  /** What could not be read of a program when it started. What is known already stays. */
  learn(life: ProcessLife, started: Program | null, found: Omit<ProgramStart, 'atNs' | 'readNs'>): void {
    const node = own(life);
    if (node.removed) return;
    node.startTicks ??= found.startTicks;
    node.uid = found.uid ?? node.uid;
    const parent = node.parent === null && found.ppid !== null ? this.livingNode(found.ppid) : null;
    if (parent !== null && parent !== node && !this.descendsFrom(parent, node)) node.attach(parent, parent.program);
    this.learnArguments(life, started, found);
  }

  /** The same for the program alone. */
  learnArguments(life: ProcessLife, started: Program | null, found: Pick<ProgramStart, 'image' | 'argv' | 'argvComplete'>): void {
    const node = own(life);
    for (let program = node.removed ? null : node.program; program !== null; program = program.older) {
      if (program.number !== started?.number) continue;
      const argvIsNews = program.image === found.image && program.argv === null && found.argv !== null;
      if (program.image === '' || argvIsNews) this.store.amend(program, found);
      return;
    }
  }

  /** The program before the present one was over before it could be read, and the present one was read in its place. */
  learnEarlier(life: ProcessLife, found: Pick<ProgramStart, 'image' | 'argv' | 'argvComplete'>): void {
    const node = own(life);
    const earlier = node.program?.older ?? null;
    if (!node.removed && earlier !== null) this.store.amend(earlier, found);
  }

  /** `atNs`: when it ended, where that is known. */
  exit(pid: number, nowMs: number, atNs: bigint | null = null): void {
    const node = this.livingNode(pid);
    if (node !== null && (atNs === null || !wasFoundAfter(node, atNs))) this.store.end(node, nowMs);
  }

  /** What a process runs: its own program, or what its parent ran when it forked. */
  programOf(life: ProcessLife): Program | null {
    if (life.program !== null) return life.program;
    for (let node: ProcessNode | null = own(life); node !== null; node = node.parent) {
      if (node.bornFrom !== null) return node.bornFrom;
    }
    return null;
  }

  /**
   * Nearest first, of one of the programs that this process runs or ran; null: of what its parent ran when it forked. Programs it ran
   * before that one count; forks that never started a program do not.
   */
  ancestors(life: ProcessLife, of: Program | null = life.program, most = MOST_ANCESTORS): Generation[] {
    const found: Generation[] = [];
    let node: ProcessNode | null = own(life);
    let program = of?.older ?? null;
    if (of === null) [node, program] = [node.parent, node.bornFrom];
    while (node !== null && found.length < most) {
      for (; program !== null && found.length < most; program = program.older) {
        found.push({ pid: node.pid, startTicks: node.startTicks, uid: node.uid, program });
      }
      program = node.bornFrom;
      node = node.parent;
    }
    return found;
  }

  /** Whether `ancestor` is in the line of parents of `life` (itself not included). */
  descendsFrom(life: ProcessLife, ancestor: ProcessLife): boolean {
    for (let node = own(life).parent; node !== null; node = node.parent) if (node === ancestor) return true;
    return false;
  }

  /**
   * Everything living below this process, last started first; lives that ended are looked through. Children it had
   * before it started its present program are not the doing of that program and are left out.
   */
  descendants(life: ProcessLife): ProcessLife[] {
    const found: ProcessLife[] = [];
    const root = own(life);
    const open: ProcessNode[] = [...root.children()].filter((child) => !bornBefore(child, root.program));
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (node.exitedAtMs === null) found.push(node);
      open.push(...node.children());
    }
    return found.sort((a, b) => b.order - a.order);
  }

  /** Everything the tree still knows below the present program of this process, parents before children, also what has ended. */
  *below(life: ProcessLife): Generator<ProcessLife> {
    const root = own(life);
    const open: ProcessNode[] = [...root.children()].filter((child) => !bornBefore(child, root.program));
    for (let node = open.shift(); node !== undefined; node = open.shift()) {
      yield node;
      open.push(...node.children());
    }
  }

  /** False for a child its parent had before that started its present program. */
  isChildOfPresentProgram(child: ProcessLife): boolean {
    const node = own(child);
    return node.parent === null || !bornBefore(node, node.parent.program);
  }

  markScoped(life: ProcessLife): void {
    const open = [own(life)];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      node.scoped = true;
      for (const child of node.children()) if (!child.scoped) open.push(child);
    }
  }

  /** Forgets what ended too long ago. Call it now and then. */
  sweep(nowMs: number, most = SWEEP_STEP): void {
    this.store.sweep(nowMs, most);
  }

  /** Compares the tree with a process list read after this call. */
  startResync(): TreeResync {
    this.resyncs += 1;
    return new TreeResync(this.resyncs, this.store, (node) => this.programOf(node));
  }

  private livingNode(pid: number): ProcessNode | null {
    const node = this.store.latest(pid);
    return node?.exitedAtMs === null ? node : null;
  }

  private lifeForExec(pid: number, start: ProgramStart, nowMs: number): ProcessNode {
    const node = this.store.latest(pid);
    if (node !== null && isSameLife(node, start.startTicks)) {
      // A leader thread may end while other threads live on; an exec of one of them shows that the process lives.
      if (node.exitedAtMs !== null) this.store.revive(node);
      return node;
    }
    if (node?.exitedAtMs === null) this.store.end(node, nowMs);
    const parent = start.ppid === null ? null : this.livingNode(start.ppid);
    return this.store.insert(pid, parent, null);
  }
}

function own(life: ProcessLife): ProcessNode {
  if (!(life instanceof ProcessNode)) throw new Error(`process ${life.pid} does not come from this tree`);
  return life;
}

/** The program was read in the list or at earlier news, and what is heard of now had been started by then. */
function isNewsOf(known: Program, { image, atNs }: ProgramStart): boolean {
  return image !== '' && image === known.image && atNs <= known.readNs + (known.heard ? 0n : NEWS_TAKES_NS);
}

/** The life was found in the process list after this happened: it is what came of it, and has not ended by it. */
function wasFoundAfter({ program }: ProcessNode, atNs: bigint): boolean {
  return program !== null && !program.heard && atNs <= program.readNs;
}

function isSameLife(node: ProcessNode, startTicks: number | null): boolean {
  if (startTicks === null || node.startTicks === null) return node.exitedAtMs === null;
  return node.startTicks === startTicks;
}

function bornBefore(child: ProcessNode, program: Program | null): boolean {
  return program !== null && (child.bornFrom?.number ?? 0) < program.number;
}
