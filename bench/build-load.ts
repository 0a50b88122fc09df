/** A build made of our own tools: per unit a shell, a driver, a compiler that works for 100 ms, an assembler. */
import type { PrivateTmpfs } from '../test/support/linux/private-tmpfs.ts';
import { runForJson, type Tools } from './bench-context.ts';

const UNIT_SECONDS = 0.1;
const JOBS = 2;
const NAMES = ['build', 'shell', 'driver', 'compiler', 'assembler'];

export interface Built {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** How much work makes a unit of 100 ms on this machine, when it is quiet: the best of a few tries. */
export async function loopsPerUnit(tools: Tools, folder: PrivateTmpfs): Promise<number> {
  const measure = folder.copyProgram(tools.toolchain, 'measure');
  const speeds: number[] = [];
  for (let turn = 0; turn < 3; turn += 1) speeds.push((await runForJson<{ loopsPerSecond: number }>(measure, [])).loopsPerSecond);
  return Math.ceil(Math.max(...speeds) * UNIT_SECONDS);
}

export function installToolchain(tools: Tools, folder: PrivateTmpfs): void {
  for (const name of NAMES) folder.copyProgram(tools.toolchain, name);
}

export function runBuild(folder: PrivateTmpfs, units: number, loops: number): Promise<Built> {
  return runForJson<Built>(folder.at('build'), [units, JOBS, loops]);
}
