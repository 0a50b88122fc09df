import { describe, expect, it } from 'vitest';
import { Shield } from '../../../../electron/engine/response/shield.ts';
import { FakeMachine } from '../../../support/fake-machine.ts';
import { FakeTime } from '../../../support/fake-time.ts';

describe('shield', () => {
  it('knows what stands above Holdfast and above a rehearsal, as it is now', () => {
    const machine = new FakeMachine(new FakeTime());
    const shell = machine.spawn(1, '/bin/bash');
    const holdfast = machine.spawn(shell.pid, '/usr/bin/node');
    const engine = machine.spawn(holdfast.pid, '/usr/bin/node');
    const other = machine.spawn(1, '/bin/zsh');
    const rehearsal = machine.spawn(other.pid, '/usr/bin/node');
    const shield = new Shield(machine);
    shield.setOwn([holdfast.pid, engine.pid]);
    expect(shield.addRehearsal('t', rehearsal.pid)).toBe(true);
    expect(shield.now()).toEqual({
      own: new Set([holdfast.pid, engine.pid]),
      ownAncestors: new Set([shell.pid, 1, holdfast.pid]),
      rehearsing: new Set([rehearsal.pid, other.pid, 1]),
    });
    shield.endRehearsal('t');
    expect(shield.now().rehearsing.size).toBe(0);
  });

  it('forgets a rehearsal whose process is gone, also when its pid is used again', () => {
    const machine = new FakeMachine(new FakeTime());
    const rehearsal = machine.spawn(1, '/usr/bin/node');
    const shield = new Shield(machine);
    shield.addRehearsal('t', rehearsal.pid);
    machine.processes.set(rehearsal.pid, { ...rehearsal, startTicks: rehearsal.startTicks + 1 });
    expect(shield.now().rehearsing.size).toBe(0);
    expect(shield.addRehearsal('u', 9_999)).toBe(false);
  });
});
