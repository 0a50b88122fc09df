/** Runs the benchmarks one after the other and prints each figure as a line of JSON. Nothing here fails on a slow machine. */
import { loadavg } from 'node:os';
import { compileTools, type BenchContext, type BenchSetting } from './bench-context.ts';
import { measureBuild } from './build.ts';
import { measureDecisions } from './decision.ts';
import { measureEvtx } from './evtx.ts';
import { notMeasured, type Figure } from './figure.ts';
import { takeBackAtEnd } from './left-behind.ts';
import { measureMemory } from './memory.ts';
import { measureSigma } from './sigma.ts';
import { measureStarts } from './starts.ts';
import { measureStorm } from './storm.ts';
import { measureUi } from './ui.ts';

/** These start a whole Holdfast, which holds starts back on Linux only, as root. */
const OF_PROTECTION: Readonly<Record<string, (context: BenchContext) => Promise<Figure[]>>> = {
  decision: measureDecisions,
  starts: measureStarts,
  build: measureBuild,
  storm: measureStorm,
  memory: measureMemory,
  ui: measureUi,
};

/** These need nothing of the machine. */
const OF_PARTS: Readonly<Record<string, (setting: BenchSetting) => Promise<Figure[]>>> = {
  evtx: ({ root }) => measureEvtx(root),
  sigma: measureSigma,
};

const NAMES = [...Object.keys(OF_PARTS), ...Object.keys(OF_PROTECTION)];

/** `names`: which to run; none means all. `print` takes one line. Resolves to false when one could not be measured. */
export async function runBenchmarks(setting: BenchSetting, names: readonly string[], print: (line: string) => void): Promise<boolean> {
  const unknown = names.filter((name) => !NAMES.includes(name));
  if (unknown.length > 0) throw new Error(`There is no benchmark called ${unknown.join(', ')}; there are ${NAMES.join(', ')}.`);
  takeBackAtEnd();
  const wanted = (name: string): boolean => names.length === 0 || names.includes(name);
  let whole = true;
  const tell = (figures: readonly Figure[]): void => {
    for (const figure of figures) {
      whole &&= figure.value !== null;
      print(JSON.stringify({ ...figure, runtime: setting.electron === null ? 'node' : 'electron', load: loadavg()[0] }));
    }
  };
  for (const [name, measure] of Object.entries(OF_PARTS)) if (wanted(name)) tell(await tried(name, () => measure(setting)));
  if (Object.keys(OF_PROTECTION).some(wanted)) await measureProtection(setting, wanted, tell);
  return whole;
}

async function measureProtection(setting: BenchSetting, wanted: (name: string) => boolean, tell: (figures: readonly Figure[]) => void): Promise<void> {
  const why = whyNotHere();
  const compiled = why === null ? compileTools(setting.root) : null;
  try {
    for (const [name, measure] of Object.entries(OF_PROTECTION).filter(([each]) => wanted(each))) {
      tell(compiled === null ? [notMeasured(name, '', why ?? 'no C compiler (cc) here')] : await tried(name, () => measure({ ...setting, tools: compiled.tools })));
    }
  } finally {
    compiled?.remove();
  }
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
