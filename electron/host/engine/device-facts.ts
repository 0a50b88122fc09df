/** What the device adds to the policy: system tools by content, guarded files that exist. Looked at again while the engine runs. */
import fs from 'node:fs';
import { guardedPatterns, type RuleBook } from '../../engine/asr/rule-book.ts';
import type { DeviceFacts } from '../../engine/control/policy-keeper.ts';
import { chosenMode } from '../../engine/settings/rule-modes.ts';
import type { Settings } from '../../engine/settings/settings-schema.ts';
import { contentIdentity } from '../../platform/linux/files.ts';
import { readMounts } from '../../platform/linux/mounts.ts';
import { isActive } from '../../../shared/policy/modes.ts';
import { findGuardedFiles } from './guarded-files.ts';
import { indexSystemTools, systemToolStamp, type SystemToolIndex } from './system-tools.ts';

const NO_TOOLS: SystemToolIndex = { tools: {}, stamp: '' };

export class DeviceWatch {
  private readonly book: RuleBook;
  private readonly settings: () => Settings;
  private readonly scope: readonly string[];
  private index = NO_TOOLS;
  /** Asked every second, and there are thousands of tools. */
  private knows = false;
  private files: readonly string[] = [];
  /** What the files were searched for. */
  private searched: readonly string[] = [];
  private fingerprint = '';

  constructor(book: RuleBook, settings: () => Settings, scope: readonly string[]) {
    this.book = book;
    this.settings = settings;
    this.scope = scope;
  }

  /** A rule that was just switched on guards its files from the first moment, so they are searched before it is in force. */
  facts(settings: Settings): DeviceFacts {
    const patterns = this.patternsOf(settings);
    if (patterns.join('\0') !== this.searched.join('\0')) this.search(patterns);
    return { systemTools: this.index.tools, guardedFiles: this.files };
  }

  /** False on a first start, for a second or two. */
  get knowsTools(): boolean {
    return this.knows;
  }

  /** Tools of an earlier engine run, so that protection does not wait for the index. */
  useTools(tools: Readonly<Record<string, string>>): void {
    this.setIndex({ tools, stamp: '' });
  }

  /** True when the facts are others than before. */
  async refreshTools(): Promise<boolean> {
    if (systemToolStamp() === this.index.stamp) return false;
    const before = this.index.tools;
    this.setIndex(await indexSystemTools(contentIdentity));
    return JSON.stringify(before) !== JSON.stringify(this.index.tools);
  }

  /** Only while a rule that guards files is switched on: else there is nothing to look for. */
  refreshGuardedFiles(): boolean {
    this.search(this.patternsOf(this.settings()));
    const fingerprint = this.files.map(withInode).join('\0');
    const changed = fingerprint !== this.fingerprint;
    this.fingerprint = fingerprint;
    return changed;
  }

  private setIndex(index: SystemToolIndex): void {
    this.index = index;
    this.knows = Object.keys(index.tools).length > 0;
  }

  private patternsOf(settings: Settings): readonly string[] {
    return guardedPatterns(this.book.rules.filter((rule) => isActive(chosenMode(settings, rule.id))), 'linux');
  }

  private search(patterns: readonly string[]): void {
    this.searched = patterns;
    this.files = patterns.length === 0 ? [] : findGuardedFiles({ patterns, scope: this.scope, mounts: readMounts() }).sort();
  }
}

/** A file that was replaced has another inode and needs its mark anew; its name alone does not tell. */
function withInode(file: string): string {
  return `${file}:${fs.lstatSync(file, { throwIfNoEntry: false })?.ino ?? 0}`;
}
