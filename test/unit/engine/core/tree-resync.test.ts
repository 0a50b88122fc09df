import { describe, expect, it } from 'vitest';
import { ProcessTree, type ProgramStart } from '../../../../electron/engine/core/process-tree.ts';
import type { ListedProcess } from '../../../../electron/engine/core/tree-resync.ts';

const program = (image: string, startTicks: number): ProgramStart => ({ startTicks, ppid: null, image, argv: [image], argvComplete: true, uid: 0, atNs: 1n });
const listed = (pid: number, ppid: number, startTicks: number, image: string | null): ListedProcess => ({ pid, ppid, startTicks, image, argv: image === null ? null : [image], argvComplete: true, uid: 0, atNs: 9n });
const images = (tree: ProcessTree, pid: number): string[] => tree.ancestors(tree.current(pid)!).map((generation) => generation.program.image);

function known(): ProcessTree {
  const tree = new ProcessTree();
  tree.exec(1, program('/sbin/init', 1), 0);
  tree.fork(1, 10, 1n, 0);
  tree.exec(10, program('/bin/sh', 100), 0);
  tree.fork(10, 20, 1n, 0);
  tree.exec(20, program('/bin/daemon', 200), 0);
  return tree;
}

describe('resync of the process tree', () => {
  it('builds the tree from an empty one, in any order of the list', () => {
    const tree = new ProcessTree();
    const resync = tree.startResync();
    const unseen = [listed(20, 10, 200, '/bin/daemon'), listed(10, 1, 100, '/bin/sh'), listed(1, 0, 1, '/sbin/init')].map((process) => resync.seen(process, 0)?.unseen);
    resync.finish(0);
    expect(unseen).toEqual(['new', 'new', 'new']);
    expect(images(tree, 20)).toEqual(['/bin/sh', '/sbin/init']);
  });

  it('ends what is gone and keeps the line of descent of what the kernel gave another parent', () => {
    const tree = known();
    const resync = tree.startResync();
    expect(resync.seen(listed(1, 0, 1, '/sbin/init'), 5)?.unseen).toBeNull();
    expect(resync.seen(listed(20, 1, 200, '/bin/daemon'), 5)?.unseen).toBeNull();
    resync.finish(5);
    expect(tree.current(10)).toBeNull();
    expect(images(tree, 20)).toEqual(['/bin/sh', '/sbin/init']);
  });

  it('notices a program that was started meanwhile, and keeps the one before as a generation', () => {
    const tree = known();
    tree.fork(20, 30, 1n, 0);
    const resync = tree.startResync();
    for (const process of [listed(1, 0, 1, '/sbin/init'), listed(10, 1, 100, '/bin/sh'), listed(30, 20, 300, '/bin/daemon')]) resync.seen(process, 5);
    expect(resync.seen(listed(20, 10, 200, '/bin/next'), 5)?.unseen).toBe('program');
    resync.finish(5);
    expect(images(tree, 20)).toEqual(['/bin/daemon', '/bin/sh', '/sbin/init']);
    // Nobody saw which came first: the child counts as one of the new program.
    expect(tree.descendants(tree.current(20)!).map(({ pid }) => pid)).toEqual([30]);
  });

  it('hears later of the start of what it found: that is no second program', () => {
    const tree = known();
    tree.fork(10, 30, 1n, 0);
    const resync = tree.startResync();
    const found = resync.seen(listed(30, 10, 300, '/bin/new'), 5);
    resync.finish(5);
    const life = tree.exec(30, { ...program('/bin/new', 300), atNs: 8n, readNs: 12n }, 6);
    expect(life).toBe(found?.life);
    expect(life.program).toMatchObject({ image: '/bin/new', atNs: 8n });
    expect(images(tree, 30)).toEqual(['/bin/sh', '/sbin/init']);
    tree.exec(30, { ...program('/bin/new', 300), atNs: 1_000_000_000n }, 7);
    expect(images(tree, 30)).toEqual(['/bin/new', '/bin/sh', '/sbin/init']);
  });

  it('is not undone by news from before: neither the fork of what was found nor the end of what had its id before', () => {
    const tree = known();
    const resync = tree.startResync();
    for (const process of [listed(1, 0, 1, '/sbin/init'), listed(10, 1, 100, '/bin/sh'), listed(30, 10, 300, '/bin/new')]) resync.seen(process, 5);
    resync.finish(5);
    const found = tree.current(30);
    tree.fork(30, 40, 10n, 5);
    tree.exit(30, 6, 7n);
    expect(tree.fork(10, 30, 8n, 6)).toBe(found);
    expect(tree.current(30)).toBe(found);
    expect(tree.descendants(found!).map(({ pid }) => pid)).toEqual([40]);
    expect(images(tree, 30)).toEqual(['/bin/sh', '/sbin/init']);
    tree.exit(30, 7, 10n);
    expect(tree.current(30)).toBeNull();
  });

  it('gives what was found its parent when only late news knows it', () => {
    const tree = known();
    const resync = tree.startResync();
    for (const process of [listed(1, 0, 1, '/sbin/init'), listed(10, 1, 100, '/bin/sh'), listed(30, 999, 300, '/bin/new')]) resync.seen(process, 5);
    resync.finish(5);
    tree.fork(10, 30, 8n, 6);
    expect(images(tree, 30)).toEqual(['/bin/sh', '/sbin/init']);
  });

  it('notices that a bare fork has started a program, and that one has not', () => {
    const tree = known();
    tree.fork(10, 30, 1n, 0);
    tree.fork(10, 31, 1n, 0);
    const resync = tree.startResync();
    expect(resync.seen(listed(30, 10, 300, '/bin/new'), 5)?.unseen).toBe('program');
    expect(resync.seen(listed(31, 10, 301, '/bin/sh'), 5)?.unseen).toBeNull();
    expect(tree.current(31)?.startTicks).toBe(301);
  });

  it('takes a reused pid for a new life', () => {
    const tree = known();
    const old = tree.current(20);
    const resync = tree.startResync();
    expect(resync.seen(listed(20, 1, 999, '/bin/other'), 5)?.unseen).toBe('new');
    expect(old?.exitedAtMs).toBe(5);
  });

  it('does not end what was forked while the list was read, nor bring back what ended meanwhile', () => {
    const tree = known();
    const resync = tree.startResync();
    tree.fork(10, 40, 2n, 6);
    tree.exit(20, 6);
    expect(resync.seen(listed(20, 10, 200, '/bin/daemon'), 6)).toBeNull();
    resync.seen(listed(10, 1, 100, '/bin/sh'), 6);
    resync.seen(listed(1, 0, 1, '/sbin/init'), 6);
    resync.finish(6);
    expect(tree.current(40)).not.toBeNull();
    expect(tree.current(20)).toBeNull();
  });

  it('fills in a parent that was only heard of', () => {
    const tree = new ProcessTree();
    tree.fork(10, 20, 1n, 0);
    const resync = tree.startResync();
    resync.seen(listed(1, 0, 1, '/sbin/init'), 5);
    expect(resync.seen(listed(10, 1, 100, '/bin/sh'), 5)?.unseen).toBe('new');
    resync.seen(listed(20, 10, 200, '/bin/sh'), 5);
    resync.finish(5);
    expect(images(tree, 20)).toEqual(['/bin/sh', '/sbin/init']);
  });

  it('never links a child to a parent that is younger', () => {
    const tree = new ProcessTree();
    const resync = tree.startResync();
    resync.seen(listed(10, 1, 900, '/bin/young'), 5);
    resync.seen(listed(20, 10, 200, '/bin/old'), 5);
    resync.finish(5);
    expect(tree.current(20)?.parent).toBeNull();
  });

  it('keeps kernel threads, which run no program', () => {
    const tree = new ProcessTree();
    const resync = tree.startResync();
    expect(resync.seen(listed(2, 0, 1, null), 5)?.life.program).toBeNull();
  });
});
