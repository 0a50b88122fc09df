/** What every benchmark is given: where things are, and the programs that make the load. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { temporaryFolder } from './left-behind.ts';

export interface BenchSetting {
  /** The working copy. */
  readonly root: string;
  /** Folder of the built `bare-main.cjs`, `bare-utility.js` and `sigma-child.js`. */
  readonly bundleDir: string;
  /** The Electron executable; null where there is none, and Holdfast runs under plain Node. */
  readonly electron: string | null;
}

export interface BenchContext extends BenchSetting {
  readonly tools: Tools;
}

/** Compiled helpers, outside any scope: copies are made where they are to be judged. */
export interface Tools {
  readonly starter: string;
  readonly forks: string;
  readonly program: string;
  readonly toolchain: string;
}

const LONGEST_RUN_MS = 180_000;

/** Null without a C compiler. `remove` when done. */
export function compileTools(root: string): { readonly tools: Tools; remove(): void } | null {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'holdfast-bench-'));
  const compiled = (name: keyof Tools): string => {
    const result = spawnSync('cc', ['-O2', '-o', path.join(folder, name), path.join(root, `bench/tools/${name}.c`)], { encoding: 'utf8' });
    if (result.status !== 0) throw new Error(result.error?.message ?? result.stderr);
    return path.join(folder, name);
  };
  const remove = temporaryFolder(folder);
  if (spawnSync('cc', ['--version']).status !== 0) {
    remove();
    return null;
  }
  return { tools: { starter: compiled('starter'), forks: compiled('forks'), program: compiled('program'), toolchain: compiled('toolchain') }, remove };
}

/** Runs a helper that prints one line of JSON. */
export function runForJson<T>(command: string, args: readonly (string | number)[], longestMs = LONGEST_RUN_MS): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args.map(String), { stdio: ['ignore', 'pipe', 'inherit'], timeout: longestMs, killSignal: 'SIGKILL' });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve(JSON.parse(output) as T);
      else reject(new Error(`${path.basename(command)} ended with ${code ?? signal ?? 'nothing'}: ${output}`));
    });
  });
}

export interface Started {
  readonly started: number;
  readonly refused: number;
  readonly seconds: number;
  readonly longestMs: number;
}

/** Starts `program` `count` times or for so many seconds (zero: no limit of that kind), one after the other. */
export function startAgainAndAgain(tools: Tools, program: string, limit: { readonly count?: number; readonly seconds?: number }): Promise<Started> {
  // As a shell is started: rules that test command lines look at these.
  return runForJson<Started>(tools.starter, [limit.count ?? 0, limit.seconds ?? 0, program, '-c', 'exit 0']);
}

/** The same in several processes at once; `seconds` is the longest. */
export async function startInParallel(tools: Tools, program: string, starters: number, limit: { readonly count?: number; readonly seconds?: number }): Promise<Started> {
  const all = await Promise.all(Array.from({ length: starters }, () => startAgainAndAgain(tools, program, limit)));
  const sum = (of: (one: Started) => number): number => all.reduce((total, one) => total + of(one), 0);
  return {
    started: sum((one) => one.started),
    refused: sum((one) => one.refused),
    seconds: Math.max(...all.map((one) => one.seconds)),
    longestMs: Math.max(...all.map((one) => one.longestMs)),
  };
}
