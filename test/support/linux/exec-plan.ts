/** Programs that start others in unusual ways, for tests of what the kernel and the sentinel make of it. */
import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';

export interface ExecPlan {
  readonly path: string;
  /** Any bytes; text is UTF-8. */
  readonly argv: readonly (string | Uint8Array)[];
  /** `other`: from a thread that is not the leader. */
  readonly thread?: 'main' | 'other';
  /** A file whose content, mapped, is one more argument. */
  readonly mapped?: string;
  /** A FUSE file (silent about reads, past the page cache from its second open) by which the map's lock is held for ever first. */
  readonly locked?: string;
  /** Account to run under; that of the test when left out. */
  readonly uid?: number;
}

/** Starts a Node process that turns into `plan.path`. Its exit code is 100 + errno when that is refused from its main thread, 100 from another. */
export function spawnExec(plan: ExecPlan): ChildProcess {
  const request = {
    path: plan.path,
    argv: plan.argv.map((each) => Buffer.from(each).toString('base64')),
    thread: plan.thread ?? 'main',
    mapped: plan.mapped ?? null,
    locked: plan.locked ?? null,
  };
  return spawn(process.execPath, [path.join(import.meta.dirname, 'exec-child.mjs'), JSON.stringify(request)], { stdio: ['ignore', 'pipe', 'inherit'], ...(plan.uid === undefined ? {} : { uid: plan.uid, gid: plan.uid }) });
}

export function exitOf(child: ChildProcess): Promise<{ readonly code: number | null; readonly signal: string | null }> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve({ code: child.exitCode, signal: child.signalCode });
    else child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

/**
 * Starts a program of a marked file system. Never spawn one directly from the process that answers: Node waits in spawn until the program
 * runs, so the question could not be answered.
 */
export function spawnMarked(program: string, values: readonly string[] = []): ChildProcess {
  return spawn('/bin/sh', ['-c', 'exec "$0" "$@"', program, ...values], { stdio: ['ignore', 'pipe', 'inherit'] });
}
