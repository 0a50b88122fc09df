import { describe, expect, it } from 'vitest';
import { HeartbeatWatch } from '../../../electron/host/heartbeat-watch.ts';

/** As the timer does: look, then ask when to look again. */
function look(watch: HeartbeatWatch, now: number): boolean {
  const missed = watch.look(now);
  watch.nextLook(now);
  return missed;
}

/** As the timer does when nothing was expected before. */
function beat(watch: HeartbeatWatch, now: number): void {
  watch.beat(now);
  watch.nextLook(now);
}

function run(watch: HeartbeatWatch, from: number, to: number): number | null {
  for (let now = from; now <= to; now += 50) if (look(watch, now)) return now;
  return null;
}

describe('HeartbeatWatch', () => {
  it('says nothing of a child that has not begun to beat', () => {
    expect(run(new HeartbeatWatch(500), 0, 10_000)).toBeNull();
  });

  it('tells a child that never begins, but does not count its own absence', () => {
    const watch = new HeartbeatWatch(500);
    watch.expectFirst(1_000);
    look(watch, 0);
    expect(look(watch, 60_000)).toBe(false);
    expect(run(watch, 60_050, 70_000)).toBe(60_750);
    expect(run(watch, 61_000, 70_000)).toBeNull();
  });

  it('expects no first beat of a child that has ended', () => {
    const watch = new HeartbeatWatch(500);
    watch.expectFirst(1_000);
    watch.reset();
    expect(run(watch, 0, 10_000)).toBeNull();
  });

  it('tells a silent child after its time, once', () => {
    const watch = new HeartbeatWatch(500);
    look(watch, 0);
    beat(watch, 0);
    expect(run(watch, 50, 5_000)).toBe(550);
    expect(run(watch, 600, 5_000)).toBeNull();
  });

  it('does not take its own absence for the silence of the child', () => {
    const watch = new HeartbeatWatch(500);
    look(watch, 0);
    beat(watch, 0);
    expect(look(watch, 5_000)).toBe(false);
    beat(watch, 5_010);
    expect(run(watch, 5_050, 5_500)).toBeNull();
  });

  it('still tells a child that stays silent after the watcher came back', () => {
    const watch = new HeartbeatWatch(500);
    look(watch, 0);
    beat(watch, 0);
    look(watch, 5_000);
    expect(run(watch, 5_050, 6_000)).toBe(5_250);
  });

  it('tells a silent child soon, though every look is late', () => {
    const watch = new HeartbeatWatch(500);
    look(watch, 0);
    beat(watch, 0);
    const told = [300, 700, 1_100, 1_500].find((now) => look(watch, now));
    expect(told).toBe(1_100);
  });

  it('is patient once for each silence', () => {
    const watch = new HeartbeatWatch(500);
    look(watch, 0);
    beat(watch, 0);
    expect(look(watch, 1_000)).toBe(false);
    beat(watch, 1_010);
    expect(look(watch, 2_000)).toBe(false);
    expect(look(watch, 2_250)).toBe(true);
  });

  it('expects nothing of a child that ended', () => {
    const watch = new HeartbeatWatch(500);
    beat(watch, 0);
    watch.reset();
    expect(run(watch, 0, 2_000)).toBeNull();
  });
});
