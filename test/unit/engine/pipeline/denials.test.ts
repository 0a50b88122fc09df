import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StartRecord } from '../../../../shared/link/messages.ts';
import { hitOf, Rig } from '../../../support/pipeline-rig.ts';
import type { FakeProcess } from '../../../support/fake-machine.ts';

const denied = (rig: Rig, process: FakeProcess, more: Partial<StartRecord> = {}): StartRecord =>
  rig.recordOf({ ...process, image: '/bin/evil', argv: ['evil'] }, { answer: 'deny', hits: [hitOf('block')], ...more });
const logged = (record: StartRecord, confirmed: boolean): StartRecord & { confirmed: boolean } => ({ ...record, confirmed });

async function rigWithShell(): Promise<{ rig: Rig; shell: FakeProcess }> {
  const rig = (await new Rig().start()).withSentinel();
  const shell = rig.machine.spawn(1, '/bin/sh', ['sh', '-c', 'evil'], { uid: 5 });
  rig.judged(shell);
  rig.tell();
  return { rig, shell };
}

describe('a confirmed denial', () => {
  it('is prevented, with its line of descent, at once and only once', async () => {
    const { rig, shell } = await rigWithShell();
    const child = rig.machine.fork(shell.pid);
    const record = denied(rig, child, { ancestors: [{ pid: shell.pid, startTicks: shell.startTicks, image: '/bin/sh' }] });
    await rig.pipeline.onDenials('s1', [logged(record, true)]);
    await rig.pipeline.onDenials('s1', [logged(record, true)]);
    expect(rig.recorder.findings).toHaveLength(1);
    expect(rig.recorder.findings[0]).toMatchObject({
      action: 'prevented',
      id: `s1-${record.seq}`,
      timeMs: record.timeMs,
      process: { image: '/bin/evil', argv: ['evil'] },
      ancestors: [{ image: '/bin/sh', argv: ['sh', '-c', 'evil'], uid: 5 }],
    });
  });

  it('names the rule that refused it, and the others', async () => {
    const { rig, shell } = await rigWithShell();
    const record = denied(rig, shell, { hits: [hitOf('audit', 'rule-a'), hitOf('warn', 'rule-w'), hitOf('block', 'rule-b')] });
    await rig.pipeline.onDenials('s1', [logged(record, true)]);
    expect(rig.recorder.findings[0]).toMatchObject({ hit: { ruleId: 'rule-b' }, notes: ['Rule rule-a matched as well.', 'Rule rule-w matched as well.'] });
  });

  it('without a rule is the fail setting at work, and names the user', async () => {
    const { rig, shell } = await rigWithShell();
    const record = denied(rig, shell, { hits: [], unjudged: 'deadline', uid: 5 });
    await rig.pipeline.onDenials('s1', [logged(record, true)]);
    expect(rig.recorder.findings[0]).toMatchObject({ action: 'prevented', hit: { ruleId: 'holdfast-unjudged-start', definitionId: 'deadline' } });
    expect(rig.notes).toContain('user5');
  });

  it('of an opening is prevented as well', async () => {
    const { rig, shell } = await rigWithShell();
    await rig.pipeline.onDenials('s1', [logged(denied(rig, shell, { kind: 'open', target: '/etc/shadow' }), true)]);
    expect(rig.history).toEqual(['prevented /bin/evil']);
  });

  it('comes over the log alone: the same record among the starts changes nothing', async () => {
    const { rig, shell } = await rigWithShell();
    const record = denied(rig, shell);
    rig.pipeline.onStartRecords('s1', [record]);
    await rig.pipeline.onDenials('s1', [logged(record, true)]);
    expect(rig.history).toEqual(['prevented /bin/evil']);
  });
});

describe('a denial that is not confirmed', () => {
  it('is prevented when no exec followed', async () => {
    const { rig, shell } = await rigWithShell();
    const child = rig.machine.fork(shell.pid);
    await rig.time.pass(10);
    const stored = rig.pipeline.onDenials('s1', [logged(denied(rig, child), false)]);
    rig.machine.exit(child.pid);
    rig.tell();
    expect(rig.history).toEqual([]);
    await rig.time.pass(400);
    await stored;
    expect(rig.history).toEqual(['prevented /bin/evil']);
  });

  it('is stopped when the program ran, and counted once although the exec news was judged too', async () => {
    const { rig, shell } = await rigWithShell();
    rig.judge.rule = ({ image }) => (image === '/bin/evil' ? 'block' : null);
    const child = rig.machine.fork(shell.pid);
    const record = denied(rig, child);
    rig.pipeline.onSentinel(null);
    rig.machine.exec(child.pid, '/bin/evil', ['evil']);
    const stored = rig.pipeline.onDenials('s1', [logged(record, false)]);
    rig.tell();
    await rig.time.pass(400);
    await stored;
    expect(rig.machine.lives(child.pid)).toBe(false);
    expect(rig.history).toEqual(['stopped /bin/evil']);
  });

  it('is stopped by its own rule when that is the only word of it', async () => {
    const { rig, shell } = await rigWithShell();
    const child = rig.machine.fork(shell.pid);
    const record = denied(rig, child);
    rig.machine.exec(child.pid, '/bin/evil', ['evil']);
    rig.tell();
    void rig.pipeline.onDenials('s1', [logged(record, false)]);
    await rig.time.pass(500);
    expect(rig.machine.lives(child.pid)).toBe(false);
    expect(rig.history).toEqual(['stopped /bin/evil']);
    expect(rig.notes).toContain('so the kernel let the program start');
  });

  it('is not taken for run because the process started something before', async () => {
    const { rig, shell } = await rigWithShell();
    await rig.time.pass(100);
    void rig.pipeline.onDenials('s1', [logged(denied(rig, shell), false)]);
    await rig.time.pass(500);
    expect(rig.machine.lives(shell.pid)).toBe(true);
    expect(rig.history).toEqual(['prevented /bin/evil']);
  });

  it('waits until the news has caught up', async () => {
    const { rig, shell } = await rigWithShell();
    const child = rig.machine.fork(shell.pid);
    const record = denied(rig, child);
    void rig.pipeline.onDenials('s1', [logged(record, false)]);
    await rig.time.pass(299);
    rig.machine.exec(child.pid, '/bin/evil', ['evil']);
    rig.tell();
    await rig.time.pass(500);
    expect(rig.history).toEqual(['stopped /bin/evil']);
  });

  it('is only observed when news was lost around it: nobody knows', async () => {
    const { rig, shell } = await rigWithShell();
    const child = rig.machine.fork(shell.pid);
    const record = denied(rig, child);
    rig.machine.exit(child.pid);
    rig.machine.takeNews();
    rig.pipeline.onLoss(null);
    void rig.pipeline.onDenials('s1', [logged(record, false)]);
    await rig.time.pass(500);
    expect(rig.history).toEqual(['observed /bin/evil']);
    expect(rig.notes).toContain('whether the program ran is not known');
  });

  it('is only observed when it comes from before this engine', async () => {
    const rig = await new Rig().start();
    const shell = rig.machine.spawn(1, '/bin/sh');
    rig.tell();
    void rig.pipeline.onDenials('s0', [logged(denied(rig, shell, { timeMs: rig.time.nowMs() - 60_000 }), false)]);
    await rig.time.pass(500);
    expect(rig.history).toEqual(['observed /bin/evil']);
  });

  it('of an opening is observed', async () => {
    const { rig, shell } = await rigWithShell();
    void rig.pipeline.onDenials('s1', [logged(denied(rig, shell, { kind: 'open', target: '/etc/shadow' }), false)]);
    await rig.time.pass(500);
    expect(rig.history).toEqual(['observed /bin/evil']);
  });
});

describe('counting', () => {
  it('gives one prevented entry for each refusal the starters saw, whatever the sentinel managed to confirm', async () => {
    const attempt = fc.record({ refused: fc.boolean(), confirmed: fc.boolean(), newsFirst: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(attempt, { maxLength: 20 }), async (attempts) => {
        const { rig, shell } = await rigWithShell();
        rig.judge.rule = ({ image }) => (image === '/bin/evil' ? 'block' : null);
        for (const { refused, confirmed, newsFirst } of attempts) {
          const child = rig.machine.fork(shell.pid);
          const record = denied(rig, child);
          if (refused) rig.machine.exit(child.pid);
          else rig.machine.exec(child.pid, '/bin/evil', ['evil']);
          if (newsFirst) rig.tell();
          // An answer that was given is confirmed unless the sentinel died in that moment; one that was not never is.
          void rig.pipeline.onDenials('s1', [logged(record, refused && confirmed)]);
          if (!newsFirst) rig.tell();
          await rig.time.pass(7);
        }
        await rig.time.pass(3_000);
        const count = (action: string): number => rig.recorder.findings.filter((finding) => finding.action === action).length;
        expect(count('prevented')).toBe(attempts.filter(({ refused }) => refused).length);
        expect(count('stopped')).toBe(attempts.filter(({ refused }) => !refused).length);
      }),
      { numRuns: 40 },
    );
  });
});
