/** Keeps an open-permission mark on each guarded file, so that only openings of these files are asked about. */
import type { PermissionGate } from '../../platform/contract.ts';

export class FileMarks {
  private marked = new Set<string>();
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
      if (result.ok) this.marked.add(file);
      else problems.push(result.error.message);
    }
    return problems;
  }
}
