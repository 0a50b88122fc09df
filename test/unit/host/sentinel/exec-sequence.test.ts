import { describe, expect, it } from 'vitest';
import { ExecSequences, interpreterArguments, isSystemLoader, type PendingCall } from '../../../../electron/host/sentinel/exec-sequence.ts';

const CALL = { filename: 0x1000n, argv: 0x2000n };
const LOADER = '/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2';

function pending(extra: Partial<PendingCall> = {}): PendingCall {
  return { ...CALL, image: '/usr/bin/true', filenameText: null, script: null, argv0: ['true'], ...extra };
}

describe('ExecSequences', () => {
  it('lets the loader of a judged program through, once', () => {
    const sequences = new ExecSequences();
    sequences.remember(7, pending());
    expect(sequences.classify(7, CALL, LOADER).kind).toBe('loader');
    expect(sequences.classify(7, CALL, LOADER).kind).toBe('program');
  });

  it('judges a loader that is started by hand', () => {
    expect(new ExecSequences().classify(7, CALL, LOADER).kind).toBe('program');
  });

  it('judges a loader that another call of the same thread names', () => {
    const sequences = new ExecSequences();
    sequences.remember(7, pending());
    expect(sequences.classify(7, { ...CALL, argv: 0x3000n }, LOADER).kind).toBe('program');
  });

  it('judges a loader outside the folders of root', () => {
    const sequences = new ExecSequences();
    sequences.remember(7, pending());
    expect(sequences.classify(7, CALL, '/tmp/ld-linux-x86-64.so.2').kind).toBe('program');
    expect(isSystemLoader('/usr/lib/evil/deep/ld-linux-x86-64.so.2')).toBe(false);
  });

  it('gives the interpreter of a script the arguments the kernel will give it', () => {
    const sequences = new ExecSequences();
    const script = pending({ image: '/home/a/x.sh', filenameText: './x.sh', script: { interpreter: '/bin/sh', argument: '-e' }, argv0: ['./x.sh', 'one'] });
    sequences.remember(7, script);
    const step = sequences.classify(7, CALL, '/usr/bin/dash');
    expect(step.kind).toBe('interpreter');
    expect(step.kind === 'interpreter' && interpreterArguments(step.of)).toEqual(['/bin/sh', '-e', './x.sh', 'one']);
  });

  it('forgets the oldest threads instead of growing', () => {
    const sequences = new ExecSequences();
    for (let tid = 0; tid < 10_000; tid += 1) sequences.remember(tid, pending());
    expect(sequences.classify(0, CALL, LOADER).kind).toBe('program');
    expect(sequences.classify(9_999, CALL, LOADER).kind).toBe('loader');
  });
});
