/** How long the kernel waits for an answer: from return of the read to return of the write, over every question of a storm. */
import type { BenchContext } from './bench-context.ts';
import { startAgainAndAgain } from './bench-context.ts';
import { installToolchain, loopsPerUnit, runBuild } from './build-load.ts';
import { rounded, type Figure } from './figure.ts';
import { withHoldfast, withPlainTmpfs, type MeasuredHoldfast } from './measured-holdfast.ts';
import { sleep } from './processes.ts';

/** So many that the first hundreds, before the code is compiled, weigh nothing in the 99th percentile. */
const STARTS = 15_000;
const STARTS_BESIDE_BUILD = 8_000;
/** The sentinel tells once a second, with a beat. */
const STATS_WITHIN_MS = 1_400;

interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly decisions: number;
}

export async function measureDecisions(context: BenchContext): Promise<Figure[]> {
  const bare = await withPlainTmpfs(async (plain) => {
    const { seconds, started } = await startAgainAndAgain(context.tools, plain.copyProgram(context.tools.program, 'sh'), { count: 1_000 });
    return rounded((seconds / started) * 1e6, 0);
  });
  const quiet = await withHoldfast(context, async (holdfast) => {
    await startAgainAndAgain(context.tools, holdfast.scope.copyProgram(context.tools.program, 'sh'), { count: STARTS });
    return latencyOf(holdfast);
  });
  const busy = await withHoldfast(context, (holdfast) => besideBuild(context, holdfast));
  const figure = (name: string, value: number, target: number | null, { decisions }: Latency): Figure => ({
    name, value, unit: 'us', baseline: bare, baselineIs: 'a whole unprotected start', ...(target === null ? {} : { target }), decisions,
  });
  return [
    figure('decision-p50', quiet.p50, 150, quiet),
    figure('decision-p99', quiet.p99, 1_000, quiet),
    figure('decision-under-build-p50', busy.p50, null, busy),
    figure('decision-under-build-p99', busy.p99, 10_000, busy),
  ];
}

/** A protected build keeps both processors busy while the storm runs; its questions count as well. */
async function besideBuild(context: BenchContext, holdfast: MeasuredHoldfast): Promise<Latency> {
  const { tools } = context;
  const loops = await loopsPerUnit(tools, holdfast.scope);
  installToolchain(tools, holdfast.scope);
  const program = holdfast.scope.copyProgram(tools.program, 'sh');
  const storm = { over: false };
  const building = (async () => {
    while (!storm.over) await runBuild(holdfast.scope, 20, loops);
  })();
  await startAgainAndAgain(tools, program, { count: STARTS_BESIDE_BUILD, seconds: 40 }).finally(() => (storm.over = true));
  await building;
  return latencyOf(holdfast);
}

async function latencyOf(holdfast: MeasuredHoldfast): Promise<Latency> {
  await sleep(STATS_WITHIN_MS);
  const { p50us, p99us, decisions } = (await holdfast.status()).sentinel;
  if (p50us === null || p99us === null) throw new Error('nothing was decided');
  return { p50: p50us, p99: p99us, decisions };
}
