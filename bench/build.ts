/** What protection adds to a build, and what our own processes use for it. */
import type { PrivateTmpfs } from '../test/support/linux/private-tmpfs.ts';
import type { BenchContext } from './bench-context.ts';
import { installToolchain, loopsPerUnit, runBuild, type Built } from './build-load.ts';
import { median, rounded, spreadOf, type Figure } from './figure.ts';
import { withHoldfast, withPlainTmpfs } from './measured-holdfast.ts';
import { forksOfMachine, sleep } from './processes.ts';

const UNITS = 200;
/** The programs are read from disk and judged for the first time. */
const WARM_UP_UNITS = 20;
const STARTS_PER_UNIT = 4;
/** Units without work between the first build and the measured one: starts enough for our code to be compiled. */
const SETTLING_UNITS = 1_000;
/** In which what was started meanwhile is worked off. */
const REST_MS = 1_000;
/** On a machine with other work a pair takes longer; the figure then says how many there were. */
const LONGEST_MS = 600_000;

/** Where the tools of the build lie: rules ask more about a program that lies among temporary files. */
interface Place {
  readonly suffix: string;
  /** The folder for temporary files unless said. */
  readonly parent?: string;
  readonly pairs: number;
  readonly overhead: Pick<Figure, 'target'>;
  readonly share: Pick<Figure, 'target'>;
}

/** Where tools are installed. */
const INSTALLED: Place = { suffix: '', parent: '/opt', pairs: 7, overhead: { target: 1.03 }, share: { target: 3 } };
const TEMPORARY: Place = { suffix: '-temporary', pairs: 3, overhead: {}, share: {} };

interface OurShare {
  readonly cpuSeconds: number;
  readonly ourSeconds: number;
}

interface HeldBuild extends Built {
  /** A Holdfast runs for weeks, so what counts is a build when it has seen some thousand starts; the first is dearer, because our code is not compiled yet. */
  readonly first: OurShare;
  readonly ourSeconds: number;
  /** Processes and threads that others on this machine started meanwhile: the engine looks at those too. */
  readonly elsewhere: number;
}

interface Pair {
  readonly bare: Built;
  readonly held: HeldBuild;
}

export async function measureBuild(context: BenchContext): Promise<Figure[]> {
  return [...(await measureAt(context, INSTALLED)), ...(await measureAt(context, TEMPORARY))];
}

function measureAt(context: BenchContext, place: Place): Promise<Figure[]> {
  return withPlainTmpfs(async (plain) => {
    const loops = await loopsPerUnit(context.tools, plain);
    installToolchain(context.tools, plain);
    const found: Pair[] = [];
    const end = performance.now() + LONGEST_MS;
    for (let pair = 0; pair < place.pairs && (pair === 0 || performance.now() < end); pair += 1) {
      // Turn about, so that a machine that slows down favours neither side.
      const early = pair % 2 === 0 ? await bareBuild(plain, loops) : null;
      const held = await heldBuild(context, place, loops);
      found.push({ bare: early ?? (await bareBuild(plain, loops)), held });
    }
    return figuresOf(found, place);
  }, place.parent);
}

/** No Holdfast runs meanwhile: its engine looks at every process of the machine, so this side would pay for it too. */
async function bareBuild(plain: PrivateTmpfs, loops: number): Promise<Built> {
  await runBuild(plain, WARM_UP_UNITS, loops);
  return runBuild(plain, UNITS, loops);
}

function heldBuild(context: BenchContext, place: Place, loops: number): Promise<HeldBuild> {
  return withHoldfast(context, async (holdfast) => {
    installToolchain(context.tools, holdfast.scope);
    await runBuild(holdfast.scope, WARM_UP_UNITS, loops);
    const build = async (): Promise<Built & OurShare> => {
      const cpu = holdfast.cpuSeconds();
      const built = await runBuild(holdfast.scope, UNITS, loops);
      return { ...built, ourSeconds: holdfast.cpuSeconds() - cpu };
    };
    const first = await build();
    await runBuild(holdfast.scope, SETTLING_UNITS, 0);
    await sleep(REST_MS);
    const forks = forksOfMachine();
    return { ...(await build()), first, elsewhere: forksOfMachine() - forks - UNITS * STARTS_PER_UNIT };
  }, place.parent);
}

function figuresOf(found: readonly Pair[], { suffix, overhead, share }: Place): Figure[] {
  const ratios = found.map(({ bare, held }) => held.seconds / bare.seconds);
  const shareOf = ({ ourSeconds, cpuSeconds }: OurShare): number => (ourSeconds / cpuSeconds) * 100;
  const shares = found.map(({ held }) => shareOf(held));
  const middle = (of: (pair: Pair) => number, digits = 3): number => rounded(median(found.map(of)), digits);
  const starts = UNITS * STARTS_PER_UNIT;
  return [
    { name: `build-overhead${suffix}`, value: rounded(median(ratios)), unit: 'ratio', baseline: middle(({ bare }) => bare.seconds), baselineIs: 's a build, without Holdfast', ...overhead, pairs: found.length, units: UNITS, starts, spread: spreadOf(ratios) },
    {
      name: `build-our-cpu${suffix}`, value: rounded(median(shares), 2), unit: '% of the build', baseline: middle(({ held }) => held.cpuSeconds), baselineIs: 's of processor time of the build',
      ...share, pairs: found.length, usPerStart: middle(({ held }) => (held.ourSeconds / starts) * 1e6, 0), firstBuild: middle(({ held }) => shareOf(held.first), 2), startsElsewhere: middle(({ held }) => held.elsewhere), spread: spreadOf(shares, 2),
    },
  ];
}
