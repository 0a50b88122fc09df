/**
 * A living Holdfast with a few rules switched on, and programs to try it with: a starter that knows many ways to start
 * another program, and a lingerer that takes the name of any tool.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync, readFileSync, chmodSync } from 'node:fs';
import path from 'node:path';
import type { CallOutput } from '../../../shared/control/calls.ts';
import type { HistoryEntry } from '../../../shared/history/entry.ts';
import type { RuleMode } from '../../../shared/policy/modes.ts';
import { LiveHoldfast, type LiveOptions } from './live-holdfast.ts';

/** What `Starter` ends with when the kernel refused the start it made. */
export const REFUSED = 101;
/** What the lingerer ends with when nobody stopped it. */
export const RAN = 7;
/** The rule that forbids `telinit 1`: it needs the name and the arguments of a start, nothing else. */
export const RESCUE = 'rescue-mode-reboot';
const ENTRIES_WITHIN_MS = 4_000;

type Modes = Readonly<Record<string, RuleMode>>;
interface Programs {
  readonly starter: Buffer;
  readonly lingerer: Buffer;
  readonly dynamicLingerer: Buffer;
}

export class DecisionStage {
  live: LiveHoldfast;
  private readonly programs: Programs;
  private folders = 0;

  private constructor(live: LiveHoldfast) {
    this.live = live;
    this.programs = {
      starter: compile(live.dataDir, 'starter.c', ['-static', '-pthread']),
      lingerer: compile(live.dataDir, 'lingerer.c', ['-static']),
      dynamicLingerer: compile(live.dataDir, 'lingerer.c', []),
    };
  }

  static async open(modes: Modes, options: LiveOptions = {}): Promise<DecisionStage> {
    const stage = new DecisionStage(await LiveHoldfast.start(options));
    await stage.useModes(modes);
    return stage;
  }

  async useModes(modes: Modes): Promise<void> {
    for (const [rule, mode] of Object.entries(modes)) await this.live.call('rulesSet', { rule, mode });
  }

  /** What is answered for starts that can not be judged in time. No command sets it, so Holdfast is started anew with it. */
  async useFail(fail: 'open' | 'closed'): Promise<void> {
    await this.live.end();
    const file = path.join(this.live.dataDir, 'settings.json');
    const settings = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    writeFileSync(file, JSON.stringify({ ...settings, fail }));
    this.live = await LiveHoldfast.start({ after: this.live });
    await this.live.until(({ state }) => state === 'protected');
  }

  /** A new folder below the scope, so that no path is used twice. */
  folder(...names: readonly string[]): string {
    this.folders += 1;
    const folder = path.join(this.live.scope.path, `case-${this.folders}`, ...names);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** The starter under this name, in a folder of its own unless one is given. */
  starter(name = 'starter', folder = this.folder()): string {
    return program(path.join(folder, name), this.programs.starter);
  }

  /** The lingerer under this name. */
  tool(name = 'telinit', folder = this.folder()): string {
    return program(path.join(folder, name), this.programs.lingerer);
  }

  /** The same, in need of the dynamic loader. */
  dynamicTool(name = 'telinit', folder = this.folder()): string {
    return program(path.join(folder, name), this.programs.dynamicLingerer);
  }

  script(text: string, name = 'script', folder = this.folder()): string {
    return program(path.join(folder, name), text);
  }

  copy(original: string, name: string, folder = this.folder()): string {
    return program(path.join(folder, name), readFileSync(original));
  }

  /** Entries about a program, once there are so many (or after a while as they are). What a Sigma rule found in it is not among them. */
  async entriesOf(image: string, atLeast = 1): Promise<HistoryEntry[]> {
    const about = (entry: HistoryEntry): boolean => entry.process.image === image && entry.rule.source !== 'sigma';
    return (await this.live.historyWith((entries) => entries.filter(about).length >= atLeast, ENTRIES_WITHIN_MS)).filter(about);
  }

  /** The one entry about a program. */
  async entryOf(image: string): Promise<HistoryEntry> {
    const entries = await this.entriesOf(image);
    const [entry] = entries;
    if (entry === undefined || entries.length > 1) throw new Error(`${entries.length} entries about ${image}: ${JSON.stringify(await this.live.history())}`);
    return entry;
  }

  /** Entries whose time is after this, once everything that started has been looked at. */
  async quietSince(image: string): Promise<HistoryEntry[]> {
    await new Promise((resolve) => setTimeout(resolve, 400));
    return (await this.live.history()).filter((entry) => entry.process.image === image);
  }

  coverage(mount: string): Promise<CallOutput<'status'>['coverage'][number] | undefined> {
    return this.live.status().then((status) => status.coverage.find((entry) => entry.mount === mount));
  }

  async close(): Promise<void> {
    await this.live.remove();
  }
}

function compile(folder: string, source: string, flags: readonly string[]): Buffer {
  const out = path.join(folder, `compiled-${source}-${flags.length}`);
  execFileSync('cc', ['-O1', '-o', out, path.join(import.meta.dirname, source), ...flags]);
  return readFileSync(out);
}

function program(file: string, content: Uint8Array | string): string {
  writeFileSync(file, content);
  chmodSync(file, 0o755);
  return file;
}
