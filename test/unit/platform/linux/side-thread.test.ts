/** What the side thread makes of the kernel's line of a call: the same as the deciding thread does. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ThreadCalls } from '../../../../electron/platform/ffi/thread-calls.ts';
import { CALL_LOOKS, EXEC_CALL_FORMS, parseExecCall } from '../../../../electron/platform/linux/exec-call.ts';
import { EXEC_CALLS } from '../../../../electron/platform/linux/side-reader.ts';
import { CONTROL, OUTCOME, SideThread, WHAT } from '../../../../electron/platform/linux/side-thread.ts';

const PAGE = 4096;
const FORMS = process.arch === 'arm64' ? EXEC_CALL_FORMS.arm64 : EXEC_CALL_FORMS.x64;

/** A thread that is asked for the call of a process, of whose files only that line can be read; `lines` one look after the other. */
function threadThatReads(lines: readonly string[]): { readonly thread: SideThread; readonly opened: string[] } {
  const opened: string[] = [];
  let look = 0;
  const calls = {
    open: (path: Buffer) => opened.push(path.toString('latin1', 0, path.indexOf(0))),
    readAt: (_fd: number, to: Buffer) => to.write(lines[Math.min(look++, lines.length - 1)] ?? '', 'latin1'),
    window: (size: number) => ({ to: Buffer.alloc(size), local: Buffer.alloc(16), remote: Buffer.alloc(16) }),
    saysGone: () => false,
  };
  const shared = new SharedArrayBuffer(CONTROL.words * 4 + PAGE);
  const thread = new SideThread(
    { shared, pageSize: PAGE, control: CONTROL, what: WHAT, outcome: OUTCOME, execCalls: EXEC_CALLS, looks: { ...CALL_LOOKS, napMs: 0.01 }, scheduling: null },
    calls as unknown as ThreadCalls,
  );
  thread.tid = 4711;
  return { thread, opened };
}

/** A thread that reads these pages by their numbers, all of them present; `read` are those it asked for. */
function threadWithMemory(memory: ReadonlyMap<number, Buffer>): { readonly thread: SideThread; readonly read: number[] } {
  const { thread } = threadThatReads([]);
  const read: number[] = [];
  Object.assign(thread.calls, {
    readAt: (_fd: number, to: Buffer) => to.fill(0xff).length,
    readMemory: (_tid: number, position: number, { to }: { to: Buffer }) => {
      read.push(position / PAGE);
      return memory.get(position / PAGE)?.copy(to) ?? -14;
    },
  });
  return { thread, read };
}

function halves(address: bigint): [low: number, high: number] {
  return [Number(address & 0xffff_ffffn), Number(address >> 32n)];
}

function addressOf({ control }: SideThread): bigint {
  const half = (word: number): bigint => BigInt((control[word] ?? 0) >>> 0);
  return (half(CONTROL.firstHigh) << 32n) | half(CONTROL.firstLow);
}

const field = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }).map((value) => `0x${value.toString(16)}`);

it('finds the address of the arguments as the deciding thread does, whatever the fields are', () => {
  fc.assert(fc.property(fc.constantFrom(...FORMS.keys()), fc.array(field, { minLength: 8, maxLength: 8 }), (number, fields) => {
    const line = `${number} ${fields.join(' ')}\n`;
    const call = parseExecCall(line, FORMS);
    const { thread, opened } = threadThatReads([line]);
    const found = thread.findCall();
    expect(opened).toEqual(['/proc/4711/syscall']);
    expect(found).toBe(call?.argv !== 0n);
    expect(addressOf(thread)).toBe(call?.argv);
    expect(thread.control[CONTROL.width]).toBe(call?.compat32 === true ? 4 : 8);
    expect(Buffer.from(thread.strings.slice(0, thread.control[CONTROL.line])).toString('latin1')).toBe(line);
  }));
});

it('looks again while the thread has not gone to sleep, and not for ever', () => {
  const late = threadThatReads(['running\n', 'running\n', 'running\n', 'running\n', `${[...FORMS.keys()][0] ?? 0} 0x1 0x2 0x3 0x4 0x5 0x6 0x7 0x8\n`]);
  expect(late.thread.findCall()).toBe(true);
  expect(threadThatReads(['running\n']).thread.findCall()).toBe(false);
});

it.each(['-1 0x7ffe 0x7f00\n', '0 0x3 0x4 0x5 0x0 0x0 0x0 0x7 0x8\n', '\n', '59'])('takes %j for no call with arguments', (line) => {
  expect(threadThatReads([line]).thread.findCall()).toBe(false);
});

it('reads each page once for a command line, wherever its pages lie', () => {
  fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 2 ** 35 }), { minLength: 3, maxLength: 3 }), fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }), ([pointers = 0, one = 0, other = 0], places) => {
    const memory = new Map([[pointers, Buffer.alloc(PAGE)], [one, Buffer.alloc(PAGE)], [other, Buffer.alloc(PAGE)]]);
    const wanted = places.map((first, index) => {
      const text = `argument-${index}`;
      const page = first ? one : other;
      memory.get(page)?.write(text, index * 32, 'latin1');
      memory.get(pointers)?.writeBigUInt64LE(BigInt(page) * BigInt(PAGE) + BigInt(index * 32), index * 8);
      return text;
    });
    const { thread, read } = threadWithMemory(memory);
    expect(thread.copyArray(...halves(BigInt(pointers) * BigInt(PAGE)), 8)).toBe(true);
    expect(Buffer.from(thread.strings.slice(0, thread.used)).toString('latin1')).toBe(wanted.map((text) => `${text}\0`).join(''));
    expect(read.length).toBe(new Set(read).size);
  }));
});
