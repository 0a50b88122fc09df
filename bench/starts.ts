/** What protection adds to the start of a small program: alternating pairs against an unmarked file system. */
import { startInParallel, type BenchContext } from './bench-context.ts';
import { median, rounded, spreadOf, type Figure } from './figure.ts';
import { withHoldfast, withPlainTmpfs } from './measured-holdfast.ts';

const STARTS = 2_000;
const PAIRS = 7;
const PARALLEL_PAIRS = 3;

interface Pair {
  readonly bareMs: number;
  readonly heldMs: number;
}

export function measureStarts(context: BenchContext): Promise<Figure[]> {
  return withHoldfast(context, (holdfast) =>
    withPlainTmpfs(async (plain) => {
      // Named as a shell, so that the rules which test command lines look at its.
      const held = holdfast.scope.copyProgram(context.tools.program, 'sh');
      const bare = plain.copyProgram(context.tools.program, 'sh');
      const serial = await pairs(context, bare, held, 1, PAIRS);
      const parallel = await pairs(context, bare, held, 4, PARALLEL_PAIRS);
      return [figureOf('starts-serial', serial, 1.5), figureOf('starts-four-starters', parallel, undefined)];
    }),
  );
}

async function pairs(context: BenchContext, bare: string, held: string, starters: number, count: number): Promise<Pair[]> {
  const once = async (program: string): Promise<number> => {
    const { seconds, started, refused } = await startInParallel(context.tools, program, starters, { count: STARTS / starters });
    if (refused > 0) throw new Error(`${refused} starts of a harmless program were refused`);
    return (seconds / started) * 1e3;
  };
  await once(held);
  const found: Pair[] = [];
  for (let pair = 0; pair < count; pair += 1) {
    // Turn about, so that a machine that slows down favours neither side.
    const first = await once(pair % 2 === 0 ? bare : held);
    const second = await once(pair % 2 === 0 ? held : bare);
    found.push(pair % 2 === 0 ? { bareMs: first, heldMs: second } : { bareMs: second, heldMs: first });
  }
  return found;
}

function figureOf(name: string, found: readonly Pair[], target: number | undefined): Figure {
  const ratios = found.map(({ bareMs, heldMs }) => heldMs / bareMs);
  return {
    name,
    value: rounded(median(ratios)),
    unit: 'ratio',
    baseline: rounded(median(found.map(({ bareMs }) => bareMs))),
    baselineIs: 'ms a start, unprotected',
    ...(target === undefined ? {} : { target }),
    protectedMs: rounded(median(found.map(({ heldMs }) => heldMs))),
    spread: spreadOf(ratios),
  };
}
