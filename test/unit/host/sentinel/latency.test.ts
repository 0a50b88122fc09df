import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LatencyHistogram } from '../../../../electron/host/sentinel/latency.ts';

describe('LatencyHistogram', () => {
  it('knows nothing before the first decision', () => {
    expect(new LatencyHistogram().quantile(0.5)).toBeNull();
  });

  it('gives quantiles that are never too low and at most 5 % (and a microsecond) too high', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 300 }), fc.constantFrom(0.5, 0.99, 1), (values, fraction) => {
        const histogram = new LatencyHistogram();
        for (const value of values) histogram.add(value);
        const exact = [...values].sort((a, b) => a - b)[Math.ceil(values.length * fraction) - 1] ?? 0;
        const found = histogram.quantile(fraction) ?? 0;
        expect(found).toBeGreaterThanOrEqual(exact - 1);
        expect(found).toBeLessThanOrEqual(exact * 1.05 + 1);
      }),
    );
  });
});
