/** What the pipeline leaves alone, and how it catches up with what it missed. */
import { describe, expect, it } from 'vitest';
import { evilUnlessByItself, Rig } from '../../../support/pipeline-rig.ts';

const evil: Rig['judge']['rule'] = ({ image }) => (image.includes('evil') ? 'block' : null);

describe('what is never stopped', () => {
  it('is Holdfast, what stands above it, and the display server: recorded as audited, with the reason', async () => {
    const rig = new Rig();
    const shell = rig.machine.spawn(1, '/bin/bash');
    const holdfast = rig.machine.spawn(shell.pid, '/usr/bin/node');
    await rig.start();
    rig.shield.setOwn([holdfast.pid]);
    rig.judge.rule = () => 'block';
    rig.machine.exec(shell.pid, '/bin/evil');
    rig.machine.exec(holdfast.pid, '/usr/bin/node2');
    const display = rig.machine.spawn(1, '/usr/bin/Xwayland');
    rig.tell();
    await rig.time.pass(100);
    expect(rig.machine.signals).toEqual([]);
    expect(rig.recorder.findings.map(({ action, notes }) => [action, notes.at(-1)])).toEqual([
      ['audited', 'It was not stopped: Holdfast runs below it.'],
      ['audited', 'It was not stopped: it is part of Holdfast.'],
      ['audited', 'It was not stopped: it is the display server.'],
    ]);
    expect(rig.machine.lives(display.pid)).toBe(true);
  });

  it('is anything at all without rights', async () => {
    const rig = await new Rig({ acts: false }).start();
    rig.judge.rule = () => 'block';
    rig.machine.spawn(1, '/bin/evil');
    rig.tell();
    await rig.time.pass(100);
    expect(rig.machine.signals).toEqual([]);
    expect(rig.history).toEqual(['audited /bin/evil']);
    expect(rig.notes).toContain('only watches');
  });
});

describe('scope', () => {
  it('leaves alone what lies outside, and follows descent, image and working folder inside', async () => {
    const rig = await new Rig({ scope: ['/scope'] }).start();
    rig.judge.rule = () => 'block';
    const outside = rig.machine.spawn(1, '/bin/outside');
    const byImage = rig.machine.spawn(outside.pid, '/scope/program');
    const byFolder = rig.machine.spawn(outside.pid, '/bin/tool', ['tool'], { cwd: '/scope/work' });
    rig.tell();
    await rig.time.pass(100);
    expect([outside, byImage, byFolder].map(({ pid }) => rig.machine.lives(pid))).toEqual([true, false, false]);
    expect(rig.pipeline.status().starts).toBe(2);
  });

  it('follows descent from a process that is in scope', async () => {
    const rig = await new Rig({ scope: ['/scope'] }).start();
    const runner = rig.machine.spawn(1, '/scope/runner');
    rig.tell();
    rig.judge.rule = evil;
    const process = rig.machine.spawn(runner.pid, '/bin/evil', ['evil'], { cwd: '/' });
    rig.tell();
    await rig.time.pass(100);
    expect([runner, process].map(({ pid }) => rig.machine.lives(pid))).toEqual([true, false]);
  });
});

describe('scope, where the sentinel tells of a start before the news does', () => {
  it('holds what its program has gone on to by then', async () => {
    const rig = (await new Rig({ scope: ['/scope'] }).start()).withSentinel();
    rig.judge.rule = evil;
    const program = rig.machine.spawn(1, '/scope/starter', ['starter'], { cwd: '/' });
    rig.judged(program);
    rig.machine.exec(program.pid, '/memfd:evil', ['evil']);
    rig.tell();
    await rig.time.pass(3_000);
    expect(rig.machine.lives(program.pid)).toBe(false);
    expect(rig.history).toEqual(['stopped /memfd:evil']);
  });
});

describe('lost news', () => {
  it('is repaired from the process list, and what started meanwhile is judged', async () => {
    const rig = await new Rig().start();
    const before = rig.machine.spawn(1, '/bin/evil-but-older-than-the-rule');
    rig.tell();
    rig.judge.rule = evil;
    await rig.time.pass(5_000);
    rig.machine.spawn(1, '/bin/seen');
    rig.tell();
    const shell = rig.machine.spawn(1, '/bin/sh');
    const missed = rig.machine.spawn(shell.pid, '/bin/evil');
    rig.machine.takeNews();
    rig.pipeline.onLoss(4);
    await rig.time.pass(100);
    expect([before, shell, missed].map(({ pid }) => rig.machine.lives(pid))).toEqual([true, true, false]);
    expect(rig.notes).toContain('it started while news of starts was being lost');
    expect(rig.recorder.findings[0]?.ancestors.map(({ image }) => image)).toEqual(['/bin/sh', '/usr/lib/systemd/systemd']);
    expect(rig.pipeline.status()).toMatchObject({ lost: 4, resyncs: 2 });
    expect(rig.gaps.list()).toMatchObject([{ reason: 'News of process starts was lost.' }]);
    expect(rig.gaps.list()[0]?.to).not.toBeNull();
  });

  it('does not make a program that is found in the list its own parent when news of it comes all the same', async () => {
    const rig = await new Rig().start();
    rig.judge.rule = evilUnlessByItself;
    rig.machine.argvDelayMs = 5;
    const missed = rig.machine.spawn(1, '/bin/evil');
    const [, exec] = rig.machine.takeNews();
    rig.pipeline.onLoss(null);
    rig.pipeline.onNews([exec!]);
    await rig.time.pass(200);
    expect(rig.machine.lives(missed.pid)).toBe(false);
    expect(rig.history).toEqual(['stopped /bin/evil']);
    expect(rig.recorder.findings[0]?.ancestors.map(({ image }) => image)).toEqual(['/usr/lib/systemd/systemd']);
  });

  it('of which the number is not known is shown as unknown', async () => {
    const rig = await new Rig().start();
    rig.pipeline.onLoss(null);
    expect(rig.pipeline.status().lost).toBeNull();
  });

  it('leaves the sentinel\'s records as the word on starts, until the source is back', async () => {
    const rig = (await new Rig().start()).withSentinel();
    rig.pipeline.onNewsDown('The kernel\'s news of processes ended.');
    const shell = rig.machine.spawn(1, '/bin/sh');
    rig.judged(shell);
    const child = rig.machine.spawn(shell.pid, '/bin/ls');
    rig.judged(child);
    rig.machine.takeNews();
    expect(rig.pipeline.tree.current(child.pid)?.parent?.pid).toBe(shell.pid);
    rig.judge.rule = evil;
    const evilOne = rig.machine.spawn(1, '/mnt/evil');
    rig.machine.takeNews();
    rig.pipeline.onNewsBack();
    await rig.time.pass(100);
    expect(rig.machine.lives(evilOne.pid)).toBe(false);
    expect(rig.gaps.list()).toMatchObject([{ reason: 'The kernel\'s news of processes ended.' }]);
    expect(rig.gaps.openSince('news')).toBeNull();
  });
});

describe('the start of the engine', () => {
  it('judges what started while no engine ran, and only puts the older into the tree', async () => {
    const rig = new Rig({ mark: { settledMs: 1_700_000_000_000 - 60_000, stopped: false, gaps: [] } });
    rig.judge.rule = evil;
    const inGap = rig.machine.spawn(1, '/bin/evil');
    const long = rig.machine.spawn(1, '/bin/evil-long-ago');
    rig.machine.processes.set(long.pid, { ...long, startTicks: 10 });
    await rig.start();
    await rig.time.pass(100);
    expect([inGap, long].map(({ pid }) => rig.machine.lives(pid))).toEqual([false, true]);
    expect(rig.notes).toContain('it started while the engine was not running');
    expect(rig.gaps.list()).toHaveLength(1);
  });

  it.each([
    ['it is the first', undefined],
    ['a person had stopped it', { settledMs: 0, stopped: true, gaps: [] }],
  ])('judges nothing that runs when %s', async (_name, mark) => {
    const rig = new Rig(mark === undefined ? {} : { mark });
    rig.judge.rule = () => 'block';
    rig.machine.spawn(1, '/bin/evil');
    await rig.start();
    await rig.time.pass(100);
    expect(rig.recorder.findings).toEqual([]);
    expect(rig.pipeline.tree.livingCount).toBe(3);
  });

  it('takes the record of a sentinel that went on alone for what started meanwhile', async () => {
    const rig = new Rig({ mark: { settledMs: 1_700_000_000_000 - 60_000, stopped: false, gaps: [] } });
    const inGap = rig.machine.spawn(1, '/bin/a');
    rig.withSentinel();
    rig.judged(inGap);
    await rig.start();
    await rig.time.pass(100);
    expect(rig.judge.judged).not.toContain('/bin/a');
  });
});

describe('how far everything is dealt with', () => {
  it('does not pass a start that was found in the list and is still being read', async () => {
    const rig = await new Rig().start();
    await rig.time.pass(20_000);
    rig.machine.spawn(1, '/bin/seen');
    rig.tell();
    rig.machine.spawn(1, '/bin/missed');
    rig.machine.takeNews();
    const started = rig.time.nowMs();
    await rig.time.pass(5_000);
    rig.machine.argvDelayMs = 1_000;
    rig.pipeline.onLoss(null);
    await rig.time.pass(500);
    expect(rig.pipeline.settledMs()).toBeLessThanOrEqual(started);
    await rig.time.pass(1_000);
    expect(rig.pipeline.settledMs()).toBe(rig.time.nowMs());
  });

  it('does not pass a tree that is still being stopped', async () => {
    const rig = await new Rig().start();
    await rig.time.pass(20_000);
    rig.judge.rule = evil;
    const process = rig.machine.spawn(1, '/bin/evil');
    rig.machine.unkillable.add(process.pid);
    const started = rig.time.nowMs();
    rig.tell();
    await rig.time.pass(500);
    expect(rig.pipeline.settledMs()).toBeLessThanOrEqual(started);
    await rig.time.pass(3_000);
    expect(rig.pipeline.settledMs()).toBe(rig.time.nowMs());
  });
});
