/** From a start to what is done about it. */
import { describe, expect, it } from 'vitest';
import { evilUnlessByItself, hitOf, Rig } from '../../../support/pipeline-rig.ts';

const evil: Rig['judge']['rule'] = ({ image }) => (image.includes('evil') ? 'block' : null);

describe('a start the sentinel has judged', () => {
  it('is not judged again, whichever word comes first', async () => {
    const rig = (await new Rig().start()).withSentinel();
    const first = rig.machine.spawn(1, '/bin/a', ['a', '-x']);
    rig.tell();
    rig.judged(first);
    const second = rig.machine.spawn(1, '/bin/b');
    rig.judged(second);
    rig.tell();
    await rig.time.pass(200);
    expect(rig.judge.judged).toEqual([]);
    expect(rig.pipeline.status()).toMatchObject({ starts: 2, completeStarts: 2, judged: 0, waiting: 0 });
  });

  it('is complete by the record alone when the process was gone before it could be read', async () => {
    const rig = (await new Rig().start()).withSentinel();
    const shell = rig.machine.spawn(1, '/bin/sh');
    rig.judged(shell);
    rig.tell();
    const short = rig.machine.spawn(shell.pid, '/bin/true', ['true'], { uid: 7 });
    const record = rig.recordOf(short);
    rig.machine.exit(short.pid);
    rig.tell();
    rig.pipeline.onStartRecords('s1', [record]);
    expect(rig.pipeline.status()).toMatchObject({ starts: 2, completeStarts: 2 });
    expect(rig.pipeline.tree.find(short.pid, short.startTicks)).toMatchObject({ uid: 7, program: { image: '/bin/true', argv: ['true'] } });
  });

  it('is not judged again when it is a script: the kernel puts its interpreter first', async () => {
    const rig = (await new Rig().start()).withSentinel();
    const script = rig.machine.spawn(1, '/bin/dash', ['/bin/sh', './run.sh', 'x']);
    rig.judged(script, { image: '/home/a/run.sh', argv: ['./run.sh', 'x'] });
    rig.judged(script);
    rig.tell();
    await rig.time.pass(200);
    expect(rig.judge.judged).toEqual([]);
  });

  it('keeps apart the programs that one process starts one after the other', async () => {
    const rig = (await new Rig().start()).withSentinel();
    const process = rig.machine.spawn(1, '/usr/bin/env', ['env', 'tool']);
    const first = rig.recordOf(process);
    rig.machine.exec(process.pid, '/usr/bin/tool', ['tool']);
    const second = rig.recordOf(process);
    rig.tell();
    rig.pipeline.onStartRecords('s1', [first, second]);
    await rig.time.pass(200);
    expect(rig.judge.judged).toEqual([]);
    expect(rig.pipeline.status().starts).toBe(2);
    expect(rig.pipeline.tree.ancestors(rig.pipeline.tree.current(process.pid)!).map(({ program }) => program.image)).toEqual(['/usr/bin/env', '/usr/lib/systemd/systemd']);
  });

  it('is stopped when the kernel took other arguments, and the record says what was judged', async () => {
    const rig = (await new Rig().start()).withSentinel();
    rig.judge.rule = ({ argv }) => (argv?.includes('--evil') === true ? 'block' : null);
    const process = rig.machine.spawn(1, '/bin/tool', ['tool', '--evil']);
    rig.judged(process, { argv: ['tool', '--good'] });
    rig.tell();
    await rig.time.pass(100);
    expect(rig.machine.lives(process.pid)).toBe(false);
    expect(rig.history).toEqual(['stopped /bin/tool']);
    expect(rig.notes).toContain('differs from what was judged before the start (/bin/tool --good)');
  });

  it('is not measured by what was judged of the program before it', async () => {
    const rig = (await new Rig().start()).withSentinel();
    rig.judge.rule = evil;
    const process = rig.machine.spawn(1, '/bin/starter', ['starter', '/elsewhere/evil']);
    const first = rig.recordOf(process);
    // On a file system without a mark: nobody asks about this one.
    rig.machine.exec(process.pid, '/elsewhere/evil', ['evil']);
    rig.tell();
    rig.pipeline.onStartRecords('s1', [first]);
    await rig.time.pass(200);
    expect(rig.machine.lives(process.pid)).toBe(false);
    expect(rig.notes).toContain('the sentinel was not asked about it');
  });

  it('is not its own parent when it was there before the news of the program that started it', async () => {
    const rig = await new Rig().start();
    rig.judge.rule = evilUnlessByItself;
    rig.machine.argvDelayMs = 5;
    const process = rig.machine.spawn(1, '/bin/sh', ['sh', '-c', 'exec evil']);
    rig.machine.exec(process.pid, '/bin/evil', ['evil']);
    rig.tell();
    await rig.time.pass(100);
    expect(rig.machine.lives(process.pid)).toBe(false);
    expect(rig.history).toEqual(['stopped /bin/evil']);
  });

  it('is judged again by newer rules', async () => {
    const rig = (await new Rig().start()).withSentinel();
    rig.judge.rule = evil;
    const process = rig.machine.spawn(1, '/bin/evil');
    rig.judged(process);
    rig.judge.generation = 2;
    rig.tell();
    await rig.time.pass(100);
    expect(rig.history).toEqual(['stopped /bin/evil']);
    expect(rig.notes).toContain('by the rules in force before the last change');
  });

  it('that could not be judged in time is put on record with its user and judged again', async () => {
    const rig = (await new Rig().start()).withSentinel();
    rig.judge.rule = evil;
    const process = rig.machine.spawn(1, '/bin/evil', ['evil'], { uid: 1000 });
    rig.judged(process, { argv: null, argvComplete: false, unjudged: 'deadline' });
    rig.tell();
    await rig.time.pass(100);
    expect(rig.history).toEqual(['observed /bin/evil', 'stopped /bin/evil']);
    expect(rig.recorder.findings[0]).toMatchObject({ hit: { ruleId: 'holdfast-unjudged-start' } });
    expect(rig.recorder.findings[0]?.notes[0]).toContain('user1000');
  });

  it('is on record as audited once, also when it is a script with two records', async () => {
    const rig = (await new Rig().start()).withSentinel();
    const script = rig.machine.spawn(1, '/bin/dash', ['/bin/sh', './run.sh']);
    rig.judged(script, { image: '/home/a/run.sh', argv: ['./run.sh'], hits: [hitOf('audit')] });
    rig.judged(script, { hits: [hitOf('audit'), hitOf('audit', 'rule-2')] });
    rig.tell();
    await rig.time.pass(100);
    expect(rig.recorder.findings.map(({ action, hit }) => [action, hit.ruleId])).toEqual([['audited', 'rule-1'], ['audited', 'rule-2']]);
    expect(rig.taken).toEqual([1, 2]);
  });
});

describe('a start whose arguments can not be read at once', () => {
  const forbidden: Rig['judge']['rule'] = ({ argv }) => (argv?.includes('--evil') === true ? 'block' : null);

  it('is compared as soon as they can', async () => {
    const rig = (await new Rig().start()).withSentinel();
    rig.judge.rule = forbidden;
    const process = rig.machine.spawn(1, '/bin/tool', ['tool', '--evil']);
    rig.machine.hidden.add(process.pid);
    rig.judged(process, { argv: ['tool', '--good'] });
    rig.tell();
    await rig.time.pass(20);
    rig.machine.hidden.clear();
    await rig.time.pass(300);
    expect(rig.machine.lives(process.pid)).toBe(false);
    expect(rig.history).toEqual(['stopped /bin/tool']);
  });

  it('is judged a moment later where the sentinel was not asked', async () => {
    const rig = await new Rig().start();
    rig.judge.rule = forbidden;
    const process = rig.machine.spawn(1, '/bin/tool', ['tool', '--evil']);
    rig.machine.hidden.add(process.pid);
    rig.tell();
    rig.machine.hidden.clear();
    await rig.time.pass(300);
    expect(rig.machine.lives(process.pid)).toBe(false);
    expect(rig.recorder.findings[0]?.process.argv).toEqual(['tool', '--evil']);
  });

  it('is judged also when the slow way came too late the first time', async () => {
    const rig = await new Rig().start();
    rig.judge.rule = forbidden;
    const process = rig.machine.spawn(1, '/bin/tool', ['tool', '--evil']);
    rig.machine.hidden.add(process.pid);
    rig.tell();
    await rig.time.pass(150);
    rig.machine.hidden.clear();
    await rig.time.pass(300);
    expect(rig.machine.lives(process.pid)).toBe(false);
    expect(rig.history).toEqual(['stopped /bin/tool']);
  });

  it('and never can is judged by what the sentinel had read, and put on record', async () => {
    const rig = (await new Rig().start()).withSentinel();
    rig.judge.rule = forbidden;
    const process = rig.machine.spawn(1, '/bin/tool', ['tool', '--evil'], { uid: 9 });
    rig.machine.hidden.add(process.pid);
    rig.judged(process);
    rig.tell();
    await rig.time.pass(500);
    expect(rig.recorder.findings.map(({ action, hit }) => [action, hit.definitionId])).toEqual([['observed', 'unreadable'], ['stopped', 'definition-1']]);
    expect(rig.recorder.findings[0]?.notes[0]).toContain('user9');
  });

  it('is not mixed with the program the process went on to meanwhile', async () => {
    const rig = (await new Rig().start()).withSentinel();
    rig.judge.rule = ({ image, argv }) => (image === '/usr/bin/env' && argv?.[0] === 'tool' ? 'block' : null);
    rig.machine.argvDelayMs = 3;
    const process = rig.machine.spawn(1, '/usr/bin/env', ['env', 'tool']);
    rig.judged(process);
    rig.tell();
    rig.machine.exec(process.pid, '/usr/bin/tool', ['tool', 'x']);
    rig.judged(process);
    rig.tell();
    await rig.time.pass(200);
    expect([rig.judge.judged, rig.history, rig.machine.lives(process.pid)]).toEqual([[], [], true]);
    expect(rig.pipeline.status()).toMatchObject({ starts: 2, completeStarts: 2, waiting: 0 });
    const life = rig.pipeline.tree.current(process.pid)!;
    expect([life.program?.argv, life.program?.older?.argv]).toEqual([['tool', 'x'], ['env', 'tool']]);
  });

  it('counts as not dealt with until they are read', async () => {
    const rig = await new Rig().start();
    await rig.time.pass(5_000);
    rig.machine.argvDelayMs = 400;
    rig.machine.spawn(1, '/bin/a');
    const started = rig.time.nowMs();
    rig.tell();
    await rig.time.pass(300);
    expect(Math.round(rig.pipeline.settledMs())).toBe(started);
    await rig.time.pass(200);
    expect(rig.pipeline.settledMs()).toBe(rig.time.nowMs());
  });

  it('because it ended meanwhile is taken as recorded', async () => {
    const rig = (await new Rig().start()).withSentinel();
    const process = rig.machine.spawn(1, '/bin/tool', ['tool', '-x']);
    rig.machine.hidden.add(process.pid);
    rig.tell();
    const record = rig.recordOf(process);
    rig.machine.exit(process.pid);
    rig.tell();
    rig.pipeline.onStartRecords('s1', [record]);
    await rig.time.pass(200);
    expect([rig.judge.judged, rig.history]).toEqual([[], []]);
    expect(rig.pipeline.status()).toMatchObject({ starts: 1, completeStarts: 1 });
  });
});

describe('arguments that are too long', () => {
  it('are put on record once, when a rule could not be decided for them', async () => {
    const rig = await new Rig().start();
    rig.judge.judge = () => ({ denial: null, audits: [], allowId: null, unjudged: true });
    const process = rig.machine.spawn(1, '/bin/tool', ['tool', 'cut']);
    rig.machine.argv = () => ({ values: process.argv, complete: false });
    rig.tell();
    rig.machine.exec(process.pid, '/bin/tool', ['tool', 'cut']);
    rig.tell();
    expect(rig.recorder.findings.map(({ action, hit }) => [action, hit.definitionId])).toEqual([['observed', 'too-long']]);
  });
});

describe('what the detectors remember', () => {
  it('is fed with starts the sentinel has judged, if a rule asks for it', async () => {
    const rig = (await new Rig().start()).withSentinel();
    const plain = rig.machine.spawn(1, '/bin/a');
    rig.judged(plain);
    rig.tell();
    rig.judge.remembers = true;
    const remembered = rig.machine.spawn(1, '/bin/curl');
    rig.judged(remembered);
    rig.tell();
    expect([rig.judge.watched, rig.judge.judged]).toEqual([['/bin/curl'], []]);
  });
});

describe('a start the sentinel was not asked about', () => {
  it.each([
    ['from memory', '/memfd:x', 'from memory, not from a file'],
    ['on a file system without mark', '/mnt/share/evil', 'network file systems get no mark'],
  ])('is judged at once: %s', async (_name, image, why) => {
    const rig = (await new Rig().start()).withSentinel();
    rig.judge.rule = () => 'block';
    const process = rig.machine.spawn(1, image);
    rig.tell();
    expect(rig.machine.signals[0]).toEqual({ pid: process.pid, signal: 'SIGSTOP' });
    await rig.time.pass(100);
    expect(rig.history).toEqual([`stopped ${image}`]);
    expect(rig.notes).toContain(why);
  });

  it('is judged after 50 ms where its record should have come (mount of another namespace)', async () => {
    const rig = (await new Rig().start()).withSentinel();
    rig.judge.rule = evil;
    const process = rig.machine.spawn(1, '/tmp/evil');
    rig.tell();
    await rig.time.pass(49);
    expect(rig.machine.signals).toEqual([]);
    await rig.time.pass(2);
    expect(rig.machine.signals[0]).toEqual({ pid: process.pid, signal: 'SIGSTOP' });
    await rig.time.pass(100);
    expect(rig.notes).toContain('the sentinel was not asked about it');
  });

  it('is judged at once without a sentinel, and those that wait are too when it ends', async () => {
    const rig = (await new Rig().start()).withSentinel();
    rig.judge.rule = evil;
    const waiting = rig.machine.spawn(1, '/bin/evil');
    rig.tell();
    rig.pipeline.onSentinel(null);
    const later = rig.machine.spawn(1, '/bin/evil2');
    rig.tell();
    await rig.time.pass(100);
    expect([waiting, later].map(({ pid }) => rig.machine.lives(pid))).toEqual([false, false]);
    expect(rig.notes).toContain('the sentinel was not running');
    expect(rig.gaps.list()).toMatchObject([{ to: null, reason: expect.stringContaining('sentinel') as string }]);
    rig.withSentinel();
    expect(rig.gaps.list()[0]?.to).not.toBeNull();
  });

  it('takes its tree with it and names its line of descent', async () => {
    const rig = await new Rig().start();
    rig.judge.rule = evil;
    const shell = rig.machine.spawn(1, '/bin/sh', ['sh', '-c', 'evil']);
    rig.tell();
    const process = rig.machine.spawn(shell.pid, '/bin/evil');
    const short = rig.machine.spawn(process.pid, '/bin/short');
    const child = rig.machine.spawn(process.pid, '/bin/child');
    rig.tell();
    rig.machine.exit(short.pid);
    rig.tell();
    await rig.time.pass(100);
    expect([shell, process, child].map(({ pid }) => rig.machine.lives(pid))).toEqual([true, false, false]);
    const [finding] = rig.recorder.findings;
    expect(finding?.ancestors[0]).toEqual({ pid: shell.pid, startTicks: shell.startTicks, image: '/bin/sh', argv: ['sh', '-c', 'evil'], uid: 0 });
    expect(finding?.notes).toContain('1 process it had started was stopped with it.');
    expect(finding?.below?.map(({ pid, image, parentPid, outcome }) => [pid, image, parentPid, outcome])).toEqual([[child.pid, '/bin/child', process.pid, 'stopped'], [short.pid, '/bin/short', process.pid, 'ended']]);
  });

  it('that has already ended is on record as such', async () => {
    const rig = await new Rig().start();
    rig.judge.rule = evil;
    const process = rig.machine.spawn(1, '/bin/evil');
    rig.machine.onSignal = ({ pid }) => {
      if (rig.machine.lives(pid)) rig.machine.exit(pid);
    };
    rig.tell();
    await rig.time.pass(100);
    expect(rig.machine.lives(process.pid)).toBe(false);
    expect(rig.history).toEqual(['stopped /bin/evil']);
    expect(rig.notes).toContain('It had already ended by itself');
  });

  it('that is audited goes on', async () => {
    const rig = await new Rig().start();
    rig.judge.rule = () => 'audit';
    const process = rig.machine.spawn(1, '/bin/evil');
    rig.tell();
    await rig.time.pass(100);
    expect(rig.history).toEqual(['audited /bin/evil']);
    expect(rig.machine.lives(process.pid)).toBe(true);
  });

  it('that warns is stopped', async () => {
    const rig = await new Rig().start();
    rig.judge.rule = () => 'warn';
    rig.machine.spawn(1, '/bin/evil');
    rig.tell();
    await rig.time.pass(100);
    expect(rig.recorder.findings).toMatchObject([{ action: 'stopped', hit: { mode: 'warn' } }]);
  });

  it('tells which allow let it pass', async () => {
    const rig = await new Rig().start();
    rig.judge.judge = () => ({ denial: null, audits: [], allowId: 'allow-1', unjudged: false });
    rig.machine.spawn(1, '/bin/evil');
    rig.tell();
    expect(rig.usedAllows).toEqual(['allow-1']);
  });

  it('is not judged when no rule is active', async () => {
    const rig = await new Rig().start();
    rig.judge.active = false;
    rig.judge.rule = () => 'block';
    rig.machine.spawn(1, '/bin/evil');
    rig.tell();
    await rig.time.pass(100);
    expect(rig.judge.judged).toEqual([]);
  });
});
