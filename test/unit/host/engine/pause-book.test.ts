import { describe, expect, it } from 'vitest';
import { PauseBook } from '../../../../electron/host/engine/pause-book.ts';
import { ProcessTree } from '../../../../electron/engine/core/process-tree.ts';
import type { Finding } from '../../../../electron/engine/ports.ts';
import { ControlRig } from '../../engine/control/control-rig.ts';
import { fail, ok } from '../../../../shared/result.ts';

const MINUTE_MS = 60_000;

function bookOf(rig: ControlRig, tree: ProcessTree | null = null, argv: readonly string[] | null = null) {
  const findings: Finding[] = [];
  const book = new PauseBook({
    settings: () => rig.settings,
    keeper: rig.keeper,
    recorder: () => ({
      record: (finding) => {
        findings.push(finding);
        return ok({} as never);
      },
    }),
    times: () => rig.times(),
    bootId: rig.bootId,
    live: { stat: () => null, image: () => '/usr/bin/node', argvWithin: () => Promise.resolve(argv === null ? null : { values: argv, complete: true }) },
    tree: () => tree,
    newId: () => `p${findings.length}`,
  });
  return { book, findings };
}

async function paused(rig: ControlRig, input: Parameters<ControlRig['done']>[1] = { minutes: 15, reason: 'a printer' }) {
  await rig.done('pause', input as never);
  const { pause } = rig.settings;
  if (pause === null) throw new Error('no pause');
  return pause;
}

describe('a pause on record', () => {
  it('names who, why, until when, and the program that asked with its line of descent', async () => {
    const rig = new ControlRig();
    const tree = new ProcessTree();
    const start = { ppid: null, argvComplete: true, uid: 0, atNs: 1n };
    tree.exec(1, { ...start, startTicks: 1, image: '/sbin/init', argv: ['init'] }, 0);
    tree.fork(1, 42, 2n, 0);
    tree.exec(42, { ...start, startTicks: 5, image: '/usr/bin/node', argv: ['node', 'holdfast', 'pause', '15'] }, 0);
    const { book, findings } = bookOf(rig, tree);
    await book.byPerson('begun', await paused(rig), { uid: 0, pid: 42, name: 'root' });
    expect(findings).toMatchObject([
      {
        action: 'observed',
        hit: { ruleId: 'holdfast-paused' },
        pause: { event: 'begun', who: 'root', reason: 'a printer', until: new Date(rig.wallNowMs + 15 * MINUTE_MS).toISOString(), untilRestart: false },
        process: { pid: 42, startTicks: 5, image: '/usr/bin/node', argv: ['node', 'holdfast', 'pause', '15'], uid: 0 },
        ancestors: [{ image: '/sbin/init' }],
      },
    ]);
  });

  it('is written also when the program that asked is not known any more', async () => {
    const rig = new ControlRig();
    const { book, findings } = bookOf(rig);
    await book.byPerson('ended', await paused(rig), { uid: 1000, pid: 77, name: 'ann' });
    expect(findings).toMatchObject([{ hit: { ruleId: 'holdfast-pause-ended' }, pause: { event: 'ended', who: 'ann' }, process: { pid: 77, image: '/usr/bin/node', argv: null, uid: 1000 } }]);
  });

  it('reads what the tree does not know of the program that asked', async () => {
    const rig = new ControlRig();
    const { book, findings } = bookOf(rig, null, ['holdfast', 'pause', '15']);
    await book.byPerson('begun', await paused(rig), { uid: 0, pid: 77, name: 'root' });
    expect(findings[0]?.process.argv).toEqual(['holdfast', 'pause', '15']);
  });

  it('ends by itself once, and that is on record too', async () => {
    const rig = new ControlRig();
    const { book, findings } = bookOf(rig);
    await paused(rig);
    await book.endExpired();
    expect(findings).toEqual([]);
    rig.pass(15 * MINUTE_MS);
    await Promise.all([book.endExpired(), book.endExpired()]);
    await book.endExpired();
    expect(rig.settings.pause).toBeNull();
    expect(findings.map(({ pause }) => pause)).toMatchObject([{ event: 'expired', who: 'root', reason: 'a printer' }]);
  });

  it('until restart ends with the boot', async () => {
    const rig = new ControlRig();
    await paused(rig, { untilRestart: true, reason: 'a long build' });
    rig.bootId = 'boot-b';
    const { book, findings } = bookOf(rig);
    await book.endExpired();
    expect(findings.map(({ pause }) => pause)).toEqual([{ event: 'expired', who: 'root', reason: 'a long build', until: null, untilRestart: true }]);
  });

  it('that can not be cleared is not told as ended, and is tried again', async () => {
    const rig = new ControlRig();
    const { book, findings } = bookOf(rig);
    await paused(rig);
    rig.pass(15 * MINUTE_MS);
    rig.publish = () => Promise.resolve(fail('sentinel-silent', 'The sentinel did not answer.'));
    await book.endExpired();
    expect(findings).toEqual([]);
    rig.publish = () => Promise.resolve(ok(undefined));
    await book.endExpired();
    expect(findings).toHaveLength(1);
  });
});
