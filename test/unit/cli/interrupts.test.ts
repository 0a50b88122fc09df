import { describe, expect, it } from 'vitest';
import { Interrupts } from '../../../electron/cli/interrupts.ts';

describe('an output that nobody reads any more', () => {
  it('ends the process at once when there is nothing to clean up', () => {
    let ended = 0;
    const interrupts = new Interrupts(() => (ended += 1));
    interrupts.add(() => undefined)();
    interrupts.onOutputClosed();
    expect(ended).toBe(1);
  });

  it('asks, once, whoever has to clean up first', () => {
    const heard: string[] = [];
    const interrupts = new Interrupts(() => heard.push('ended'));
    interrupts.add(() => heard.push('asked'));
    interrupts.onOutputClosed();
    interrupts.onOutputClosed();
    expect(heard).toEqual(['asked']);
    expect(interrupts.outputClosed).toBe(true);
  });
});
