import { describe, expect, it } from 'vitest';
import { DEFAULT_TREE_LIMITS } from '../../../../electron/engine/core/node-store.ts';
import { ProcessTree, type ProgramStart } from '../../../../electron/engine/core/process-tree.ts';
import type { ProcessLife } from '../../../../electron/engine/core/process-node.ts';

let clock = 0n;
function start(image: string, more: Partial<ProgramStart> = {}): ProgramStart {
  clock += 1n;
  return { startTicks: null, ppid: null, image, argv: [image], argvComplete: true, uid: 1000, atNs: clock, ...more };
}
const images = (tree: ProcessTree, life: ProcessLife | null, most?: number): string[] => tree.ancestors(life!, undefined, most).map(({ program }) => program.image);
const pids = (lives: readonly ProcessLife[]): number[] => lives.map(({ pid }) => pid);

/** init(1) runs a shell(10), which forks 20. */
function shellWithChild(): ProcessTree {
  const tree = new ProcessTree();
  tree.exec(1, start('/sbin/init', { startTicks: 1 }), 0);
  tree.fork(1, 10, 1n, 0);
  tree.exec(10, start('/bin/sh', { startTicks: 100 }), 0);
  tree.fork(10, 20, 2n, 0);
  return tree;
}

describe('process tree', () => {
  it('gives the line of descent, nearest first, with the pids that ran each program', () => {
    const tree = shellWithChild();
    const life = tree.exec(20, start('/bin/ls', { startTicks: 200 }), 0);
    expect(tree.ancestors(life).map(({ pid, startTicks, program }) => [pid, startTicks, program.image])).toEqual([
      [10, 100, '/bin/sh'],
      [1, 1, '/sbin/init'],
    ]);
  });

  it('counts earlier programs of the same process as generations', () => {
    const tree = shellWithChild();
    tree.exec(20, start('/usr/bin/env'), 0);
    const life = tree.exec(20, start('/usr/bin/python3'), 0);
    expect(images(tree, life)).toEqual(['/usr/bin/env', '/bin/sh', '/sbin/init']);
    expect(tree.ancestors(life)[0]?.pid).toBe(20);
  });

  it('gives the line of a program that its process has gone on from', () => {
    const tree = shellWithChild();
    const { program } = tree.exec(20, start('/usr/bin/env'), 0);
    const life = tree.exec(20, start('/usr/bin/python3'), 0);
    expect(tree.ancestors(life, program).map((generation) => generation.program.image)).toEqual(['/bin/sh', '/sbin/init']);
  });

  it('does not take a program for its own parent when it was read before the news of it', () => {
    const tree = shellWithChild();
    const [first, second] = [clock + 1n, clock + 2n];
    const readNs = clock + 5n;
    tree.exec(20, start('/usr/bin/python3', { atNs: first, readNs }), 0);
    const life = tree.exec(20, start('/usr/bin/python3', { atNs: second, readNs }), 0);
    const children = tree.fork(20, 30, readNs, 0);
    // What came before it was over before anybody could look.
    expect(images(tree, life)).toEqual(['', '/bin/sh', '/sbin/init']);
    expect(life.program).toMatchObject({ image: '/usr/bin/python3', atNs: second });
    expect(tree.descendants(life)).toEqual([children]);
    tree.learnEarlier(life, { image: '/usr/bin/env', argv: ['env'], argvComplete: true });
    expect(images(tree, life)).toEqual(['/usr/bin/env', '/bin/sh', '/sbin/init']);
    clock = readNs;
    tree.exec(20, start('/usr/bin/python3'), 0);
    expect(images(tree, life)).toEqual(['/usr/bin/python3', '/usr/bin/env', '/bin/sh', '/sbin/init']);
  });

  it('gives children to the unknown program before it when their forks were heard of first', () => {
    const tree = shellWithChild();
    const readNs = clock + 5n;
    tree.exec(20, start('/usr/bin/python3', { readNs }), 0);
    tree.fork(20, 30, clock, 0);
    const life = tree.exec(20, start('/usr/bin/python3', { readNs }), 0);
    const own = tree.fork(20, 31, clock, 0);
    expect(tree.descendants(life)).toEqual([own]);
  });

  it('keeps one place for what came before, however often news comes late', () => {
    const tree = shellWithChild();
    const readNs = clock + 1_000n;
    const before = tree.bytes;
    const exec = (): ProcessLife => tree.exec(20, start('/bin/ls', { readNs }), 0);
    exec();
    exec();
    const two = tree.bytes;
    for (let more = 0; more < 50; more += 1) exec();
    expect(tree.bytes).toBe(two);
    expect(images(tree, tree.current(20))).toEqual(['', '/bin/sh', '/sbin/init']);
    tree.exit(20, 0);
    tree.sweep(1e9);
    expect(tree.bytes).toBe(before);
  });

  it('descends from what the parent ran at the fork, not from what it runs later', () => {
    const tree = shellWithChild();
    tree.exec(10, start('/usr/bin/vim'), 0);
    const life = tree.exec(20, start('/bin/ls'), 0);
    expect(images(tree, life)).toEqual(['/bin/sh', '/sbin/init']);
  });

  it('does not count forks that never started a program, however many', () => {
    const tree = shellWithChild();
    for (let pid = 20; pid < 60; pid += 1) tree.fork(pid, pid + 1, 3n, 0);
    const life = tree.exec(60, start('/bin/ls'), 0);
    expect(images(tree, life)).toEqual(['/bin/sh', '/sbin/init']);
  });

  it('gives a bare fork the program and the line of its parent', () => {
    const tree = shellWithChild();
    const life = tree.current(20)!;
    expect(tree.programOf(life)?.image).toBe('/bin/sh');
    expect(images(tree, life)).toEqual(['/bin/sh', '/sbin/init']);
  });

  it('stops at 16 generations or at what is asked for', () => {
    const tree = shellWithChild();
    for (let index = 0; index < 30; index += 1) tree.exec(20, start(`/bin/p${index}`), 0);
    const life = tree.current(20)!;
    expect(images(tree, life)).toHaveLength(16);
    expect(images(tree, life, 2)).toEqual(['/bin/p28', '/bin/p27']);
  });

  it('keeps an ended ancestor while a descendant lives, and forgets both ten minutes after the descendant', () => {
    const tree = shellWithChild();
    tree.exec(20, start('/bin/worker', { startTicks: 200 }), 0);
    tree.exit(10, 1_000);
    tree.sweep(2_000_000);
    expect(images(tree, tree.current(20))).toEqual(['/bin/sh', '/sbin/init']);
    tree.exit(20, 2_000_000);
    tree.sweep(2_599_999);
    expect(tree.find(20, 200)).not.toBeNull();
    tree.sweep(2_600_000);
    expect(tree.find(20, 200)).toBeNull();
    expect(tree.find(10, 100)).toBeNull();
    expect(tree.size).toBe(1);
  });

  it('forgets a fork that ended without a program at once; its children move up', () => {
    const tree = shellWithChild();
    tree.fork(20, 30, 3n, 0);
    tree.exit(20, 0);
    expect(tree.latest(20)).toBeNull();
    expect(tree.current(30)?.parent?.pid).toBe(10);
    tree.exit(30, 0);
    expect(tree.size).toBe(2);
  });

  it('does not grow along a chain of forks of which each ends before the next', () => {
    const tree = shellWithChild();
    for (let pid = 20; pid < 5_000; pid += 1) {
      tree.fork(pid, pid + 1, 3n, 0);
      tree.exit(pid, 0);
    }
    expect(tree.size).toBe(3);
    expect(images(tree, tree.current(5_000))).toEqual(['/bin/sh', '/sbin/init']);
  });

  it('tells two lives of one pid apart', () => {
    const tree = shellWithChild();
    tree.exec(20, start('/bin/first', { startTicks: 200 }), 0);
    tree.exit(20, 5);
    tree.fork(1, 20, 9n, 6);
    tree.exec(20, start('/bin/second', { startTicks: 900 }), 6);
    expect(tree.find(20, 200)?.program?.image).toBe('/bin/first');
    expect(tree.find(20, 900)?.program?.image).toBe('/bin/second');
    expect(images(tree, tree.current(20))).toEqual(['/sbin/init']);
  });

  it('takes an exec with other start ticks for another life, when exit and fork were lost', () => {
    const tree = shellWithChild();
    const first = tree.exec(20, start('/bin/first', { startTicks: 200 }), 0);
    const second = tree.exec(20, start('/bin/second', { startTicks: 900, ppid: 1 }), 7);
    expect(first.exitedAtMs).toBe(7);
    expect(images(tree, second)).toEqual(['/sbin/init']);
  });

  it('takes a new fork of a living pid for the end of the old life', () => {
    const tree = shellWithChild();
    const old = tree.exec(20, start('/bin/first', { startTicks: 200 }), 0);
    tree.fork(1, 20, 9n, 3);
    expect(old.exitedAtMs).toBe(3);
    expect(tree.current(20)?.startTicks).toBeNull();
  });

  it('brings a life back whose leader thread had ended, when another of its threads starts a program', () => {
    const tree = shellWithChild();
    tree.exec(20, start('/bin/threads', { startTicks: 200 }), 0);
    tree.exit(20, 1);
    const life = tree.exec(20, start('/bin/next', { startTicks: 200 }), 2);
    expect(life.exitedAtMs).toBeNull();
    expect(images(tree, life)).toEqual(['/bin/threads', '/bin/sh', '/sbin/init']);
  });

  it('makes room for a parent it never heard of', () => {
    const tree = new ProcessTree();
    tree.fork(7, 8, 1n, 0);
    expect(tree.current(8)?.parent?.pid).toBe(7);
  });

  it('names a program later that was gone before it could be read', () => {
    const tree = shellWithChild();
    const life = tree.exec(20, start('', { argv: null, uid: null }), 0);
    tree.fork(20, 30, 3n, 0);
    tree.exit(20, 0);
    tree.learn(life, life.program, { startTicks: 200, ppid: 10, image: '/bin/short', argv: ['short'], argvComplete: true, uid: 5 });
    expect(tree.find(20, 200)?.program).toMatchObject({ image: '/bin/short', argv: ['short'] });
    expect(images(tree, tree.current(30))[0]).toBe('/bin/short');
  });

  it('lists descendants last started first, through ended ones, without the ended', () => {
    const tree = shellWithChild();
    tree.fork(20, 30, 3n, 0);
    tree.fork(10, 21, 3n, 0);
    tree.fork(30, 40, 3n, 0);
    tree.exit(30, 0);
    expect(pids(tree.descendants(tree.current(10)!))).toEqual([40, 21, 20]);
  });

  it('leaves out children from before the present program', () => {
    const tree = shellWithChild();
    const life = tree.exec(10, start('/bin/other'), 0);
    tree.fork(10, 21, 3n, 0);
    expect(pids(tree.descendants(life))).toEqual([21]);
    expect(tree.isChildOfPresentProgram(tree.current(20)!)).toBe(false);
    expect(tree.isChildOfPresentProgram(tree.current(21)!)).toBe(true);
  });

  it('hands the scope mark down to present and later children', () => {
    const tree = shellWithChild();
    tree.fork(20, 30, 3n, 0);
    tree.markScoped(tree.current(20)!);
    tree.fork(30, 40, 3n, 0);
    expect([10, 20, 30, 40].map((pid) => tree.current(pid)?.scoped)).toEqual([false, true, true, true]);
  });

  it('cuts arguments beyond the limit and says so', () => {
    const tree = new ProcessTree({ ...DEFAULT_TREE_LIMITS, maxArgvBytes: 10 });
    const life = tree.exec(5, start('/x', { argv: ['abcd', 'efgh', 'i'] }), 0);
    expect(life.program).toMatchObject({ argv: ['abcd', 'efgh'], argvComplete: false });
  });

  it('refuses lives of another tree', () => {
    expect(() => new ProcessTree().ancestors({ ...shellWithChild().current(20)! })).toThrow('does not come from this tree');
  });
});

describe('bounds of the process tree', () => {
  it('drops what ended longest ago first', () => {
    const tree = new ProcessTree({ ...DEFAULT_TREE_LIMITS, maxNodes: 4 });
    tree.exec(1, start('/sbin/init', { startTicks: 1 }), 0);
    for (const pid of [2, 3, 4]) {
      tree.fork(1, pid, 1n, 0);
      tree.exec(pid, start(`/bin/${pid}`, { startTicks: pid }), 0);
      tree.exit(pid, pid);
    }
    tree.fork(1, 5, 1n, 9);
    expect([2, 3, 4, 5].map((pid) => tree.latest(pid) !== null)).toEqual([false, true, true, true]);
  });

  it('lets children of a dropped ended ancestor move up', () => {
    const tree = new ProcessTree({ ...DEFAULT_TREE_LIMITS, maxNodes: 3 });
    tree.exec(1, start('/sbin/init', { startTicks: 1 }), 0);
    tree.fork(1, 2, 1n, 0);
    tree.exec(2, start('/bin/middle', { startTicks: 2 }), 0);
    tree.fork(2, 3, 1n, 0);
    tree.exit(2, 5);
    tree.fork(1, 4, 1n, 6);
    const life = tree.exec(3, start('/bin/leaf', { startTicks: 3 }), 6);
    expect(images(tree, life)).toEqual(['/sbin/init']);
    expect(tree.size).toBe(3);
  });

  it('holds a fork bomb within its bounds', () => {
    const tree = new ProcessTree({ ...DEFAULT_TREE_LIMITS, maxNodes: 500 });
    tree.exec(1, start('/sbin/init', { startTicks: 1 }), 0);
    for (let pid = 2; pid < 10_000; pid += 1) tree.fork(Math.max(1, pid - 1), pid, 1n, 0);
    expect(tree.size).toBeLessThanOrEqual(500);
    expect(tree.current(9_999)).not.toBeNull();
  });

  it('gives up arguments of living processes when nothing has ended', () => {
    const tree = new ProcessTree({ ...DEFAULT_TREE_LIMITS, maxBytes: 20_000 });
    for (let pid = 2; pid < 50; pid += 1) tree.exec(pid, start('/bin/x', { startTicks: pid, argv: ['y'.repeat(1_000)] }), 0);
    expect(tree.bytes).toBeLessThanOrEqual(20_000);
    expect(tree.current(2)?.program).toMatchObject({ image: '/bin/x', argv: null });
    expect(tree.current(49)?.program?.argv).not.toBeNull();
  });

  it('keeps the latest programs of a process that starts itself over and over', () => {
    const tree = new ProcessTree();
    for (let index = 0; index < 5_000; index += 1) tree.exec(5, start(`/bin/p${index}`, { startTicks: 5 }), 0);
    const life = tree.current(5)!;
    expect(images(tree, life, 100)).toHaveLength(15);
    expect(tree.bytes).toBeLessThan(16 * 200);
  });

  it('knows what is below, ended or not, parents first; nothing from before the present program', () => {
    const tree = shellWithChild();
    tree.exec(20, start('/bin/old', { startTicks: 200 }), 0);
    tree.exec(10, start('/usr/bin/evil', { startTicks: 100 }), 0);
    tree.fork(10, 30, 3n, 0);
    tree.exec(30, start('/bin/a', { startTicks: 300 }), 0);
    tree.fork(30, 40, 4n, 0);
    tree.exec(40, start('/bin/b', { startTicks: 400 }), 0);
    tree.exit(30, 5);
    expect([...tree.below(tree.current(10)!)].map(({ pid, exitedAtMs }) => [pid, exitedAtMs !== null])).toEqual([[30, true], [40, false]]);
  });
});
