/** What protection adds to a build, and what our own processes use for it. */
import type { BenchContext } from './bench-context.ts';
import { installToolchain, loopsPerUnit, runBuild, type Built } from './build-load.ts';
import { median, rounded, spreadOf, type Figure } from './figure.ts';
import { withHoldfast, withPlainTmpfs, type MeasuredHoldfast } from './measured-holdfast.ts';

const UNITS = 200;
const PAIRS = 7;
const STARTS_PER_UNIT = 4;

interface Pair {
  readonly bare: Built;
  readonly held: Built;
  readonly ourSeconds: number;
}

export function measureBuild(context: BenchContext): Promise<Figure[]> {
  return withHoldfast(context, (holdfast) =>
    withPlainTmpfs(async (plain) => {
      const loops = await loopsPerUnit(context.tools, plain);
      for (const folder of [plain, holdfast.scope]) installToolchain(context.tools, folder);
      // Both sides once, small, so that neither pays for first times.
      await runBuild(plain, 10, loops);
      await runBuild(holdfast.scope, 10, loops);
      const found: Pair[] = [];
      for (let pair = 0; pair < PAIRS; pair += 1) found.push(await onePair(holdfast, () => runBuild(plain, UNITS, loops), () => runBuild(holdfast.scope, UNITS, loops), pair % 2 === 0));
      return figuresOf(found);
    }),
  );
}

async function onePair(holdfast: MeasuredHoldfast, bareBuild: () => Promise<Built>, heldBuild: () => Promise<Built>, bareFirst: boolean): Promise<Pair> {
  const early = bareFirst ? await bareBuild() : null;
  const before = holdfast.cpuSeconds();
  const held = await heldBuild();
  const ourSeconds = holdfast.cpuSeconds() - before;
  return { bare: early ?? (await bareBuild()), held, ourSeconds };
}

function figuresOf(found: readonly Pair[]): Figure[] {
  const ratios = found.map(({ bare, held }) => held.seconds / bare.seconds);
  const shares = found.map(({ held, ourSeconds }) => (ourSeconds / held.cpuSeconds) * 100);
  const starts = UNITS * STARTS_PER_UNIT;
  return [
    { name: 'build-overhead', value: rounded(median(ratios)), unit: 'ratio', baseline: rounded(median(found.map(({ bare }) => bare.seconds))), baselineIs: 's a build, unprotected', target: 1.03, units: UNITS, starts, spread: spreadOf(ratios) },
    { name: 'build-our-cpu', value: rounded(median(shares), 2), unit: '% of the build', baseline: rounded(median(found.map(({ held }) => held.cpuSeconds))), baselineIs: 's of processor time of the build', target: 3, usPerStart: rounded((median(found.map(({ ourSeconds }) => ourSeconds)) / starts) * 1e6, 0), spread: spreadOf(shares, 2) },
  ];
}
