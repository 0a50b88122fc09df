import { describe, expect, it } from 'vitest';
import { BoundedQueue } from '../../../../electron/engine/core/bounded-queue.ts';
import { CoverageMap } from '../../../../electron/engine/pipeline/coverage-map.ts';
import { Intake } from '../../../../electron/engine/pipeline/intake.ts';
import { RecentFindings } from '../../../../electron/engine/pipeline/recent-findings.ts';
import { RecordShelf } from '../../../../electron/engine/pipeline/record-shelf.ts';
import type { StartRecord } from '../../../../shared/link/messages.ts';
import { FakeTime } from '../../../support/fake-time.ts';

describe('coverage', () => {
  const covered = (): CoverageMap => {
    const map = new CoverageMap();
    map.setSentinel(true);
    map.setCoverage([{ mount: '/', prevent: true, reason: null }, { mount: '/mnt/net', prevent: false, reason: 'a network file system' }, { mount: '/mnt/net/disk', prevent: true, reason: null }]);
    return map;
  };

  it('goes by the deepest mount', () => {
    const map = covered();
    expect(map.of('/usr/bin/x')).toEqual({ expected: true });
    expect(map.of('/mnt/net/x')).toEqual({ expected: false, because: 'a network file system' });
    expect(map.of('/mnt/net/disk/x')).toEqual({ expected: true });
    expect(map.of('/mnt/network/x')).toEqual({ expected: true });
  });

  it('ends with the sentinel', () => {
    const map = covered();
    map.setSentinel(false);
    expect(map.of('/usr/bin/x')).toMatchObject({ expected: false });
    map.setSentinel(true);
    expect(map.of('/usr/bin/x')).toEqual({ expected: false, because: 'its file system is not watched before starts' });
  });
});

describe('the shelf of records', () => {
  const record = (seq: number): StartRecord => ({ kind: 'start', seq, timeMs: 0, tid: 1, image: '/x', argv: [], argvComplete: true, answer: 'allow', generation: 1 });
  const seqs = (shelf: RecordShelf, pid: number): number[] => shelf.of(pid).map(({ seq }) => seq);

  it('gives records by process, and takes older ones of the same process along', () => {
    const shelf = new RecordShelf();
    const [a, b, c] = [record(1), record(2), record(3)];
    for (const each of [a, b, c]) shelf.put(5, each, 0n);
    shelf.put(6, record(4), 0n);
    shelf.takeThrough(5, b);
    expect([seqs(shelf, 5), seqs(shelf, 6)]).toEqual([[3], [4]]);
  });

  it('forgets after two seconds, and the oldest when it is full', () => {
    const shelf = new RecordShelf();
    shelf.put(5, record(1), 0n);
    shelf.put(6, record(2), 1_900_000_000n);
    shelf.expire(2_000_000_000n);
    expect([seqs(shelf, 5), seqs(shelf, 6)]).toEqual([[], [2]]);
    for (let seq = 3; seq < 8_195; seq += 1) shelf.put(7, record(seq), 2_000_000_000n);
    expect(seqs(shelf, 6)).toEqual([]);
    expect(seqs(shelf, 7)).toHaveLength(8_192);
  });
});

describe('the intake', () => {
  it('works at once, in slices, in order, and refuses what does not fit', async () => {
    const time = new FakeTime();
    time.stepNs = 1_000_000n;
    const done: number[] = [];
    const intake = new Intake<number>(100, time, time, (item) => done.push(item));
    const refused = intake.take(Array.from({ length: 150 }, (_, index) => index));
    expect(refused).toBe(50);
    expect(done.length).toBeGreaterThan(0);
    expect(done.length).toBeLessThan(20);
    await time.pass(1);
    expect(done).toEqual(Array.from({ length: 100 }, (_, index) => index));
  });

  it('goes on after a defect in the handler', async () => {
    const time = new FakeTime();
    const done: number[] = [];
    const intake = new Intake<number>(100, time, time, (item) => {
      if (item === 2) throw new Error('defect');
      done.push(item);
    });
    expect(() => intake.take([1, 2, 3])).toThrow('defect');
    await time.pass(1);
    expect(done).toEqual([1, 3]);
  });
});

describe('recent findings', () => {
  it('tell starts, rules and arguments apart, and forget after a minute', async () => {
    const time = new FakeTime();
    const recent = new RecentFindings(time);
    const start = { pid: 1, startTicks: 2, image: '/x', argv: ['x'] };
    expect([recent.add(start, 'r'), recent.add(start, 'r'), recent.add(start, 'q'), recent.add({ ...start, argv: ['y'] }, 'r')]).toEqual([true, false, true, true]);
    await time.pass(61_000);
    expect(recent.add(start, 'r')).toBe(true);
  });
});

describe('the bounded queue', () => {
  it('keeps order over many turns', () => {
    const queue = new BoundedQueue<number>(10);
    for (let turn = 0; turn < 5_000; turn += 1) {
      expect(queue.push(turn)).toBe(true);
      expect(queue.push(turn)).toBe(true);
      expect([queue.shift(), queue.shift()]).toEqual([turn, turn]);
    }
    for (let item = 0; item < 10; item += 1) queue.push(item);
    expect(queue.push(11)).toBe(false);
    expect([queue.size, queue.peek()]).toEqual([10, 0]);
  });
});
