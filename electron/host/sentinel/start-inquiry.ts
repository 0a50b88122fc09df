/**
 * The facts of one waiting start, read when the decision asks for them and at most once.
 *
 * What may block for ever (another process's memory) is not read here: it is answered with NOT_READ, and `load` reads it
 * on the thread pool within the deadline. Everything else comes from kernel structures and the opened file.
 */
import type { ContentIdentity, FileFacts, ScriptHeader, VolumeKind } from '../../platform/contract.ts';
import { NOT_READ, type Ancestor, type FactName, type FactReader, type NotRead, type StartFacts } from '../../../shared/start/facts.ts';
import type { ContentCache } from './content-cache.ts';

/** The reads this needs; `platform/linux` in the product, a script in tests. */
export interface InquirySystem {
  filePath(fd: number): string;
  fileFacts(fd: number): FileFacts;
  scriptHeader(fd: number): ScriptHeader | null;
  contentIdentity(fd: number): ContentIdentity;
  ancestors(tid: number): readonly Ancestor[];
  /** What the first of them runs; empty when it is gone. */
  runningImage(tid: number): string;
  currentDirectory(tid: number): string | null;
  uid(tid: number): number | null;
  userName(uid: number): string;
  sharesRoot(tid: number): boolean;
  descriptorLink(tid: number, fd: number): string | null;
  volume(image: string): VolumeKind | null;
  nowMs(): number;
}

/** What only a read that may block can tell. Null means it could not be read. */
export interface SlowFacts {
  argv?: readonly string[] | null;
  parentArgv?: readonly string[] | null;
}

export interface InquiryPolicy {
  readonly systemTools: ReadonlyMap<string, string>;
  /** Paths of the system tools themselves: a tool in its own place needs no look at its content. */
  readonly systemToolPaths: ReadonlySet<string>;
}

const HOUR_MS = 3_600_000;

/**
 * How an allow names the content: this version of this file. A build id would say nothing, because whoever may write the
 * file can give theirs the same. The device's number is left out: it can be another after a restart.
 */
export function contentName(facts: FileFacts): string | null {
  return facts.inode === 0n ? null : `file:${facts.inode}:${facts.size}:${facts.changedMs}`;
}

export class StartInquiry {
  readonly tid: number;
  readonly fd: number;
  private readonly system: InquirySystem;
  private readonly contents: ContentCache;
  private readonly policy: InquiryPolicy;
  private readonly values = new Map<FactName, unknown>();
  private file: FileFacts | null = null;

  constructor(tid: number, fd: number, image: string, system: InquirySystem, contents: ContentCache, policy: InquiryPolicy) {
    this.tid = tid;
    this.fd = fd;
    this.system = system;
    this.contents = contents;
    this.policy = policy;
    this.values.set('image', image);
  }

  readonly read: FactReader = <K extends FactName>(name: K): StartFacts[K] | NotRead => {
    if (this.values.has(name)) return this.values.get(name) as StartFacts[K];
    const value = this.find(name);
    if (value !== NOT_READ) this.values.set(name, value);
    return value as StartFacts[K] | NotRead;
  };

  /** Puts in what was read elsewhere. */
  give(facts: SlowFacts): void {
    if (facts.argv !== undefined) this.values.set('argv', facts.argv);
    if (facts.parentArgv !== undefined) this.values.set('parentArgv', facts.parentArgv);
  }

  /** A fact without reading anything for it. */
  known<K extends FactName>(name: K): StartFacts[K] | undefined {
    return this.values.get(name) as StartFacts[K] | undefined;
  }

  /** Names of the facts that were read so far. */
  factsRead(): readonly FactName[] {
    return [...this.values.keys()];
  }

  private get image(): string {
    return this.values.get('image') as string;
  }

  private find(name: FactName): unknown {
    const { system, tid } = this;
    switch (name) {
      case 'image':
        return this.image;
      case 'argv':
      case 'parentArgv':
        return NOT_READ;
      case 'script':
        return system.scriptHeader(this.fd);
      case 'currentDirectory':
        return system.currentDirectory(tid);
      case 'uid':
        return system.uid(tid);
      case 'userName':
        return this.userName();
      case 'ancestors':
        return system.ancestors(tid);
      case 'runningImage':
        return system.runningImage(tid);
      case 'systemTool':
        return this.systemTool();
      case 'volume':
        return system.volume(this.image);
      case 'imageAgeHours':
        return Math.max(0, (system.nowMs() - this.fileFacts().changedMs) / HOUR_MS);
      case 'imageOwnerUid':
        return this.fileFacts().ownerUid;
      case 'sharesRoot':
        return system.sharesRoot(tid);
      case 'standardInputPipe':
        return this.pipe(0);
      case 'standardOutputPipe':
        return this.pipe(1);
      case 'standardOutputFile':
        return this.outputFile();
      case 'content':
        return contentName(this.fileFacts());
    }
  }

  private userName(): string | null {
    const uid = this.read('uid');
    return typeof uid === 'number' ? this.system.userName(uid) : null;
  }

  private systemTool(): string | null {
    if (this.policy.systemToolPaths.has(this.image)) return this.image;
    for (const key of this.contentKeys()) {
      const tool = this.policy.systemTools.get(key);
      if (tool !== undefined) return tool;
    }
    return null;
  }

  private contentKeys(): readonly string[] {
    return this.contents.keys(this.fileFacts(), () => this.system.contentIdentity(this.fd));
  }

  private fileFacts(): FileFacts {
    this.file ??= this.system.fileFacts(this.fd);
    return this.file;
  }

  private outputFile(): string | null {
    const link = this.system.descriptorLink(this.tid, 1);
    return link?.startsWith('/') === true && !link.startsWith('/dev/') ? link : null;
  }

  private pipe(descriptor: number): string | null {
    const link = this.system.descriptorLink(this.tid, descriptor);
    return link?.startsWith('pipe:[') === true ? link : null;
  }
}
