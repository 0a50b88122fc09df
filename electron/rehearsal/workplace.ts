/**
 * The throw-away folder in which a rehearsal plays, and the processes it starts there. Whatever happens, both are gone
 * afterwards: every process is in a group of its own that is ended in bounded time, and the folder is removed with all in it.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, appendFileSync, chmodSync, constants, copyFileSync, existsSync, lstatSync, mkdirSync, mkdtempSync, realpathSync, rmdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { fail, ok, type Result } from '../../shared/result.ts';
import { ERROR_EXIT_BASE, SIGNAL_EXIT_BASE, type Machine } from './machine-code.ts';
import { writeElf, type Program } from './stand-in-elf.ts';
import { quietProgram, REPORT_FD } from './stand-in-programs.ts';

const LONGEST_RUN_MS = 5_000;
const END_WAIT_MS = 1_000;
const SALT_BYTES = 64;

/** How a program ended that a stand-in, or this process, started. */
export type Ending =
  | { readonly kind: 'ran'; readonly exitCode: number }
  | { readonly kind: 'killed'; readonly signal: number }
  /** The kernel refused to start it, with this errno. */
  | { readonly kind: 'refused'; readonly errno: number }
  | { readonly kind: 'timeout' };

export interface Run {
  readonly ending: Ending;
  /** Process id of the first program, null when it was refused itself. */
  readonly pid: number | null;
  /** Process id of each command a starting stand-in started, by its index. */
  readonly started: ReadonlyMap<number, number>;
}

export class Workplace {
  readonly folder: string;
  private readonly machine: Machine;
  /** What was made outside the folder, oldest first. */
  private readonly outside: string[] = [];
  private readonly running = new Set<ChildProcess>();
  private closed = false;

  private constructor(folder: string, machine: Machine) {
    this.folder = folder;
    this.machine = machine;
  }

  /** In the first of the folders in which files may be made and programs run. */
  static async open(candidates: readonly string[], machine: Machine): Promise<Result<Workplace>> {
    for (const candidate of candidates) {
      const folder = privateFolder(candidate);
      if (folder === null) continue;
      const workplace = new Workplace(folder, machine);
      if (await workplace.isExecutable()) return ok(workplace);
      await workplace.close();
    }
    return fail('no-workplace', `None of these folders lets a program be made and run: ${candidates.join(', ')}. Set TMPDIR to one that does.`);
  }

  /** A folder of its own, so that no path is used twice; `below` names folders in which it lies. */
  newFolder(...below: readonly string[]): string {
    const folder = path.join(this.folder, ...below, randomName());
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  }

  /** A folder of its own on another volume. */
  newFolderOn(mountPoint: string): string {
    const folder = mkdtempSync(path.join(mountPoint, randomName()));
    this.outside.push(folder);
    return folder;
  }

  /** A file that must lie outside the folder, with the folders it lies in. What was there before stays as it is. */
  decoy(file: string, content: string): void {
    const missing: string[] = [];
    for (let folder = path.dirname(file); !existsSync(folder); folder = path.dirname(folder)) missing.unshift(folder);
    for (const folder of missing) {
      mkdirSync(folder, { mode: 0o700 });
      this.outside.push(folder);
    }
    writeFileSync(file, content, { mode: 0o600, flag: 'wx' });
    this.outside.push(file);
  }

  /** A new program of this name, in a folder of its own unless one is given. */
  standIn(name: string, program: Program, folder = this.newFolder()): string {
    const file = path.join(folder, name);
    writeFileSync(file, writeElf(program, this.machine, randomBytes(SALT_BYTES)), { mode: 0o700, flag: 'wx' });
    if (!file.startsWith(`${this.folder}/`)) this.outside.push(file);
    return file;
  }

  /** A copy of a program of this system under this name; with `appended`, a few bytes follow its content. */
  copyOf(original: string, name: string, appended: boolean): string {
    const file = path.join(this.newFolder(), name);
    copyFileSync(original, file, constants.COPYFILE_EXCL);
    chmodSync(file, 0o700);
    if (appended) appendFileSync(file, randomBytes(SALT_BYTES));
    return file;
  }

  /** Starts a program from this process and waits for its end, for a few seconds at most. */
  run(file: string, args: readonly string[] = []): Promise<Run> {
    if (this.closed) throw new Error('the workplace is closed');
    return new Promise((resolve) => {
      const reports: Buffer[] = [];
      let late = false;
      // A group of its own: ended as a whole, and out of reach of what is typed at this terminal.
      const child = spawn(file, args, { cwd: this.folder, env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' }, stdio: ['ignore', 'ignore', 'ignore', 'pipe'], detached: true });
      this.running.add(child);
      const timer = setTimeout(() => {
        late = true;
        endGroup(child);
      }, LONGEST_RUN_MS);
      const finish = (ending: Ending): void => {
        clearTimeout(timer);
        endGroup(child);
        this.running.delete(child);
        resolve({ ending, pid: child.pid ?? null, started: readReports(Buffer.concat(reports)) });
      };
      const report = child.stdio[REPORT_FD];
      if (report instanceof Readable) report.on('data', (chunk: Buffer) => reports.push(chunk));
      child.once('error', (error: NodeJS.ErrnoException) => finish({ kind: 'refused', errno: Math.abs(error.errno ?? 0) }));
      child.once('close', (code, signal) => finish(late ? { kind: 'timeout' } : endingOf(code, signal)));
    });
  }

  endRunning(): void {
    for (const child of this.running) endGroup(child);
  }

  /** Ends what still runs and removes what was made. */
  async close(): Promise<void> {
    this.closed = true;
    const ended = [...this.running].map((child) => new Promise((resolve) => child.once('close', resolve)));
    this.endRunning();
    await Promise.race([Promise.all(ended), new Promise((resolve) => setTimeout(resolve, END_WAIT_MS).unref())]);
    for (const made of this.outside.reverse()) removeOwn(made);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  /** A refusal by somebody else than the mount (EPERM) does not make the place unfit: that is what a rehearsal is to see. */
  private async isExecutable(): Promise<boolean> {
    const { ending } = await this.run(this.standIn(randomName(), quietProgram()));
    return ending.kind !== 'refused' || ending.errno !== os.constants.errno.EACCES;
  }
}

export function randomName(): string {
  return randomBytes(6).toString('hex');
}

function privateFolder(candidate: string): string | null {
  try {
    accessSync(candidate, constants.W_OK | constants.X_OK);
    // Rules compare paths with links resolved; so do we.
    return mkdtempSync(path.join(realpathSync(candidate), randomName()));
  } catch {
    return null;
  }
}

/** A folder goes only when nobody has put anything of theirs into it since. */
function removeOwn(made: string): void {
  try {
    if (lstatSync(made).isDirectory()) rmdirSync(made);
    else unlinkSync(made);
  } catch {
    // Somebody uses the folder meanwhile, or removed it: theirs to keep.
  }
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}

/** Stand-ins put into their exit code how what they started has ended. */
function endingOf(code: number | null, signal: NodeJS.Signals | null): Ending {
  if (code === null) return { kind: 'killed', signal: signal === null ? 0 : os.constants.signals[signal] };
  if (code > ERROR_EXIT_BASE) return { kind: 'refused', errno: code - ERROR_EXIT_BASE };
  return code > SIGNAL_EXIT_BASE ? { kind: 'killed', signal: code - SIGNAL_EXIT_BASE } : { kind: 'ran', exitCode: code };
}

function readReports(bytes: Buffer): Map<number, number> {
  const started = new Map<number, number>();
  for (let at = 0; at + 8 <= bytes.length; at += 8) started.set(bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4));
  return started;
}
