import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpiryClock, fromWallMs, NO_MARK, toWallMs, type ClockMark, type ClockReading } from '../../../../electron/engine/core/expiry-clock.ts';

const HOUR = 3_600_000;
const T0 = 1_900_000_000_000;

function at(wallMs: number, monotonicMs: number, bootId: string | null = 'a'): ClockReading {
  return { wallMs, monotonicNs: BigInt(monotonicMs) * 1_000_000n, bootId };
}

/** A clock whose readings the test hands in. */
function guarded(saved: ClockMark) {
  let reading = at(0, 0);
  const clock = new ExpiryClock(saved, () => reading);
  const now = (next: ClockReading): number => {
    reading = next;
    const { effectiveNowMs, wallNowMs } = clock.times();
    expect(wallNowMs).toBe(next.wallMs);
    expect(clock.now()).toBe(effectiveNowMs);
    return effectiveNowMs;
  };
  return { now, mark: () => clock.mark() };
}

describe('ExpiryClock', () => {
  it('is the wall clock while that goes right', () => {
    const clock = guarded(NO_MARK);
    expect(clock.now(at(T0, 5000))).toBe(T0);
    expect(clock.now(at(T0 + HOUR, 5000 + HOUR))).toBe(T0 + HOUR);
  });

  it('goes on by the monotonic clock when the wall clock is set back', () => {
    const clock = guarded(NO_MARK);
    clock.now(at(T0, 0));
    expect(clock.now(at(T0 - 24 * HOUR, 60_000))).toBe(T0 + 60_000);
    expect(clock.now(at(T0 - 23 * HOUR, HOUR))).toBe(T0 + HOUR);
  });

  it('catches up what passed after the last save, within one boot', () => {
    const saved = { highWaterMs: T0, wallMs: T0, bootId: 'a', monotonicMs: 1000 };
    expect(guarded(saved).now(at(T0 - HOUR, 61_000))).toBe(T0 + 60_000);
  });

  it('does not take the monotonic clock of another boot, or of an unnamed one, for its own', () => {
    const saved = { highWaterMs: T0, wallMs: T0, bootId: 'a', monotonicMs: 0 };
    expect(guarded(saved).now(at(T0 - HOUR, 9 * HOUR, 'b'))).toBe(T0);
    expect(guarded({ ...saved, bootId: null }).now(at(T0 - HOUR, 9 * HOUR, null))).toBe(T0);
  });

  it('counts time on in an unnamed boot while it lives', () => {
    const clock = guarded(NO_MARK);
    clock.now(at(T0, 0, null));
    expect(clock.now(at(T0 - HOUR, 5, null))).toBe(T0 + 5);
  });

  it('keeps its lead over a restart of the device, so that a date comes no later by the wall clock', () => {
    const clock = guarded(NO_MARK);
    clock.now(at(T0 + 1000 * HOUR, 0));
    clock.now(at(T0, 1));
    const after = guarded(clock.mark());
    expect(after.now(at(T0 + 8 * HOUR, 10, 'b'))).toBe(T0 + 1008 * HOUR + 1);
  });

  it('gives what is granted after a wrong jump its full time', () => {
    const clock = guarded(NO_MARK);
    clock.now(at(T0 + 8766 * HOUR, 0));
    const expiry = clock.now(at(T0, 10)) + HOUR;
    expect(clock.now(at(T0 + HOUR - 1, HOUR + 9))).toBeLessThan(expiry);
    expect(clock.now(at(T0 + HOUR, HOUR + 10))).toBe(expiry);
  });

  it('never goes back and never falls behind the wall clock or real time, whatever the clocks, restarts and boots do', () => {
    const step = fc.record({
      passed: fc.integer({ min: 0, max: 10 * HOUR }),
      jump: fc.oneof(fc.constant(0), fc.integer({ min: -5000 * HOUR, max: 5000 * HOUR })),
      restart: fc.boolean(),
      reboot: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let [wall, monotonic, boot] = [T0, 0, 0];
        let clock = guarded(NO_MARK);
        let shown = clock.now(at(wall, monotonic, '0'));
        for (const { passed, jump, restart, reboot } of steps) {
          wall += passed + jump;
          if (reboot) boot += 1;
          monotonic = reboot ? 0 : monotonic + passed;
          if (reboot || restart) clock = guarded(JSON.parse(JSON.stringify(clock.mark())) as typeof NO_MARK);
          const now = clock.now(at(wall, monotonic, String(boot)));
          expect(now).toBeGreaterThanOrEqual(wall);
          expect(now).toBeGreaterThanOrEqual(shown + (reboot ? 0 : passed));
          if (jump >= 0) expect(now).toBeGreaterThanOrEqual(shown + passed);
          shown = now;
        }
      }),
    );
  });
});

describe('translation between the clocks', () => {
  it('gives back the same moment', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: -1e9, max: 1e9 }), (ahead, away) => {
        const now = { effectiveNowMs: T0 + ahead, wallNowMs: T0 };
        expect(toWallMs(fromWallMs(T0 + away, now), now)).toBe(T0 + away);
      }),
    );
  });
});
