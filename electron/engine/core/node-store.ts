/**
 * Holds the lives of the process tree within fixed bounds of nodes and bytes.
 *
 * A life that ended without ever starting a program is forgotten at once and its children move up; others go after
 * `keepExitedMs`. An ended ancestor stays as long as a kept descendant needs it. When room is short, what ended longest
 * ago and has no kept descendant goes first, then ended ancestors (their children move up), then living processes
 * without children.
 */
import { NodeList, ProcessNode, programBytes, type OwnProgram, type Program } from './process-node.ts';

export interface TreeLimits {
  readonly maxNodes: number;
  readonly maxBytes: number;
  /** Characters of arguments kept per program; the rest is cut and marked incomplete. */
  readonly maxArgvBytes: number;
  /** Programs kept per process, the present one included. */
  readonly maxPrograms: number;
  readonly keepExitedMs: number;
}

export const DEFAULT_TREE_LIMITS: TreeLimits = {
  maxNodes: 16_384,
  maxBytes: 4 * 1024 * 1024,
  maxArgvBytes: 64 * 1024,
  maxPrograms: 16,
  keepExitedMs: 600_000,
};

export type NewProgram = Pick<Program, 'image' | 'argv' | 'argvComplete' | 'atNs' | 'readNs' | 'heard'>;

/** So much less than its number has the unknown program before another one: it comes between two that were read. */
const UNKNOWN_BEFORE = 0.5;
/** How far eviction looks for a living process without children before it takes one with children. */
const LOOK_AHEAD = 64;

export class NodeStore {
  readonly limits: TreeLimits;
  readonly living = new NodeList();
  private readonly byPid = new Map<number, ProcessNode>();
  private readonly exited = new NodeList();
  /** Ended longer ago than is kept, but still needed by a descendant. */
  private readonly lapsed = new NodeList();
  private orders = 0;
  private ends = 0;
  private heldBytes = 0;

  constructor(limits: TreeLimits) {
    this.limits = limits;
  }

  get size(): number {
    return this.living.size + this.exited.size + this.lapsed.size;
  }

  get bytes(): number {
    return this.heldBytes;
  }

  get lastOrder(): number {
    return this.orders;
  }

  get lastEnd(): number {
    return this.ends;
  }

  latest(pid: number): ProcessNode | null {
    return this.byPid.get(pid) ?? null;
  }

  insert(pid: number, parent: ProcessNode | null, forkedAtNs: bigint | null): ProcessNode {
    while (this.size >= this.limits.maxNodes) this.evictOne();
    this.orders += 1;
    const node = new ProcessNode(pid, this.orders, forkedAtNs);
    // Room was made by forgetting old lives; a parent forgotten in that moment can not be linked to.
    if (parent !== null && !parent.removed) node.attach(parent, parent.program);
    node.previousLife = this.byPid.get(pid) ?? null;
    this.byPid.set(pid, node);
    this.living.append(node);
    return node;
  }

  run(node: ProcessNode, start: NewProgram): void {
    const { argv, argvComplete } = this.cutArguments(start);
    const older = this.trimPrograms(node.program);
    const program: OwnProgram = { image: start.image, argv, argvComplete, atNs: start.atNs, readNs: start.readNs, heard: start.heard, number: (older?.number ?? 0) + 1, older };
    this.heldBytes += programBytes(program);
    node.program = program;
    this.relieveBytes();
  }

  /**
   * News of the start of a program that is known already. When it is not the first, the first was of another program, which was over
   * before it could be read: that one stands before this one, unknown. Children whose forks were heard of by now came before this one.
   */
  hear(node: ProcessNode, program: OwnProgram, atNs: bigint): void {
    const { older, heard } = program;
    const number = program.number - UNKNOWN_BEFORE;
    if (heard && older?.number !== number) {
      program.older = { image: '', argv: null, argvComplete: false, atNs: program.atNs, readNs: program.readNs, heard, number, older };
      this.heldBytes += programBytes(program.older);
    }
    program.atNs = atNs;
    program.heard = true;
    for (const child of node.children()) if (child.forkedAtNs !== null && child.bornFrom === program) child.bornFrom = program.older;
    this.relieveBytes();
  }

  /** What a program was, known better than at its start. */
  amend(program: OwnProgram, found: Pick<NewProgram, 'image' | 'argv' | 'argvComplete'>): void {
    const before = programBytes(program);
    Object.assign(program, { image: found.image, ...this.cutArguments(found) });
    this.heldBytes += programBytes(program) - before;
    this.relieveBytes();
  }

  end(node: ProcessNode, nowMs: number): void {
    this.ends += 1;
    node.endOrder = this.ends;
    node.exitedAtMs = nowMs;
    this.exited.append(node);
    // It ran what its parent ran: its children are its parent's for all that matters.
    if (node.program === null) this.forget(node);
  }

  revive(node: ProcessNode): void {
    node.exitedAtMs = null;
    this.living.append(node);
  }

  /** Forgets what ended too long ago; `most` bounds one call. */
  sweep(nowMs: number, most: number): void {
    const before = nowMs - this.limits.keepExitedMs;
    for (let done = 0; done < most; done += 1) {
      const node = this.exited.head;
      if (node === null || (node.exitedAtMs ?? 0) > before) return;
      if (node.firstChild === null) this.forget(node);
      else this.lapsed.append(node);
    }
  }

  private cutArguments({ argv, argvComplete }: Pick<Program, 'argv' | 'argvComplete'>): Pick<Program, 'argv' | 'argvComplete'> {
    if (argv === null) return { argv, argvComplete: false };
    let left = this.limits.maxArgvBytes;
    const cutAt = argv.findIndex((value) => (left -= value.length + 1) < 0);
    return cutAt === -1 ? { argv, argvComplete } : { argv: argv.slice(0, cutAt), argvComplete: false };
  }

  /** The same chain with at most `maxPrograms - 1` entries: a process that execs itself for ever keeps its latest ones. */
  private trimPrograms(newest: OwnProgram | null): OwnProgram | null {
    const kept: OwnProgram[] = [];
    for (let program = newest; program !== null; program = program.older) kept.push(program);
    if (kept.length < this.limits.maxPrograms) return newest;
    for (const dropped of kept.splice(this.limits.maxPrograms - 1)) this.heldBytes -= programBytes(dropped);
    return kept.reduceRight<OwnProgram | null>((older, program) => ({ ...program, older }), null);
  }

  /** Forgets a life, then each ended ancestor that was only kept for it. */
  private forget(node: ProcessNode): void {
    let leaf: ProcessNode | null = node;
    while (leaf !== null) {
      const parent: ProcessNode | null = leaf.parent;
      this.drop(leaf);
      leaf = parent?.list === this.lapsed && parent.firstChild === null ? parent : null;
    }
  }

  /** Takes one life out; its children, if any, go to its parent. */
  private drop(node: ProcessNode): void {
    for (const child of node.children()) child.attach(node.parent, node.bornFrom);
    node.detach();
    node.list?.remove(node);
    node.removed = true;
    this.heldBytes -= chainBytes(node.program);
    this.unlinkPid(node);
  }

  private unlinkPid(node: ProcessNode): void {
    const latest = this.byPid.get(node.pid) ?? null;
    if (latest === node && node.previousLife === null) this.byPid.delete(node.pid);
    else if (latest === node && node.previousLife !== null) this.byPid.set(node.pid, node.previousLife);
    for (let life = latest; life !== null; life = life.previousLife) {
      if (life.previousLife === node) life.previousLife = node.previousLife;
    }
  }

  private relieveBytes(): void {
    const over = (): boolean => this.heldBytes > this.limits.maxBytes;
    while (over() && this.exited.size + this.lapsed.size > 0) this.evictOne();
    for (let left = this.living.size; over() && left > 0; left -= 1) this.stripOldest();
  }

  private evictOne(): void {
    for (let node = this.exited.head; node !== null; node = this.exited.head) {
      if (node.firstChild === null) {
        this.forget(node);
        return;
      }
      this.lapsed.append(node);
    }
    const next = this.lapsed.head ?? this.oldestLivingLeaf();
    if (next !== null) this.drop(next);
  }

  private oldestLivingLeaf(): ProcessNode | null {
    for (let looked = 0; looked < LOOK_AHEAD; looked += 1) {
      const node = this.living.head;
      if (node === null) return null;
      if (node.firstChild === null) return node;
      this.living.append(node);
    }
    return this.living.head;
  }

  /** Only living processes are left: the oldest loses its arguments and earlier programs; its image stays. */
  private stripOldest(): void {
    const node = this.living.head;
    if (node === null) return;
    this.heldBytes -= chainBytes(node.program);
    if (node.program !== null) node.program = { ...node.program, argv: null, argvComplete: false, older: null };
    this.heldBytes += chainBytes(node.program);
    this.living.append(node);
  }
}

function chainBytes(newest: Program | null): number {
  let bytes = 0;
  for (let program = newest; program !== null; program = program.older) bytes += programBytes(program);
  return bytes;
}
