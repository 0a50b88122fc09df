/**
 * A storm of starts: harmless and forbidden programs, started from several processes at once. Every start is measured, so that a test can
 * say how long the slowest took, how many the kernel refused, and which forbidden ones ran.
 *
 * The programs are made from bytes and do nothing; what is forbidden is their name and arguments.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import readline from 'node:readline';
import { machineFor, writeElf, type Program } from '../../../electron/rehearsal/stand-in-elf.ts';
import { quietProgram, writingProgram } from '../../../electron/rehearsal/stand-in-programs.ts';
import type { PrivateTmpfs } from './private-tmpfs.ts';

export interface Sample {
  readonly kind: 'allowed' | 'forbidden' | 'staying' | 'staying-ended';
  /** Monotonic, as `monotonicMs` counts. */
  readonly atMs: number;
  /** Until the kernel answered the starter. */
  readonly tookMs: number;
  /** `ran`, or the error the starter got; for one that ended, how. */
  readonly outcome: string;
  readonly pid: number;
}

export interface StormProgram {
  readonly kind: Sample['kind'];
  readonly path: string;
  readonly args: readonly string[];
  readonly stays: boolean;
}

const STAY_MS = 60_000;
/** Between two rounds of one starter: a storm, and yet room for others on a small machine. */
const PAUSE_MS = 3;
const STAYING_PAUSE_MS = 60;

export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

export function standIn(program: Program): Buffer {
  const machine = machineFor(process.arch);
  if (machine === null) throw new Error(`no stand-in programs for ${process.arch}`);
  return writeElf(program, machine, randomBytes(16));
}

/** Puts the programs of a storm into a file system. */
export function stormPrograms(scope: PrivateTmpfs): Readonly<Record<'allowed' | 'forbidden' | 'staying', StormProgram>> {
  const quiet = standIn(quietProgram());
  return {
    allowed: { kind: 'allowed', path: scope.writeProgram('counter', quiet), args: ['--count', '3'], stays: false },
    forbidden: { kind: 'forbidden', path: scope.writeProgram('borg', quiet), args: ['delete', '/srv/archive'], stays: false },
    staying: { kind: 'staying', path: scope.writeProgram('timeshift', standIn(writingProgram('', { stayMs: STAY_MS }))), args: ['--delete-all', '--yes'], stays: true },
  };
}

export class StartStorm {
  readonly samples: Sample[] = [];
  private readonly children: ChildProcess[];

  constructor(scope: PrivateTmpfs, starters = 2) {
    const { allowed, forbidden, staying } = stormPrograms(scope);
    const loops = Array.from({ length: starters }, () => this.spawnStarter([allowed, forbidden], PAUSE_MS));
    this.children = [...loops, this.spawnStarter([staying], STAYING_PAUSE_MS)];
  }

  /** Resolves when every starter has told all it did. */
  async stop(): Promise<void> {
    const running = this.children.filter((child) => child.exitCode === null && child.signalCode === null);
    const gone = running.map((child) => new Promise((resolve) => child.once('close', resolve)));
    for (const child of this.children) child.stdin?.end();
    const killer = setTimeout(() => this.children.forEach((child) => child.kill('SIGKILL')), 10_000);
    await Promise.all(gone);
    clearTimeout(killer);
  }

  of(kind: Sample['kind'], sinceMs = 0): Sample[] {
    return this.samples.filter((sample) => sample.kind === kind && sample.atMs >= sinceMs);
  }

  /** Starts that the kernel refused. */
  get refused(): Sample[] {
    return this.samples.filter(({ outcome }) => outcome === 'EPERM');
  }

  /** Forbidden starts that ran. */
  ranSince(sinceMs: number): Sample[] {
    return [...this.of('forbidden', sinceMs), ...this.of('staying', sinceMs)].filter(({ outcome }) => outcome === 'ran');
  }

  get slowestMs(): number {
    return this.samples.reduce((slowest, { tookMs }) => Math.max(slowest, tookMs), 0);
  }

  private spawnStarter(programs: readonly StormProgram[], pauseMs: number): ChildProcess {
    const child = spawn(process.execPath, [path.join(import.meta.dirname, 'storm-child.mjs'), JSON.stringify({ programs, pauseMs })], { stdio: ['pipe', 'pipe', 'inherit'] });
    readline.createInterface({ input: child.stdout }).on('line', (line) => {
      const [kind, atMs, tookMs, outcome, pid] = line.split(' ');
      if (kind !== 'done') this.samples.push({ kind: kind as Sample['kind'], atMs: Number(atMs), tookMs: Number(tookMs), outcome: outcome ?? '', pid: Number(pid) });
    });
    return child;
  }
}
