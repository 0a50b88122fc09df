/** What the tree keeps of one life of a process, and the list links that make every step on it constant in time. */

/** One program that a process ran. `older` is what it ran before (exec without fork). */
export interface Program {
  readonly image: string;
  readonly argv: readonly string[] | null;
  readonly argvComplete: boolean;
  /** When it was started; for one found in the process list: when it was found. */
  readonly atNs: bigint;
  /** When the process was looked at. News of a start before that is news of this program or of one that was over by then. */
  readonly readNs: bigint;
  /** News has told of its start. */
  readonly heard: boolean;
  /** Grows with every exec of this process. */
  readonly number: number;
  readonly older: Program | null;
}

/** The same as the tree keeps it: what could not be read at once is put in later. */
export interface OwnProgram extends Program {
  image: string;
  argv: readonly string[] | null;
  argvComplete: boolean;
  atNs: bigint;
  heard: boolean;
  older: OwnProgram | null;
}

/** One life of a process id, as readers see it. Changed by the tree alone. */
export interface ProcessLife {
  readonly pid: number;
  /** Null while only its fork is known: reading it would cost more than most forks are worth. */
  readonly startTicks: number | null;
  /** Null while it runs what its parent ran when it forked. */
  readonly program: Program | null;
  readonly uid: number | null;
  readonly parent: ProcessLife | null;
  readonly forkedAtNs: bigint | null;
  readonly exitedAtMs: number | null;
  /** Below a scope folder, or descended from such a process. */
  readonly scoped: boolean;
  /** Order in which the tree learned of it. */
  readonly order: number;
}

export class ProcessNode implements ProcessLife {
  readonly pid: number;
  readonly order: number;
  readonly forkedAtNs: bigint | null;
  startTicks: number | null = null;
  program: OwnProgram | null = null;
  uid: number | null = null;
  exitedAtMs: number | null = null;
  scoped = false;
  parent: ProcessNode | null = null;
  /** What the parent ran at the fork. Null: the parent had itself not started a program by then. */
  bornFrom: Program | null = null;
  /** Earlier life of the same pid, while the tree still keeps it. */
  previousLife: ProcessNode | null = null;
  /** Order in which its end was learned among all ends. */
  endOrder = 0;
  /** Last resync that saw it. */
  seenIn = 0;
  removed = false;

  firstChild: ProcessNode | null = null;
  private nextSibling: ProcessNode | null = null;
  private previousSibling: ProcessNode | null = null;

  list: NodeList | null = null;
  next: ProcessNode | null = null;
  previous: ProcessNode | null = null;

  constructor(pid: number, order: number, forkedAtNs: bigint | null) {
    this.pid = pid;
    this.order = order;
    this.forkedAtNs = forkedAtNs;
  }

  /** Puts this life below `parent`, born while that ran `bornFrom`. */
  attach(parent: ProcessNode | null, bornFrom: Program | null): void {
    this.detach();
    this.parent = parent;
    this.bornFrom = bornFrom;
    if (parent === null) return;
    if (parent.scoped) this.scoped = true;
    this.nextSibling = parent.firstChild;
    if (parent.firstChild !== null) parent.firstChild.previousSibling = this;
    parent.firstChild = this;
  }

  detach(): void {
    if (this.parent === null) return;
    if (this.previousSibling === null) this.parent.firstChild = this.nextSibling;
    else this.previousSibling.nextSibling = this.nextSibling;
    if (this.nextSibling !== null) this.nextSibling.previousSibling = this.previousSibling;
    this.parent = null;
    this.nextSibling = null;
    this.previousSibling = null;
  }

  *children(): Generator<ProcessNode> {
    let child = this.firstChild;
    while (child !== null) {
      const following = child.nextSibling;
      yield child;
      child = following;
    }
  }
}

/** Lives in the order in which they came; a life is in one list at a time. */
export class NodeList {
  head: ProcessNode | null = null;
  private tail: ProcessNode | null = null;
  size = 0;

  append(node: ProcessNode): void {
    node.list?.remove(node);
    node.list = this;
    node.previous = this.tail;
    node.next = null;
    if (this.tail === null) this.head = node;
    else this.tail.next = node;
    this.tail = node;
    this.size += 1;
  }

  remove(node: ProcessNode): void {
    if (node.list !== this) return;
    if (node.previous === null) this.head = node.next;
    else node.previous.next = node.next;
    if (node.next === null) this.tail = node.previous;
    else node.next.previous = node.previous;
    node.list = null;
    node.previous = null;
    node.next = null;
    this.size -= 1;
  }

  *[Symbol.iterator](): Generator<ProcessNode> {
    let node = this.head;
    while (node !== null) {
      const following = node.next;
      yield node;
      node = following;
    }
  }
}

/** What a program costs in memory, roughly: its characters and an allowance for each string. */
export function programBytes(program: Program): number {
  let bytes = 64 + program.image.length;
  for (const value of program.argv ?? []) bytes += 16 + value.length;
  return bytes;
}
