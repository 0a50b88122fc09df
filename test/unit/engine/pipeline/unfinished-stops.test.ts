import { describe, expect, it } from 'vitest';
import type { FakeProcess } from '../../../support/fake-machine.ts';
import { Rig, type FakeJournal } from '../../../support/pipeline-rig.ts';

const evil: Rig['judge']['rule'] = ({ image }) => (image.includes('evil') ? 'block' : null);
/** All rigs begin at this moment. */
const START_MS = 1_700_000_000_000;

/** An engine that began to stop a program and ended in the middle of it. */
async function endInTheMiddle(): Promise<FakeJournal> {
  const rig = await new Rig().start();
  rig.judge.rule = evil;
  rig.machine.spawn(1, '/mnt/evil', ['/mnt/evil', '-x']);
  rig.tell();
  expect(rig.journal.left()).toHaveLength(1);
  expect(rig.history).toEqual([]);
  return rig.journal;
}

/** The same process, as the next engine finds it on its own machine. */
function putBack(rig: Rig, journal: FakeJournal): FakeProcess {
  const [left] = journal.left();
  const process = rig.machine.spawn(1, left!.process.image, left!.process.argv ?? []);
  rig.machine.processes.delete(process.pid);
  const same: FakeProcess = { ...process, pid: left!.process.pid, startTicks: left!.process.startTicks ?? 0, state: 'T' };
  rig.machine.processes.set(same.pid, same);
  return same;
}

describe('a stop that an engine did not live to finish', () => {
  it('is noted before the first signal, and done when it is on record', async () => {
    const rig = await new Rig().start();
    rig.judge.rule = evil;
    const seen: number[] = [];
    rig.machine.onSignal = () => seen.push(rig.journal.left().length);
    rig.machine.spawn(1, '/mnt/evil');
    rig.tell();
    await rig.time.pass(100);
    expect(seen[0]).toBe(1);
    expect([rig.journal.left(), rig.history]).toEqual([[], ['stopped /mnt/evil']]);
  });

  it('is put on record by the next one when the program is gone', async () => {
    const journal = await endInTheMiddle();
    const rig = await new Rig({ journal, mark: { settledMs: START_MS, stopped: false, gaps: [] } }).start();
    expect(rig.history).toEqual(['stopped /mnt/evil']);
    expect(rig.notes).toContain('The engine ended while it was stopping the program');
    expect(journal.left()).toEqual([]);
  });

  it('is finished by the next one when the program is still there, and put on record once', async () => {
    const journal = await endInTheMiddle();
    const rig = new Rig({ journal, mark: { settledMs: START_MS, stopped: false, gaps: [] } });
    rig.judge.rule = evil;
    const left = putBack(rig, journal);
    await rig.start();
    await rig.time.pass(500);
    expect(rig.machine.lives(left.pid)).toBe(false);
    expect(rig.history).toEqual(['stopped /mnt/evil']);
    expect(journal.left()).toEqual([]);
  });

  it('is finished also when no rule forbids it any more: it must not stay suspended', async () => {
    const journal = await endInTheMiddle();
    const rig = new Rig({ journal, mark: { settledMs: START_MS, stopped: false, gaps: [] } });
    const left = putBack(rig, journal);
    await rig.start();
    await rig.time.pass(500);
    expect([rig.machine.lives(left.pid), rig.history]).toEqual([false, ['stopped /mnt/evil']]);
  });

  it('never meets another process with the same id', async () => {
    const journal = await endInTheMiddle();
    const rig = new Rig({ journal, mark: { settledMs: START_MS, stopped: false, gaps: [] } });
    const left = putBack(rig, journal);
    rig.machine.processes.set(left.pid, { ...left, startTicks: left.startTicks + 5, state: 'S' });
    await rig.start();
    await rig.time.pass(500);
    expect([rig.machine.signals, rig.history]).toEqual([[], ['stopped /mnt/evil']]);
  });
});
