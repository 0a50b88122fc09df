/** Pieces of long texts that are kept, by what they keep in memory. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RecentStarts } from '../../../../electron/engine/packs/recent-starts.ts';
import { ownText } from '../../../../electron/engine/rules/own-text.ts';

const MEGABYTE = 1_000_000;

function heldMegabytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / MEGABYTE;
}

it('is the same text, whatever stands in it', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => ownText(text) === text));
  for (const text of ['', '\ufeffa', '\ud83d', 'é'.repeat(5_000), '\ud83d'.repeat(5_000)]) expect(ownText(text)).toBe(text);
});

it('lets go of the text that it is a piece of', () => {
  const before = heldMegabytes();
  const pieces = Array.from({ length: 50 }, (_, index) => ownText(`${index} ${'x'.repeat(2 * MEGABYTE)}`.slice(0, 100)));
  expect(heldMegabytes() - before).toBeLessThan(20);
  expect(pieces.length).toBe(50);
});

it('is what the last starts keep of arguments, so that long ones do not fill the memory', () => {
  const recent = new RecentStarts();
  const before = heldMegabytes();
  for (let number = 0; number < 50; number += 1) {
    const logsource = { category: 'process_creation', product: 'linux', service: null };
    recent.add({ number, time: null, timeMs: null, kinds: [{ logsource, fields: {} }], process: null }, { CommandLine: `${number} ${'x'.repeat(2 * MEGABYTE)}` });
  }
  expect(heldMegabytes() - before).toBeLessThan(20);
  expect(recent.list().map(({ number }) => number)).toEqual(Array.from({ length: 50 }, (_, number) => number));
});
