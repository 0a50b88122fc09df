/** The most starts this machine gives for half a minute, then forks at a fixed rate: is anything missed? */
import type { Status } from '../shared/status/status.ts';
import { runForJson, startInParallel, type BenchContext } from './bench-context.ts';
import { rounded, type Figure } from './figure.ts';
import { withHoldfast, withPlainTmpfs, type MeasuredHoldfast } from './measured-holdfast.ts';
import { sleep } from './processes.ts';

const STORM_SECONDS = 30;
const PROBE_SECONDS = 2;
const FORKS_PER_SECOND = 5_000;
const FORK_SECONDS = 10;
/** The engine may be behind; what is measured is whether it gets there, not when. */
const CATCH_UP_MS = 30_000;

interface Seen {
  readonly starts: number;
  readonly complete: number;
  readonly lost: number | null;
}

export function measureStorm(context: BenchContext): Promise<Figure[]> {
  return withHoldfast(context, async (holdfast) => {
    const { tools } = context;
    const held = holdfast.scope.copyProgram(tools.program, 'sh');
    const bareRate = await withPlainTmpfs(async (plain) => (await fastest(context, plain.copyProgram(tools.program, 'sh'))).rate);
    const { starters } = await fastest(context, held);
    await settled(holdfast);
    const before = seenBy(await holdfast.status());
    const storm = await startInParallel(tools, held, starters, { seconds: STORM_SECONDS });
    const { status, behindMs } = await settled(holdfast);
    const after = seenBy(status);
    const forked = await runForJson<{ forked: number; seconds: number }>(tools.forks, [FORKS_PER_SECOND, FORK_SECONDS]);
    const atEnd = seenBy((await settled(holdfast)).status);
    const rate = rounded(storm.started / storm.seconds, 0);
    const complete = ((after.complete - before.complete) / storm.started) * 100;
    const gaps = (await holdfast.status()).gaps;
    return [
      { name: 'storm-rate', value: rate, unit: 'starts/s', baseline: rounded(bareRate, 0), baselineIs: 'starts/s, unprotected', starters, longestStartMs: storm.longestMs, behindMs },
      { name: 'storm-lost', value: lostBetween(before, after), unit: 'events', baseline: storm.started, baselineIs: 'starts made', target: 0, gaps: gaps.length },
      { name: 'storm-complete', value: rounded(complete), unit: '% of starts', baseline: storm.started, baselineIs: 'starts made', target: 99.9, seen: after.starts - before.starts, refused: storm.refused },
      { name: 'forks-lost', value: lostBetween(after, atEnd), unit: 'events', baseline: forked.forked, baselineIs: 'forks made', target: 0, perSecond: rounded(forked.forked / forked.seconds, 0) },
    ];
  });
}

/** Which number of starters gives the most starts a second. */
async function fastest(context: BenchContext, program: string): Promise<{ readonly starters: number; readonly rate: number }> {
  const found: { starters: number; rate: number }[] = [];
  for (const starters of [1, 2, 4]) {
    const { started, seconds } = await startInParallel(context.tools, program, starters, { seconds: PROBE_SECONDS });
    found.push({ starters, rate: started / seconds });
  }
  return found.reduce((best, one) => (one.rate > best.rate ? one : best));
}

/** The status once no more starts come in. */
async function settled(holdfast: MeasuredHoldfast): Promise<{ readonly status: Status; readonly behindMs: number }> {
  const from = performance.now();
  let last = -1;
  for (;;) {
    const status = await holdfast.status();
    const { starts } = seenBy(status);
    const passed = performance.now() - from;
    if (starts === last || passed > CATCH_UP_MS) return { status, behindMs: rounded(passed, 0) };
    last = starts;
    await sleep(700);
  }
}

function seenBy(status: Status): Seen {
  const sensor = status.sensors.find(({ id }) => id === 'process-news');
  return { starts: sensor?.starts?.seen ?? 0, complete: sensor?.starts?.complete ?? 0, lost: sensor?.lost ?? null };
}

/** Null when the kernel did not tell how much. */
function lostBetween(before: Seen, after: Seen): number | null {
  return before.lost === null || after.lost === null ? null : after.lost - before.lost;
}
