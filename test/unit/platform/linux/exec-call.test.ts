import { describe, expect, it } from 'vitest';
import { EXEC_CALL_FORMS, parseExecCall } from '../../../../electron/platform/linux/exec-call.ts';

const { x64, arm64 } = EXEC_CALL_FORMS;

describe('parseExecCall', () => {
  it('reads a native execve', () => {
    expect(parseExecCall('59 0x7ffe12345678 0x55d0aabbccd0 0x7ffe0 0x0 0x8 0x0 0x7ffe1 0x7f00\n', x64)).toEqual({
      filename: 0x7ffe12345678n, argv: 0x55d0aabbccd0n, compat32: false, dirfd: null, flags: 0,
    });
  });

  it('reads execveat with its folder and flags', () => {
    expect(parseExecCall('322 0xffffff9c 0x1000 0x2000 0x3000 0x1000 0x0 0x7 0x8\n', x64)).toEqual({
      filename: 0x1000n, argv: 0x2000n, compat32: false, dirfd: -100, flags: 0x1000,
    });
    expect(parseExecCall('322 0x5 0x1000 0x2000 0x3000 0x0 0x0 0x7 0x8\n', x64)?.dirfd).toBe(5);
  });

  it.each([['32-bit', '11'], ['x32', '1073742344']])('takes a %s execve as one with pointers of 4 bytes', (_name, number) => {
    const call = parseExecCall(`${number} 0xffffffff08048000 0x80490a0 0x0 0x0 0x0 0x0 0x7 0x8\n`, x64);
    expect(call).toEqual({ filename: 0x08048000n, argv: 0x80490a0n, compat32: true, dirfd: null, flags: 0 });
  });

  it.each([['32-bit', '358'], ['x32', '1073742369']])('takes a %s execveat', (_name, number) => {
    expect(parseExecCall(`${number} 0x3 0x10 0x20 0x30 0x100 0x0 0x7 0x8\n`, x64)).toEqual({ filename: 0x10n, argv: 0x20n, compat32: true, dirfd: 3, flags: 0x100 });
  });

  it('knows the calls of arm64', () => {
    expect(parseExecCall('221 0x1 0x2 0x3 0x0 0x0 0x0 0x7 0x8\n', arm64)?.compat32).toBe(false);
    expect(parseExecCall('281 0x3 0x1 0x2 0x3 0x0 0x0 0x7 0x8\n', arm64)?.dirfd).toBe(3);
    expect(parseExecCall('11 0x1 0x2 0x3 0x0 0x0 0x0 0x7 0x8\n', arm64)?.compat32).toBe(true);
    expect(parseExecCall('387 0x3 0x1 0x2 0x3 0x0 0x0 0x7 0x8\n', arm64)?.compat32).toBe(true);
  });

  it.each(['running\n', '-1 0x7ffe 0x7f00\n', '0 0x3 0x4 0x5 0x0 0x0 0x0 0x7 0x8\n', '', '59 0x1\n'])('takes %j for no exec call', (line) => {
    expect(parseExecCall(line, x64)).toBeNull();
  });
});
