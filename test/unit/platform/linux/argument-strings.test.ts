import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collectArguments, collectText, type PageWork } from '../../../../electron/platform/linux/argument-strings.ts';
import { decodeBytes } from '../../../../shared/text/surrogate-escape.ts';

const PAGE = 4096;

/** Memory made of the pages that something was written to; all others are not readable. */
class FakeMemory {
  readonly pages = new Map<number, Buffer>();

  write(address: number, bytes: Uint8Array): void {
    bytes.forEach((byte, index) => {
      const number = Math.floor((address + index) / PAGE);
      const page = this.pages.get(number) ?? Buffer.alloc(PAGE);
      this.pages.set(number, page);
      page[(address + index) % PAGE] = byte;
    });
  }

  /** Hands out one shared buffer, as the real readers do, so that work which keeps it is found out. */
  run<T>(work: PageWork<T>): T {
    const shared = Buffer.alloc(PAGE);
    let step = work.next();
    while (step.done !== true) {
      const page = this.pages.get(step.value);
      page?.copy(shared);
      step = work.next(page === undefined ? null : shared);
    }
    return step.value;
  }
}

function layOut(memory: FakeMemory, strings: readonly Uint8Array[], stringsAt: number, arrayAt: number, width: 4 | 8): void {
  const array = Buffer.alloc((strings.length + 1) * width);
  let at = stringsAt;
  strings.forEach((bytes, index) => {
    memory.write(at, Buffer.concat([bytes, Buffer.alloc(1)]));
    if (width === 8) array.writeBigUInt64LE(BigInt(at), index * 8);
    else array.writeUInt32LE(at, index * 4);
    at += bytes.length + 1;
  });
  memory.write(arrayAt, array);
}

const withoutNul = fc.uint8Array({ maxLength: 300 }).map((bytes) => bytes.map((byte) => (byte === 0 ? 1 : byte)));

describe('collectArguments', () => {
  it('gives back what was laid out, wherever the array and the strings cross pages', () => {
    fc.assert(
      fc.property(fc.array(withoutNul, { maxLength: 40 }), fc.integer({ min: 0, max: PAGE }), fc.integer({ min: 0, max: PAGE }), fc.constantFrom<4 | 8>(4, 8), (strings, stringShift, arrayShift, width) => {
        const memory = new FakeMemory();
        layOut(memory, strings, 0x10_0000 + stringShift, 0x20_0000 + arrayShift, width);
        const found = memory.run(collectArguments(BigInt(0x20_0000 + arrayShift), width, PAGE));
        expect(found).toEqual({ values: strings.map((bytes) => decodeBytes(bytes)), complete: true });
      }),
      { numRuns: 200 },
    );
  });

  it('reaches addresses above 2^53', () => {
    const memory = new FakeMemory();
    const high = 2 ** 55;
    memory.pages.set(high / PAGE, Buffer.concat([Buffer.from('far\0'), Buffer.alloc(PAGE)]));
    const array = Buffer.alloc(16);
    array.writeBigUInt64LE(BigInt(high), 0);
    memory.write(0x1000, array);
    expect(memory.run(collectArguments(0x1000n, 8, PAGE))).toEqual({ values: ['far'], complete: true });
  });

  it('takes a NULL array for an empty one, as the kernel does', () => {
    expect(new FakeMemory().run(collectArguments(0n, 8, PAGE))).toEqual({ values: [], complete: true });
  });

  it('is incomplete when a string or the array ends in memory that is not there', () => {
    const memory = new FakeMemory();
    layOut(memory, [Buffer.from('first')], 0x10_0000, 0x20_0000, 8);
    memory.write(0x20_0008, Buffer.from([0, 0, 0x66, 0, 0, 0, 0, 0]));
    expect(memory.run(collectArguments(0x20_0000n, 8, PAGE))).toEqual({ values: ['first'], complete: false });
    expect(memory.run(collectArguments(0x30_0000n, 8, PAGE))).toEqual({ values: [], complete: false });
  });

  it('takes the longest string the kernel takes and none longer', () => {
    for (const [length, complete] of [[32 * PAGE - 1, true], [32 * PAGE, false]] as const) {
      const memory = new FakeMemory();
      layOut(memory, [Buffer.alloc(length, 0x61)], 0x10_0007, 0x80_0000, 8);
      const found = memory.run(collectArguments(0x80_0000n, 8, PAGE));
      expect(found.complete).toBe(complete);
      expect(found.values.length).toBe(complete ? 1 : 0);
    }
  });

  it('stops at the total the kernel takes, also for an array that never ends', () => {
    const memory = new FakeMemory();
    memory.write(0x10_0000, Buffer.from('x\0'));
    const array = Buffer.alloc(PAGE);
    for (let at = 0; at < PAGE; at += 8) array.writeBigUInt64LE(0x10_0000n, at);
    for (let page = 0; page < 2048; page += 1) memory.pages.set(0x400 + page, array);
    const found = memory.run(collectArguments(BigInt(0x400 * PAGE), 8, PAGE));
    expect(found.complete).toBe(false);
    expect(found.values.length).toBeLessThan((6 * 1024 * 1024) / 10 + 1);
  });
});

describe('collectText', () => {
  it('reads one string', () => {
    const memory = new FakeMemory();
    memory.write(0x1ffe, Buffer.from('/bin/ls\0'));
    expect(memory.run(collectText(0x1ffen, PAGE))?.text).toBe('/bin/ls');
    expect(memory.run(collectText(0n, PAGE))).toBeNull();
    expect(memory.run(collectText(0x9000n, PAGE))).toBeNull();
  });
});
