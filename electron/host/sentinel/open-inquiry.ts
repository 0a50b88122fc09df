/** The facts of one waiting opening of a guarded file. Same rules as `start-inquiry`: nothing here may block. */
import { NOT_READ, type Ancestor, type NotRead, type OpenFactReader, type OpenFacts } from '../../../shared/start/facts.ts';

export interface OpenSystem {
  runningImage(pid: number): string;
  ancestors(tid: number): readonly Ancestor[];
  uid(tid: number): number | null;
  userName(uid: number): string;
  sharesRoot(tid: number): boolean;
}

export class OpenInquiry {
  readonly tid: number;
  readonly target: string;
  private readonly system: OpenSystem;
  private readonly values = new Map<keyof OpenFacts, unknown>();

  constructor(tid: number, target: string, system: OpenSystem) {
    this.tid = tid;
    this.target = target;
    this.system = system;
  }

  readonly read: OpenFactReader = <K extends keyof OpenFacts>(name: K): OpenFacts[K] | NotRead => {
    if (this.values.has(name)) return this.values.get(name) as OpenFacts[K];
    const value = this.find(name);
    if (value !== NOT_READ) this.values.set(name, value);
    return value as OpenFacts[K] | NotRead;
  };

  give(argv: OpenFacts['argv']): void {
    this.values.set('argv', argv);
  }

  private find(name: keyof OpenFacts): unknown {
    switch (name) {
      case 'targetFilename':
        return this.target;
      case 'image':
        return this.system.runningImage(this.tid);
      case 'argv':
        return NOT_READ;
      case 'uid':
        return this.system.uid(this.tid);
      case 'userName': {
        const uid = this.read('uid');
        return typeof uid === 'number' ? this.system.userName(uid) : null;
      }
      case 'ancestors':
        return this.system.ancestors(this.tid);
      case 'sharesRoot':
        return this.system.sharesRoot(this.tid);
    }
  }
}
