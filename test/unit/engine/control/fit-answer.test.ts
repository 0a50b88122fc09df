import { describe, expect, it } from 'vitest';
import { fitAnswer } from '../../../../electron/engine/control/fit-answer.ts';
import { entry, process } from './control-rig.ts';

const LINE = 8 * 1024 * 1024;

describe('fitAnswer', () => {
  it('leaves a command line of a megabyte as it is', () => {
    const long = entry({ process: process({ commandLine: 'x'.repeat(1_000_000) }) });
    expect(fitAnswer(long)).toBe(long);
  });

  it('cuts what would not fit a line, also of bytes that take six times their room, and says so', () => {
    const commandLine = '\udcff'.repeat(2_000_000);
    const ancestors = Array.from({ length: 16 }, (_, pid) => process({ pid, commandLine }));
    const fitted = fitAnswer(entry({ process: process({ commandLine }), ancestors, matched: [{ field: 'CommandLine', value: commandLine, pattern: 'x' }] }));
    expect(JSON.stringify(fitted).length).toBeLessThan(LINE);
    expect(commandLine.startsWith(fitted.process.commandLine.slice(0, -1))).toBe(true);
    expect(fitted.notes.at(-1)).toMatch(/2000000 characters/);
  });
});
