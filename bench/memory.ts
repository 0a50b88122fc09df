/** What Holdfast weighs and uses while nothing happens, beside a bare Electron with two processes that only load the native parts. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import type { BenchContext } from './bench-context.ts';
import { notMeasured, rounded, type Figure } from './figure.ts';
import { endProcess, HEADLESS, withHoldfast } from './measured-holdfast.ts';
import { cpuSeconds, familyOf, pssMegabytes, pssOf, roleOf, sleep } from './processes.ts';

/** Start-up memory is given back by then. */
const SETTLE_MS = 15_000;
const IDLE_SECONDS = 60;

interface Weight {
  readonly megabytes: number;
  readonly each: Readonly<Record<string, number>>;
}

export async function measureMemory(context: BenchContext): Promise<Figure[]> {
  const { electron } = context;
  if (electron === null) return [notMeasured('memory-pss', 'MB', 'no Electron here'), notMeasured('idle-cpu', '% of one core', 'no Electron here')];
  const bare = await weighBare(context, electron);
  return withHoldfast(context, async (holdfast) => {
    await sleep(SETTLE_MS);
    const ours = weigh(holdfast.family);
    const before = holdfast.cpuSeconds();
    const each = new Map(holdfast.family.map((pid) => [pid, cpuSeconds([pid])]));
    await sleep(IDLE_SECONDS * 1_000);
    const share = ((holdfast.cpuSeconds() - before) / IDLE_SECONDS) * 100;
    const shares = [...each].map(([pid, was]) => [roleOf(pid), rounded(((cpuSeconds([pid]) - was) / IDLE_SECONDS) * 100)]);
    const later = weigh(holdfast.family);
    return [
      {
        name: 'memory-pss', value: rounded(ours.megabytes - bare.weight.megabytes, 1), unit: 'MB above bare', baseline: rounded(bare.weight.megabytes, 1),
        baselineIs: 'MB of a bare Electron with two utility processes that load koffi and libsql; same flags, no display, so no tray on either side',
        target: 60, whole: rounded(ours.megabytes, 1), afterIdle: rounded(later.megabytes, 1), each: ours.each, bareEach: bare.weight.each,
      },
      { name: 'idle-cpu', value: rounded(share), unit: '% of one core', baseline: rounded(bare.idleShare), baselineIs: '% of one core, the bare Electron', target: 0.5, seconds: IDLE_SECONDS, each: Object.fromEntries(shares) as Record<string, number> },
    ];
  });
}

async function weighBare(context: BenchContext, electron: string): Promise<{ readonly weight: Weight; readonly idleShare: number }> {
  const child = spawn(electron, [...HEADLESS, path.join(context.bundleDir, 'bare-main.cjs')], { stdio: 'ignore', detached: true });
  try {
    await sleep(SETTLE_MS);
    const family = familyOf(child.pid ?? -1);
    if (family.filter((pid) => roleOf(pid) === 'node.mojom.NodeService').length !== 2) throw new Error('the bare Electron did not start its two processes');
    const before = cpuSeconds(family);
    await sleep(SETTLE_MS);
    return { weight: weigh(family), idleShare: ((cpuSeconds(family) - before) / (SETTLE_MS / 1_000)) * 100 };
  } finally {
    await endProcess(child);
  }
}

function weigh(family: readonly number[]): Weight {
  const each: Record<string, number> = {};
  for (const pid of family) each[`${roleOf(pid)} ${pid}`] = rounded(pssOf(pid), 1);
  return { megabytes: pssMegabytes(family), each };
}
