import { describe, expect, it } from 'vitest';
import type { PermissionEvent } from '../../../../electron/platform/contract.ts';
import { ScriptedGate } from '../../../../electron/platform/simulated/scripted-gate.ts';

describe('ScriptedGate', () => {
  it('holds no more questions than it may, and each gets its answer', async () => {
    const gate = new ScriptedGate(1);
    const taken: PermissionEvent[] = [];
    gate.start((event) => taken.push(event), () => undefined);
    const answers = [gate.ask('exec', 1), gate.ask('open', 2)];
    expect([taken.length, gate.held]).toEqual([1, 1]);
    gate.answer(taken[0]!, false);
    gate.answer(taken[1]!, true);
    expect(await Promise.all(answers)).toEqual([false, true]);
    expect(taken.map((event) => event.kind)).toEqual(['exec', 'open']);
  });

  it('takes a second answer for a bug', () => {
    const gate = new ScriptedGate();
    let taken: PermissionEvent | null = null;
    gate.start((event) => { taken = event; }, () => undefined);
    void gate.ask('exec', 1);
    gate.answer(taken!, true);
    expect(() => gate.answer(taken!, true)).toThrow('twice');
  });

  it('lets everyone through when it closes', async () => {
    const gate = new ScriptedGate();
    gate.start(() => undefined, () => undefined);
    const waiting = gate.ask('exec', 1);
    gate.close();
    expect([await waiting, await gate.ask('exec', 2)]).toEqual([true, true]);
  });
});
