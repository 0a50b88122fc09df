/** Keeps an open-permission mark on each guarded file, so that only openings of these files are asked about. */
import fs from 'node:fs';
import type { FileFacts, PermissionGate } from '../../platform/contract.ts';

const MOST_NAMES = 8_192;

export class FileMarks {
  private marked = new Set<string>();
  /** By inode, also of files that have left their place since: the mark goes with the file. */
  private readonly names = new Map<string, string>();
  private readonly gate: Pick<PermissionGate, 'markFileOpen' | 'unmarkFileOpen'>;

  constructor(gate: Pick<PermissionGate, 'markFileOpen' | 'unmarkFileOpen'>) {
    this.gate = gate;
  }

  /**
   * A mark sits on the inode: a file that was replaced has none, so every file is marked again (the kernel merges).
   * Returns the files that could not be marked, with the reason.
   */
  refresh(files: readonly string[]): string[] {
    const wanted = new Set(files);
    for (const file of this.marked) {
      if (!wanted.has(file)) this.gate.unmarkFileOpen(file);
    }
    const problems: string[] = [];
    this.marked = new Set();
    for (const file of wanted) {
      const result = this.gate.markFileOpen(file);
      if (result.ok) this.note(file);
      else problems.push(result.error.message);
    }
    return problems;
  }

  /** The name under which an opened file is guarded, whatever link or new place it was opened by. */
  nameOf({ device, inode }: Pick<FileFacts, 'device' | 'inode'>): string | null {
    return this.names.get(`${device}:${inode}`) ?? null;
  }

  private note(file: string): void {
    this.marked.add(file);
    const stat = fs.lstatSync(file, { bigint: true, throwIfNoEntry: false });
    if (stat === undefined) return;
    if (this.names.size >= MOST_NAMES) this.names.clear();
    this.names.set(`${stat.dev}:${stat.ino}`, file);
  }
}
