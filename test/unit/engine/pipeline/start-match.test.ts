import { describe, expect, it } from 'vitest';
import { continuesStart, isSameStart, type Taken } from '../../../../electron/engine/pipeline/start-match.ts';
import type { StartRecord } from '../../../../shared/link/messages.ts';

const record = (image: string, argv: string[] | null, argvComplete = true): StartRecord => ({ kind: 'start', seq: 1, timeMs: 0, tid: 1, image, argv, argvComplete, answer: 'allow', generation: 1 });
const taken = (image: string | null, argv: string[] | null, argvComplete = true, gone = false): Taken => ({ image, argv, argvComplete, gone });

describe('the very start that was judged', () => {
  it('has the same program and the same arguments', () => {
    expect(isSameStart(record('/bin/a', ['a', 'b']), taken('/bin/a', ['a', 'b']))).toBe(true);
    expect(isSameStart(record('/bin/a', ['a', 'b']), taken('/bin/a', ['a', 'c']))).toBe(false);
    expect(isSameStart(record('/bin/a', ['a', 'b']), taken('/bin/a', ['a']))).toBe(false);
    expect(isSameStart(record('/bin/a', ['a']), taken('/bin/b', ['a']))).toBe(false);
  });

  it('may be a script, whose interpreter the kernel puts first', () => {
    const script = record('/opt/run.sh', ['run.sh', '-v']);
    expect(isSameStart(script, taken('/bin/dash', ['/bin/sh', '/opt/run.sh', '-v']))).toBe(true);
    expect(isSameStart(script, taken('/bin/dash', ['/bin/sh', '-e', './run.sh', '-v']))).toBe(true);
    expect(isSameStart(script, taken('/bin/dash', ['/bin/sh', '/dev/fd/3', '-v']))).toBe(true);
    expect(isSameStart(script, taken('/bin/dash', ['/bin/sh', '/opt/run.sh', '-x']))).toBe(false);
    expect(isSameStart(script, taken('/bin/dash', ['/bin/sh', '/opt/other.sh', '-v']))).toBe(false);
    expect(isSameStart(script, taken('/bin/dash', ['/bin/sh', '-v']))).toBe(false);
  });

  it('can not be contradicted by a process that is gone, but is not claimed for one that hides its arguments', () => {
    expect(isSameStart(record('/bin/a', ['a']), taken(null, null))).toBe(true);
    expect(isSameStart(record('/bin/a', ['a']), taken('/bin/a', null, false, true))).toBe(true);
    expect(isSameStart(record('/bin/b', ['a']), taken('/bin/a', null, false, true))).toBe(false);
    expect(isSameStart(record('/bin/a', ['a']), taken('/bin/a', null, false, false))).toBe(false);
  });

  it('is not claimed for arguments that were not read whole, on either side', () => {
    expect(isSameStart(record('/bin/a', null, false), taken('/bin/a', ['a']))).toBe(false);
    expect(isSameStart(record('/bin/a', ['a'], false), taken('/bin/a', ['a']))).toBe(false);
    expect(isSameStart(record('/bin/a', ['a']), taken('/bin/a', ['a'], false))).toBe(false);
  });

  it('is continued by the record of a script\'s interpreter', () => {
    expect(continuesStart(record('/opt/run.sh', ['run.sh', 'x']), record('/bin/dash', ['/bin/sh', 'run.sh', 'x']))).toBe(true);
    expect(continuesStart(record('/usr/bin/env', ['env', 'tool']), record('/bin/tool', ['tool']))).toBe(false);
  });
});
