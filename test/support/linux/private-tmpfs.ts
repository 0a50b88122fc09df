/**
 * A file system of the test's own: the only kind on which a test may put permission marks, because a reader that stops
 * freezes every start on the marked file system.
 */
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { detach, mount } from './libc.ts';

export class PrivateTmpfs {
  readonly path: string;

  /** `parent`: the folder it is mounted in. */
  constructor(parent = tmpdir()) {
    mkdirSync(parent, { recursive: true });
    this.path = mkdtempSync(path.join(parent, 'holdfast-test-'));
    mount('holdfast-test', this.path, 'tmpfs', 'mode=0755,size=64m');
  }

  /** Path of an entry of this file system. */
  at(name: string): string {
    return path.join(this.path, name);
  }

  writeProgram(name: string, content: Uint8Array | string): string {
    writeFileSync(this.at(name), content);
    chmodSync(this.at(name), 0o755);
    return this.at(name);
  }

  copyProgram(from: string, name: string): string {
    copyFileSync(from, this.at(name));
    chmodSync(this.at(name), 0o755);
    return this.at(name);
  }

  remove(): void {
    detach(this.path);
    rmdirSync(this.path);
  }
}
