/**
 * The processes that a recording tells of. Unlike the live tree (`process-tree.ts`) it has no system to ask: records may
 * come late, twice (Sysmon and the Security log tell the same start) or never (what ran before the recording began), and
 * most of them name processes by a GUID, the others by a number that is given to another process later.
 *
 * Bounded: beyond `maxProcesses` the process that was not mentioned for longest is forgotten.
 */
import type { ProcessPoint } from './process-point.ts';

/** What an event says about one process. */
export interface Mention {
  /** Numbers are unique on one computer only. */
  readonly computer: string;
  readonly guid: string | null;
  readonly pid: number | null;
  readonly image: string | null;
  /** When the recorder wrote it, ms since the epoch by the recorder's own clock; null when it does not say. */
  readonly recordedMs: number | null;
}

export interface StartMention extends Mention {
  readonly commandLine: string | null;
  readonly parent: (Mention & { readonly commandLine: string | null }) | null;
}

/** Two logs of one computer tell the same start at nearly the same time. */
const SAME_START_MS = 5_000;
const DEFAULT_MAX_PROCESSES = 16_384;
/** No real line of descent is longer; one that is gets no further parent. */
const LONGEST_CHECK = 256;

class Recorded implements ProcessPoint {
  readonly key: string;
  readonly computer: string;
  guid: string | null;
  pid: number | null;
  image: string | null;
  commandLine: string | null = null;
  parent: Recorded | null = null;
  /** Its start was told, not only deeds of it. */
  started = false;
  startedMs: number | null = null;
  endedMs: number | null = null;
  readonly children = new Set<Recorded>();

  constructor(key: string, { computer, guid, pid, image }: Mention) {
    this.key = key;
    this.computer = computer;
    this.guid = guid;
    this.pid = pid;
    this.image = image;
  }
}

export class RecordedTree {
  private readonly maxProcesses: number;
  /** In the order of the last mention. */
  private readonly kept = new Set<Recorded>();
  private readonly byGuid = new Map<string, Recorded>();
  private readonly byPid = new Map<string, Recorded>();
  private counter = 0;

  constructor(maxProcesses = DEFAULT_MAX_PROCESSES) {
    this.maxProcesses = maxProcesses;
  }

  get size(): number {
    return this.kept.size;
  }

  start(mention: StartMention): ProcessPoint {
    const process = this.ofStart(mention);
    process.started = true;
    process.startedMs ??= mention.recordedMs;
    process.image = mention.image ?? process.image;
    process.commandLine ??= mention.commandLine;
    if (process.parent === null && mention.parent !== null) this.adopt(this.parentOf(mention.parent), process);
    return process;
  }

  end(mention: Mention): ProcessPoint | null {
    const process = this.known(mention);
    if (process !== null) process.endedMs = mention.recordedMs;
    return process;
  }

  /** The process that did something; one that was never told of before is known from now on. Null when the event names none. */
  actor(mention: Mention): ProcessPoint | null {
    if (mention.guid === null && mention.pid === null) return null;
    const process = this.known(mention) ?? this.insert(mention);
    process.image ??= mention.image;
    return process;
  }

  /** The process and all that came from it, the process first, each parent before its children. */
  family(point: ProcessPoint, most: number): ProcessPoint[] {
    const found = new Set(point instanceof Recorded ? [point] : []);
    // What is added while a set is walked is walked too.
    for (const process of found) {
      for (const child of process.children) if (found.size < most) found.add(child);
    }
    return [...found];
  }

  /** The same start can have been told by the other log already, or the process be known by its deeds. */
  private ofStart(mention: StartMention): Recorded {
    const byGuid = mention.guid === null ? undefined : this.byGuid.get(guidKey(mention.guid));
    if (byGuid !== undefined) return this.touch(byGuid);
    const byPid = this.byPid.get(pidKey(mention));
    const same = byPid !== undefined && (byPid.guid === null || mention.guid === null) && isSameProgram(byPid, mention) && startedTogether(byPid, mention);
    return same ? this.complete(byPid, mention) : this.insert(mention);
  }

  private parentOf(mention: NonNullable<StartMention['parent']>): Recorded | null {
    if (mention.guid === null && mention.pid === null) return null;
    const parent = this.known(mention) ?? this.insert(mention);
    parent.image ??= mention.image;
    parent.commandLine ??= mention.commandLine;
    return parent;
  }

  private known(mention: Mention): Recorded | null {
    const byGuid = mention.guid === null ? undefined : this.byGuid.get(guidKey(mention.guid));
    if (byGuid !== undefined) return this.touch(byGuid);
    const byPid = this.byPid.get(pidKey(mention));
    if (byPid === undefined || (mention.guid !== null && byPid.guid !== null)) return null;
    if (!isSameProgram(byPid, mention) || endedBefore(byPid, mention)) return null;
    return this.complete(byPid, mention);
  }

  private complete(process: Recorded, { guid }: Mention): Recorded {
    if (process.guid === null && guid !== null) {
      process.guid = guid;
      this.byGuid.set(guidKey(guid), process);
    }
    return this.touch(process);
  }

  private insert(mention: Mention): Recorded {
    this.counter += 1;
    const process = new Recorded(`p${this.counter}`, mention);
    this.kept.add(process);
    if (mention.guid !== null) this.byGuid.set(guidKey(mention.guid), process);
    if (mention.pid !== null) this.byPid.set(pidKey(mention), process);
    const [oldest] = this.kept.size > this.maxProcesses ? this.kept : [];
    if (oldest !== undefined && oldest !== process) this.forget(oldest);
    return process;
  }

  private touch(process: Recorded): Recorded {
    this.kept.delete(process);
    this.kept.add(process);
    return process;
  }

  private adopt(parent: Recorded | null, child: Recorded): void {
    // A forged record could make a process its own ancestor; one without children can be nobody's.
    let above = child.children.size === 0 ? null : parent;
    for (let steps = 0; above !== null && steps < LONGEST_CHECK; steps += 1) {
      if (above === child) return;
      above = above.parent;
    }
    if (above !== null || parent === child) return;
    child.parent = parent;
    parent?.children.add(child);
  }

  /** Children still name it as their parent, but nothing above it is held any more. */
  private forget(process: Recorded): void {
    this.kept.delete(process);
    if (process.guid !== null && this.byGuid.get(guidKey(process.guid)) === process) this.byGuid.delete(guidKey(process.guid));
    if (this.byPid.get(pidKey(process)) === process) this.byPid.delete(pidKey(process));
    process.parent?.children.delete(process);
    process.parent = null;
  }
}

/** Recorders differ in case and braces. */
function guidKey(guid: string): string {
  return guid.replace(/[{}]/g, '').toUpperCase();
}

function pidKey({ computer, pid }: { readonly computer: string; readonly pid: number | null }): string {
  return `${computer.toLowerCase()} ${pid ?? ''}`;
}

function isSameProgram(process: Recorded, { image }: Mention): boolean {
  return image === null || process.image === null || baseName(image) === baseName(process.image);
}

/** Logs differ in how they write the folder (drive letter or device), hardly in the name. */
function baseName(image: string): string {
  return image.slice(Math.max(image.lastIndexOf('\\'), image.lastIndexOf('/')) + 1).toLowerCase();
}

function startedTogether(process: Recorded, { recordedMs }: Mention): boolean {
  if (!process.started || process.startedMs === null || recordedMs === null) return !process.started;
  return Math.abs(process.startedMs - recordedMs) <= SAME_START_MS;
}

function endedBefore({ endedMs }: Recorded, { recordedMs }: Mention): boolean {
  return endedMs !== null && recordedMs !== null && recordedMs > endedMs + SAME_START_MS;
}
