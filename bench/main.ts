/** Runs the benchmarks one after the other and prints each figure as a line of JSON. Nothing here fails on a slow machine. */
import { loadavg } from 'node:os';
import { compileTools, type BenchContext } from './bench-context.ts';
import { measureBuild } from './build.ts';
import { measureDecisions } from './decision.ts';
import { notMeasured, type Figure } from './figure.ts';
import { takeBackAtEnd } from './left-behind.ts';
import { measureMemory } from './memory.ts';
import { measureStarts } from './starts.ts';
import { measureStorm } from './storm.ts';

const BENCHMARKS: Readonly<Record<string, (context: BenchContext) => Promise<Figure[]>>> = {
  decision: measureDecisions,
  starts: measureStarts,
  build: measureBuild,
  storm: measureStorm,
  memory: measureMemory,
};

export interface BenchSetting {
  readonly root: string;
  readonly bundleDir: string;
  readonly electron: string | null;
}

/** `names`: which to run; none means all. `print` takes one line. Resolves to false when one could not be measured. */
export async function runBenchmarks(setting: BenchSetting, names: readonly string[], print: (line: string) => void): Promise<boolean> {
  const unknown = names.filter((name) => BENCHMARKS[name] === undefined);
  if (unknown.length > 0) throw new Error(`There is no benchmark called ${unknown.join(', ')}; there are ${Object.keys(BENCHMARKS).join(', ')}.`);
  takeBackAtEnd();
  const why = whyNotHere();
  const compiled = why === null ? compileTools(setting.root) : null;
  let whole = true;
  try {
    for (const [name, measure] of Object.entries(BENCHMARKS)) {
      if (names.length > 0 && !names.includes(name)) continue;
      const figures = compiled === null ? [notMeasured(name, '', why ?? 'no C compiler (cc) here')] : await tried(name, () => measure({ ...setting, tools: compiled.tools }));
      for (const figure of figures) {
        whole &&= figure.value !== null;
        print(JSON.stringify({ ...figure, runtime: setting.electron === null ? 'node' : 'electron', load: loadavg()[0] }));
      }
    }
  } finally {
    compiled?.remove();
  }
  return whole;
}

function whyNotHere(): string | null {
  if (process.platform !== 'linux') return 'protection before the start exists on Linux only';
  return process.getuid?.() === 0 ? null : 'marks need administrator rights';
}

async function tried(name: string, measure: () => Promise<Figure[]>): Promise<Figure[]> {
  try {
    return await measure();
  } catch (error) {
    return [notMeasured(name, '', error instanceof Error ? error.message : String(error))];
  }
}
