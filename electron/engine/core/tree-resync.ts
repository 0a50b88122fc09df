/**
 * Repairs the tree from a process list after news was lost: what is new is added, what is gone is ended, and what is still
 * there keeps the line of descent it has, also where the kernel has since given it another parent.
 *
 * The list is read while news goes on. So a life that came after the beginning is not ended for being absent, and one
 * whose exit came after the beginning is not brought back. `seen` must be called in the same turn in which the process was read.
 */
import type { NodeStore } from './node-store.ts';
import type { ProcessLife, ProcessNode, Program } from './process-node.ts';

export interface ListedProcess {
  readonly pid: number;
  readonly ppid: number;
  readonly startTicks: number;
  /** Null for kernel threads and what can not be read. */
  readonly image: string | null;
  readonly argv: readonly string[] | null;
  readonly argvComplete: boolean;
  readonly uid: number | null;
  readonly atNs: bigint;
}

/** `new`: its start was not seen. `program`: it was known, but runs another program than we knew. */
export interface SeenResult {
  readonly life: ProcessLife;
  readonly unseen: 'new' | 'program' | null;
}

export class TreeResync {
  private readonly epoch: number;
  private readonly tree: NodeStore;
  private readonly programOf: (node: ProcessNode) => Program | null;
  private readonly lastKnown: number;
  private readonly lastEnd: number;
  /** Lives without a parent yet, with the parent's pid. */
  private readonly orphans: { readonly node: ProcessNode; readonly ppid: number }[] = [];

  constructor(epoch: number, tree: NodeStore, programOf: (node: ProcessNode) => Program | null) {
    this.epoch = epoch;
    this.tree = tree;
    this.programOf = programOf;
    this.lastKnown = tree.lastOrder;
    this.lastEnd = tree.lastEnd;
  }

  seen(process: ListedProcess, nowMs: number): SeenResult | null {
    const known = this.tree.latest(process.pid);
    if (known !== null && this.isTheSame(known, process)) {
      // Its exit news came while the list was read.
      if (this.hasJustEnded(known)) return null;
      if (known.exitedAtMs !== null) this.tree.revive(known);
      return this.confirm(known, process);
    }
    if (known?.exitedAtMs === null) this.tree.end(known, nowMs);
    return this.add(process);
  }

  finish(nowMs: number): void {
    for (const { node, ppid } of this.orphans) {
      const parent = this.tree.latest(ppid);
      if (node.removed || node.parent !== null || parent === null || parent === node || !couldBeParent(parent, node)) continue;
      node.attach(parent, parent.program);
    }
    for (const node of [...this.tree.living]) {
      if (node.order <= this.lastKnown && node.seenIn !== this.epoch) this.tree.end(node, nowMs);
    }
  }

  private hasJustEnded(node: ProcessNode): boolean {
    return node.exitedAtMs !== null && node.endOrder > this.lastEnd;
  }

  /** A bare fork has no start ticks yet; its parent's pid, or that the parent is gone, must do. */
  private isTheSame(known: ProcessNode, process: ListedProcess): boolean {
    if (known.startTicks !== null) return known.startTicks === process.startTicks;
    if (known.exitedAtMs !== null) return this.hasJustEnded(known);
    const { parent } = known;
    if (parent === null) return true;
    return parent.exitedAtMs !== null || parent.pid === process.ppid;
  }

  private confirm(node: ProcessNode, process: ListedProcess): SeenResult {
    node.seenIn = this.epoch;
    node.startTicks = process.startTicks;
    node.uid = process.uid ?? node.uid;
    if (node.parent === null) this.orphans.push({ node, ppid: process.ppid });
    const runs = this.programOf(node);
    if (process.image === null || runs?.image === process.image) return { life: node, unseen: null };
    this.start(node, process);
    return { life: node, unseen: runs === null ? 'new' : 'program' };
  }

  private add(process: ListedProcess): SeenResult {
    const node = this.tree.insert(process.pid, null, null);
    node.seenIn = this.epoch;
    node.startTicks = process.startTicks;
    node.uid = process.uid;
    this.orphans.push({ node, ppid: process.ppid });
    this.start(node, process);
    return { life: node, unseen: 'new' };
  }

  private start(node: ProcessNode, process: ListedProcess): void {
    if (process.image === null) return;
    this.tree.run(node, { image: process.image, argv: process.argv, argvComplete: process.argvComplete, atNs: process.atNs, readNs: process.atNs, heard: false });
    // Which of its children came before this program is lost with the news; they count as its own.
    for (const child of node.children()) child.bornFrom = node.program;
  }
}

function couldBeParent(parent: ProcessNode, child: ProcessNode): boolean {
  if (parent.exitedAtMs !== null || parent.startTicks === null || child.startTicks === null || parent.startTicks > child.startTicks) return false;
  for (let node = parent.parent; node !== null; node = node.parent) if (node === child) return false;
  return true;
}
