/** A kept index answers like the one it was made from; damage of any kind refuses it whole. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SigmaSet } from '../../../../../electron/engine/rules/set/sigma-set.ts';
import { eventArbitrary, ruleArbitrary } from './generated.ts';

const rules = fc.array(ruleArbitrary, { minLength: 1, maxLength: 6 });
const events = fc.array(eventArbitrary, { minLength: 1, maxLength: 6 });

function sample(): SigmaSet {
  return SigmaSet.build(fc.sample(ruleArbitrary, { numRuns: 5, seed: 7 }));
}

describe('a kept set', () => {
  it('matches and explains as before', () => {
    fc.assert(
      fc.property(rules, events, (someRules, someEvents) => {
        const set = SigmaSet.build(someRules);
        const kept = SigmaSet.read(set.bytes('key'), 'key');
        if (!kept.ok) throw new Error(kept.error.message);
        expect(kept.value.rules.count).toBe(someRules.length);
        for (const event of someEvents) {
          const matches = set.match(event);
          expect(kept.value.match(event)).toEqual(matches);
          for (const number of matches) expect(kept.value.explain(number, event)).toEqual(set.explain(number, event));
        }
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('gives its rules back', () => {
    const set = sample();
    const kept = SigmaSet.read(set.bytes('key'), 'key');
    expect(kept.ok && Array.from({ length: 5 }, (_, number) => kept.value.rules.at(number))).toEqual(Array.from({ length: 5 }, (_, number) => set.rules.at(number)));
    expect(() => kept.ok && kept.value.rules.at(5)).toThrow('no rule 5');
  });

  it('is refused when one bit is wrong, wherever', () => {
    const bytes = sample().bytes('key');
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
        const damaged = Uint8Array.from(bytes);
        damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
        expect(SigmaSet.read(damaged, 'key').ok).toBe(false);
      }),
    );
  });

  it('is refused when it was cut off or grew', () => {
    const bytes = sample().bytes('key');
    for (const length of [0, 7, 20, bytes.length - 1]) expect(SigmaSet.read(bytes.subarray(0, length), 'key').ok).toBe(false);
    const longer = new Uint8Array(bytes.length + 1);
    longer.set(bytes);
    expect(SigmaSet.read(longer, 'key').ok).toBe(false);
  });

  it('is refused when it was made of something else', () => {
    const read = SigmaSet.read(sample().bytes('key'), 'other');
    expect(read).toMatchObject({ ok: false, error: { message: 'it was made of other rules or by another version' } });
  });

  it('can lie anywhere in memory', () => {
    const bytes = sample().bytes('key');
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    expect(SigmaSet.read(shifted.subarray(1), 'key').ok).toBe(true);
  });
});
