/** What Holdfast weighs and uses while nothing happens, beside a bare Electron with two processes that only load the native parts. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import type { BenchContext } from './bench-context.ts';
import { notMeasured, rounded, type Figure } from './figure.ts';
import { takeBack } from './left-behind.ts';
import { endProcess, HEADLESS, withHoldfast, type MeasuredHoldfast } from './measured-holdfast.ts';
import { familyOf, forksOfMachine, kindOf, pssOf, sleep, threadSeconds } from './processes.ts';

/** What starting left behind is given back by then: V8 collects it half a minute later, once. */
const SETTLE_MS = 45_000;
const IDLE_SECONDS = 60;
const BARE_IDLE_SECONDS = 15;

/** A value for each process, by what the process is for. */
type PerProcess = Readonly<Record<string, number>>;

interface Measured {
  readonly megabytes: PerProcess;
  /** Percent of one core. */
  readonly idle: PerProcess;
  /** The engine hears of every process on the machine, so a machine with other work is never idle for it. */
  readonly forksPerSecond: number;
}

export async function measureMemory(context: BenchContext): Promise<Figure[]> {
  const { electron } = context;
  if (electron === null) return [notMeasured('memory-pss', 'MB', 'no Electron here'), notMeasured('idle-cpu', '% of one core', 'no Electron here')];
  const bare = await measureBare(context, electron);
  const ours = await withHoldfast(context, async (holdfast) => {
    await sleep(SETTLE_MS);
    return measure(await namesOf(holdfast), IDLE_SECONDS);
  });
  const above = sum(ours.megabytes) - sum(bare.megabytes);
  const baselineIs = 'a bare Electron with two utility processes that load koffi and libsql; same flags, no display, so no tray on either side';
  return [
    { name: 'memory-pss', value: rounded(above, 1), unit: 'MB above bare', baseline: rounded(sum(bare.megabytes), 1), baselineIs: `MB of ${baselineIs}`, target: 60, whole: rounded(sum(ours.megabytes), 1), each: ours.megabytes, bareEach: bare.megabytes },
    { name: 'idle-cpu', value: rounded(sum(ours.idle)), unit: '% of one core', baseline: rounded(sum(bare.idle)), baselineIs: `% of ${baselineIs}`, target: 0.5, seconds: IDLE_SECONDS, each: ours.idle, forksPerSecondElsewhere: ours.forksPerSecond },
  ];
}

async function measureBare(context: BenchContext, electron: string): Promise<Measured> {
  const child = spawn(electron, [...HEADLESS, path.join(context.bundleDir, 'bare-main.cjs')], { stdio: 'ignore', detached: true });
  const ended = takeBack(() => child.kill('SIGKILL'));
  try {
    await sleep(SETTLE_MS);
    const family = familyOf(child.pid ?? -1);
    if (family.filter((pid) => kindOf(pid) === 'utility').length < 2) throw new Error('the bare Electron did not start its two processes');
    return await measure(new Map(family.map((pid) => [pid, `${kindOf(pid)} ${pid}`])), BARE_IDLE_SECONDS);
  } finally {
    await endProcess(child);
    ended();
  }
}

async function namesOf(holdfast: MeasuredHoldfast): Promise<ReadonlyMap<number, string>> {
  const { engine, sentinel } = await holdfast.status();
  const name = (pid: number): string => (pid === engine.pid ? 'engine' : pid === sentinel.pid ? 'sentinel' : kindOf(pid));
  return new Map(holdfast.family.map((pid) => [pid, name(pid)]));
}

async function measure(names: ReadonlyMap<number, string>, seconds: number): Promise<Measured> {
  const each = (of: (pid: number) => number, digits: number): PerProcess => Object.fromEntries([...names].map(([pid, name]) => [name, rounded(of(pid), digits)]));
  const megabytes = each(pssOf, 1);
  const forks = forksOfMachine();
  const before = new Map([...names.keys()].map((pid) => [pid, threadSeconds(pid)]));
  await sleep(seconds * 1_000);
  const idle = each((pid) => ((threadSeconds(pid) - (before.get(pid) ?? 0)) / seconds) * 100, 3);
  return { megabytes, idle, forksPerSecond: rounded((forksOfMachine() - forks) / seconds, 1) };
}

function sum(values: PerProcess): number {
  return Object.values(values).reduce((total, value) => total + value, 0);
}
