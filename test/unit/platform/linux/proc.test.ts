import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStat } from '../../../../electron/platform/linux/proc.ts';

const TAIL = 'S 41 42 43 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 3 0 251564 2633728 200 18446744073709551615 1 1 0 0 0 0 0\n';

describe('parseStat', () => {
  it('reads the fields that identify a process', () => {
    expect(parseStat(Buffer.from(`40 (sh) ${TAIL}`))).toEqual({ pid: 40, ppid: 41, processGroup: 42, session: 43, startTicks: 251564, state: 'S', threads: 3 });
  });

  it('is not misled by any name', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (name) => {
        const stat = parseStat(Buffer.concat([Buffer.from('40 ('), name, Buffer.from(`) ${TAIL}`)]));
        expect(stat).toMatchObject({ pid: 40, ppid: 41, startTicks: 251564 });
      }),
    );
  });

  it('gives null for what is no stat line', () => {
    expect(parseStat(Buffer.from(''))).toBeNull();
    expect(parseStat(Buffer.from('40 (sh) S 1 2'))).toBeNull();
    fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
      parseStat(bytes);
    }));
  });
});
