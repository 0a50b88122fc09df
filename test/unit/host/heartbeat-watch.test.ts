import { describe, expect, it } from 'vitest';
import { HeartbeatWatch } from '../../../electron/host/heartbeat-watch.ts';

function run(watch: HeartbeatWatch, from: number, to: number): number | null {
  for (let now = from; now <= to; now += 50) if (watch.tick(now)) return now;
  return null;
}

describe('HeartbeatWatch', () => {
  it('says nothing of a child that has not begun to beat', () => {
    expect(run(new HeartbeatWatch(500, 50), 0, 10_000)).toBeNull();
  });

  it('tells a child that never begins, but does not count its own absence', () => {
    const watch = new HeartbeatWatch(500, 50);
    watch.expectFirst(1_000);
    watch.tick(0);
    expect(watch.tick(60_000)).toBe(false);
    expect(run(watch, 60_050, 70_000)).toBe(60_950 - 50);
    expect(run(watch, 61_000, 70_000)).toBeNull();
  });

  it('expects no first beat of a child that has ended', () => {
    const watch = new HeartbeatWatch(500, 50);
    watch.expectFirst(1_000);
    watch.reset();
    expect(run(watch, 0, 10_000)).toBeNull();
  });

  it('tells a silent child after its time, once', () => {
    const watch = new HeartbeatWatch(500, 50);
    watch.tick(0);
    watch.beat(0);
    expect(run(watch, 50, 5_000)).toBe(550);
    expect(run(watch, 600, 5_000)).toBeNull();
  });

  it('does not take its own absence for the silence of the child', () => {
    const watch = new HeartbeatWatch(500, 50);
    watch.tick(0);
    watch.beat(0);
    expect(watch.tick(5_000)).toBe(false);
    watch.beat(5_010);
    expect(run(watch, 5_050, 5_500)).toBeNull();
  });

  it('still tells a child that stays silent after the watcher came back', () => {
    const watch = new HeartbeatWatch(500, 50);
    watch.tick(0);
    watch.beat(0);
    watch.tick(5_000);
    expect(run(watch, 5_050, 6_000)).toBe(5_250);
  });

  it('tells a silent child soon, though every tick is late', () => {
    const watch = new HeartbeatWatch(500, 50);
    watch.tick(0);
    watch.beat(0);
    const told = [200, 400, 600, 800, 1_000, 1_200].find((now) => watch.tick(now));
    expect(told).toBe(1_000);
  });

  it('is patient once for each silence', () => {
    const watch = new HeartbeatWatch(500, 50);
    watch.tick(0);
    watch.beat(0);
    expect(watch.tick(1_000)).toBe(false);
    watch.beat(1_010);
    expect(watch.tick(2_000)).toBe(false);
    expect(watch.tick(2_250)).toBe(true);
  });

  it('expects nothing of a child that ended', () => {
    const watch = new HeartbeatWatch(500, 50);
    watch.beat(0);
    watch.reset();
    expect(run(watch, 0, 2_000)).toBeNull();
  });
});
