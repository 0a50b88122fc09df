/** What protection adds to the start of a small program: alternating pairs against an unmarked file system. */
import type { PrivateTmpfs } from '../test/support/linux/private-tmpfs.ts';
import { startInParallel, type BenchContext } from './bench-context.ts';
import { median, rounded, spreadOf, type Figure } from './figure.ts';
import { withHoldfast, withPlainTmpfs } from './measured-holdfast.ts';

const STARTS = 2_000;
/** A sentinel decides faster once its code is compiled; it lives for days. */
const WARM_UP = 8_000;
const PAIRS = 7;
const PARALLEL_PAIRS = 3;

interface Pair {
  readonly bareMs: number;
  readonly heldMs: number;
}

export async function measureStarts(context: BenchContext): Promise<Figure[]> {
  const serial = await pairs(context, 1, PAIRS);
  const parallel = await pairs(context, 4, PARALLEL_PAIRS);
  return [figureOf('starts-serial', serial, 1.5), figureOf('starts-four-starters', parallel, undefined)];
}

async function pairs(context: BenchContext, starters: number, count: number): Promise<Pair[]> {
  const found: Pair[] = [];
  for (let pair = 0; pair < count; pair += 1) {
    // Turn about, so that a machine that slows down favours neither side.
    const early = pair % 2 === 0 ? await bareStart(context, starters) : null;
    const heldMs = await heldStart(context, starters);
    found.push({ bareMs: early ?? (await bareStart(context, starters)), heldMs });
  }
  return found;
}

/** No Holdfast runs meanwhile: its engine looks at every process of the machine, so this side would pay for it too. */
function bareStart(context: BenchContext, starters: number): Promise<number> {
  return withPlainTmpfs((plain) => millisecondsOfStart(context, plain, starters));
}

function heldStart(context: BenchContext, starters: number): Promise<number> {
  return withHoldfast(context, ({ scope }) => millisecondsOfStart(context, scope, starters));
}

/** Named as a shell, so that the rules which test command lines look at its. */
async function millisecondsOfStart({ tools }: BenchContext, folder: PrivateTmpfs, starters: number): Promise<number> {
  const program = folder.copyProgram(tools.program, 'sh');
  await startInParallel(tools, program, starters, { count: WARM_UP / starters });
  const { seconds, started, refused } = await startInParallel(tools, program, starters, { count: STARTS / starters });
  if (refused > 0) throw new Error(`${refused} starts of a harmless program were refused`);
  return (seconds / started) * 1e3;
}

function figureOf(name: string, found: readonly Pair[], target: number | undefined): Figure {
  const ratios = found.map(({ bareMs, heldMs }) => heldMs / bareMs);
  return {
    name,
    value: rounded(median(ratios)),
    unit: 'ratio',
    baseline: rounded(median(found.map(({ bareMs }) => bareMs))),
    baselineIs: 'ms a start, without Holdfast',
    ...(target === undefined ? {} : { target }),
    protectedMs: rounded(median(found.map(({ heldMs }) => heldMs))),
    spread: spreadOf(ratios),
  };
}
