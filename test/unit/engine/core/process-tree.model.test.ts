/** The tree against a plain model that never forgets: whole news first, then news with losses and a resync, then tight bounds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_TREE_LIMITS } from '../../../../electron/engine/core/node-store.ts';
import { ProcessTree } from '../../../../electron/engine/core/process-tree.ts';

interface ModelLife {
  readonly pid: number;
  readonly startTicks: number;
  readonly parent: ModelLife | null;
  /** How many programs the parent had started before the fork. */
  readonly bornAfter: number;
  readonly programs: string[];
  readonly children: ModelLife[];
  exited: boolean;
}

/** The machine as it really is. Pids are few, so that they are used again. */
class World {
  readonly living = new Map<number, ModelLife>();
  private ticks = 1;

  constructor() {
    this.living.set(1, { pid: 1, startTicks: 1, parent: null, bornAfter: 0, programs: ['/init'], children: [], exited: false });
  }

  pick(seed: number): ModelLife {
    const lives = [...this.living.values()];
    return lives[seed % lives.length]!;
  }

  fork(parent: ModelLife): ModelLife | null {
    const pid = Array.from({ length: 11 }, (_, index) => index + 2).find((candidate) => !this.living.has(candidate));
    if (pid === undefined) return null;
    this.ticks += 1;
    const child: ModelLife = { pid, startTicks: this.ticks, parent, bornAfter: parent.programs.length, programs: [], children: [], exited: false };
    parent.children.push(child);
    this.living.set(pid, child);
    return child;
  }

  exit(life: ModelLife): boolean {
    if (life.pid === 1) return false;
    life.exited = true;
    return this.living.delete(life.pid);
  }

  /** As the kernel shows it: the parent is the next living one upwards. */
  list(): { readonly life: ModelLife; readonly ppid: number }[] {
    return [...this.living.values()].map((life) => {
      let parent = life.parent;
      while (parent?.exited === true) parent = parent.parent;
      return { life, ppid: parent?.pid ?? 0 };
    });
  }
}

function imageOf(life: ModelLife): string {
  const own = life.programs.at(-1);
  if (own !== undefined || life.parent === null) return own ?? '';
  return life.bornAfter > 0 ? life.parent.programs[life.bornAfter - 1]! : imageOf({ ...life.parent, programs: [] });
}

function ancestorsOf(life: ModelLife): string[] {
  const own = life.programs.slice(0, -1).reverse();
  const found = [...own];
  for (let at = life; at.parent !== null; at = at.parent) found.push(...at.parent.programs.slice(0, at.bornAfter).reverse());
  return found.slice(0, 16);
}

function descendantsOf(life: ModelLife): number[] {
  const mine = life.children.filter((child) => life.programs.length === 0 || child.bornAfter >= life.programs.length);
  const below = (each: ModelLife): ModelLife[] => [...(each.exited ? [] : [each]), ...each.children.flatMap(below)];
  return mine.flatMap(below).map(({ pid }) => pid).sort((a, b) => a - b);
}

interface Step { readonly kind: 'fork' | 'exec' | 'exit'; readonly seed: number; readonly lost: boolean }
const steps = (loss: boolean): fc.Arbitrary<Step[]> =>
  fc.array(fc.record({ kind: fc.constantFrom('fork', 'fork', 'exec', 'exec', 'exit'), seed: fc.nat(1_000), lost: loss ? fc.boolean() : fc.constant(false) }), { maxLength: 120 });

function perform(world: World, tree: ProcessTree, { kind, seed, lost }: Step, index: number): void {
  const life = world.pick(seed);
  if (kind === 'fork') {
    const child = world.fork(life);
    if (child !== null && !lost) tree.fork(life.pid, child.pid, BigInt(index), 0);
  } else if (kind === 'exit') {
    if (world.exit(life) && !lost) tree.exit(life.pid, 0);
  } else {
    const image = `/bin/p${index}`;
    life.programs.push(image);
    const ppid = world.list().find((entry) => entry.life === life)?.ppid ?? null;
    if (!lost) tree.exec(life.pid, { startTicks: life.startTicks, ppid, image, argv: [image], argvComplete: true, uid: 0, atNs: BigInt(index) }, 0);
  }
}

function newTree(limits = DEFAULT_TREE_LIMITS): ProcessTree {
  const tree = new ProcessTree(limits);
  tree.exec(1, { startTicks: 1, ppid: null, image: '/init', argv: null, argvComplete: false, uid: 0, atNs: 0n }, 0);
  return tree;
}

function resync(world: World, tree: ProcessTree): void {
  const run = tree.startResync();
  for (const { life, ppid } of world.list()) {
    run.seen({ pid: life.pid, ppid, startTicks: life.startTicks, image: imageOf(life), argv: null, argvComplete: false, uid: 0, atNs: 999n }, 0);
  }
  run.finish(0);
}

describe('process tree against a model', () => {
  it('agrees on who lives, the line of descent and the descendants', () => {
    fc.assert(
      fc.property(steps(false), (all) => {
        const world = new World();
        const tree = newTree({ ...DEFAULT_TREE_LIMITS, maxPrograms: 1_000 });
        all.forEach((step, index) => perform(world, tree, step, index));
        for (let pid = 1; pid <= 12; pid += 1) {
          const life = world.living.get(pid);
          const found = tree.current(pid);
          expect(found !== null).toBe(life !== undefined);
          if (life === undefined || found === null) continue;
          expect(tree.programOf(found)?.image).toBe(imageOf(life));
          expect(tree.descendants(found).map((each) => each.pid).sort((a, b) => a - b)).toEqual(descendantsOf(life));
          if (life.programs.length > 0) expect(tree.ancestors(found).map(({ program }) => program.image)).toEqual(ancestorsOf(life));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('agrees after losses and a resync on who lives and what runs, and never invents an ancestor', () => {
    fc.assert(
      fc.property(steps(true), (all) => {
        const world = new World();
        const tree = newTree();
        const everRan = new Set(['/init', ...all.map((_, index) => `/bin/p${index}`)]);
        all.forEach((step, index) => perform(world, tree, step, index));
        resync(world, tree);
        expect(tree.livingCount).toBe(world.living.size);
        for (const life of world.living.values()) {
          const found = tree.find(life.pid, life.startTicks);
          expect(found?.exitedAtMs).toBeNull();
          expect(tree.programOf(found!)?.image).toBe(imageOf(life));
          for (const { program } of tree.ancestors(found!)) expect(everRan).toContain(program.image);
          // Nobody is his own ancestor.
          expect(tree.descendsFrom(found!, found!)).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('stays within its bounds and sane whatever comes', () => {
    fc.assert(
      fc.property(steps(true), fc.integer({ min: 2, max: 9 }), fc.integer({ min: 200, max: 2_000 }), (all, maxNodes, maxBytes) => {
        const world = new World();
        const tree = newTree({ maxNodes, maxBytes, maxArgvBytes: 50, maxPrograms: 3, keepExitedMs: 0 });
        all.forEach((step, index) => {
          perform(world, tree, step, index);
          if (index % 7 === 0) tree.sweep(index);
          expect(tree.size).toBeLessThanOrEqual(maxNodes);
        });
        resync(world, tree);
        expect(tree.size).toBeLessThanOrEqual(maxNodes);
        for (let pid = 1; pid <= 12; pid += 1) {
          const found = tree.current(pid);
          if (found === null) continue;
          expect(world.living.get(pid)?.startTicks).toBe(found.startTicks);
          tree.ancestors(found);
          tree.descendants(found);
        }
        for (const life of [...world.living.values()]) tree.exit(life.pid, 0);
        tree.sweep(1);
        expect([tree.size, tree.bytes]).toEqual([0, 0]);
      }),
      { numRuns: 300 },
    );
  });
});
