import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elfIdentity, elfInterpreterPath, type ReadAt } from '../../../../electron/platform/linux/elf.ts';
import { elfProgram, execProgram32, execProgram64 } from '../../../support/linux/elf-bytes.ts';

function readerOf(bytes: Buffer): ReadAt {
  return (position, size) => bytes.subarray(position, position + size);
}

/** A big-endian 64-bit file, as on s390x, with a Go build id. */
function bigEndianGo(): Buffer {
  const note = Buffer.alloc(12 + 4 + 8);
  note.writeUInt32BE(4, 0);
  note.writeUInt32BE(6, 4);
  note.writeUInt32BE(4, 8);
  note.write('Go\0\0abc/de', 12, 'latin1');
  const bytes = Buffer.alloc(64 + 56 * 2);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 2, 1]);
  bytes.writeBigUInt64BE(0x1_0000n + 176n + 24n, 24);
  bytes.writeBigUInt64BE(64n, 32);
  bytes.writeUInt16BE(56, 54);
  bytes.writeUInt16BE(2, 56);
  bytes.writeUInt32BE(4, 64);
  bytes.writeBigUInt64BE(176n, 72);
  bytes.writeBigUInt64BE(24n, 96);
  bytes.writeUInt32BE(1, 120);
  bytes.writeBigUInt64BE(0x1_0000n, 136);
  bytes.writeBigUInt64BE(176n + 24n + 8n, 152);
  return Buffer.concat([bytes, note, Buffer.from('codecode')]);
}

describe('elfIdentity', () => {
  it('finds the GNU build id and hashes the code, in 64 and 32 bits', () => {
    const code = Uint8Array.from([0x90, 0x90, 0xc3]);
    const wide = elfIdentity(readerOf(elfProgram({ bits: 64, code, buildId: Buffer.from('0123456789abcdef0123', 'hex') })));
    const narrow = elfIdentity(readerOf(elfProgram({ bits: 32, code, buildId: Buffer.from('aa', 'hex') })));
    expect(wide.buildId).toBe('0123456789abcdef0123');
    expect(narrow.buildId).toBe('aa');
    expect(wide.entryHash).toBe(narrow.entryHash);
  });

  it('finds a Go build id in a big-endian file', () => {
    const identity = elfIdentity(readerOf(bigEndianGo()));
    expect(Buffer.from(identity.buildId ?? '', 'hex').toString()).toBe('abc/de');
    expect(identity.entryHash).not.toBeNull();
  });

  it('does not change with bytes appended to the file', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40_000 }), (appended) => {
      const program = execProgram64();
      expect(elfIdentity(readerOf(Buffer.concat([program, appended])))).toEqual(elfIdentity(readerOf(program)));
    }));
  });

  it('differs between programs', () => {
    expect(elfIdentity(readerOf(execProgram64())).entryHash).not.toBe(elfIdentity(readerOf(execProgram32())).entryHash);
  });

  it('reads a real program', () => {
    const node = readFileSync(process.execPath);
    expect(elfIdentity(readerOf(node)).entryHash).toMatch(/^[0-9a-f]{64}$/);
    expect(elfInterpreterPath(readerOf(node))).toMatch(/^\/lib/);
  });

  it('is empty for what is no ELF file', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('#!/bin/sh\n'), Buffer.from('\x7fELF', 'latin1'), Buffer.alloc(64)]) {
      expect(elfIdentity(readerOf(bytes))).toEqual({ buildId: null, entryHash: null });
      expect(elfInterpreterPath(readerOf(bytes))).toBeNull();
    }
  });

  it('never throws and never reads without bound, whatever the headers claim', () => {
    const patch = fc.record({ at: fc.nat({ max: 200 }), bytes: fc.uint8Array({ minLength: 1, maxLength: 16 }) });
    const base = fc.constantFrom(execProgram64(), execProgram32(), bigEndianGo(), elfProgram({ bits: 64, code: Uint8Array.of(1), buildId: Buffer.alloc(20) }));
    fc.assert(
      fc.property(base, fc.array(patch, { maxLength: 8 }), (program, patches) => {
        const bytes = Buffer.concat([program, Buffer.alloc(64)]);
        for (const { at, bytes: content } of patches) Buffer.from(content).copy(bytes, at);
        let asked = 0;
        const reader: ReadAt = (position, size) => {
          asked += size;
          expect(Number.isSafeInteger(position) && position >= 0 && size >= 0).toBe(true);
          return bytes.subarray(position, position + size);
        };
        elfIdentity(reader);
        elfInterpreterPath(reader);
        expect(asked).toBeLessThan(2 * 1024 * 1024);
      }),
      { numRuns: 2_000 },
    );
  });
});
