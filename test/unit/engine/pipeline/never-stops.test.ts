/** With the real rules engine: unless a rule blocks or warns and Holdfast is not paused, nothing is ever stopped. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compilePolicy, newDetectorState } from '../../../../electron/engine/asr/judge.ts';
import { PolicyJudge } from '../../../../electron/engine/pipeline/start-judge.ts';
import type { RuleMode } from '../../../../shared/policy/modes.ts';
import type { PolicySnapshot } from '../../../../shared/policy/snapshot.ts';
import { Rig } from '../../../support/pipeline-rig.ts';

const PROGRAMS = ['/bin/evil', '/tmp/evil', '/memfd:evil', '/mnt/evil', '/bin/good', '/bin/sh'];

function snapshot(mode: RuleMode, pausedUntilMs: number | null): PolicySnapshot {
  const definition = {
    title: 'Evil', id: '11111111-1111-4111-8111-111111111111', level: 'high',
    logsource: { product: 'linux', category: 'process_creation' },
    detection: { selection: { 'Image|endswith': 'evil' }, condition: 'selection' },
  };
  return {
    version: 1, generation: 3, fail: 'open', deadlineMs: 100, pausedUntilMs, exclusions: [], allows: [], systemTools: {}, guardedFiles: [],
    rules: [{ id: 'rule-1', name: 'Evil', reason: 'Evil.', severity: 'informational', source: 'asr', attack: [], mode, exclusions: [], definitions: [definition] }],
  };
}

async function run(mode: RuleMode, paused: boolean, starts: readonly { readonly program: string; readonly record: 'none' | 'same' | 'other'; readonly loses: boolean }[]): Promise<Rig> {
  const rig = (await new Rig().start()).withSentinel();
  const policy = compilePolicy(snapshot(mode, paused ? rig.time.nowMs() + 3_600_000 : null));
  if (!policy.ok) throw new Error(policy.error.message);
  const judge = new PolicyJudge(newDetectorState(), () => ({ nowMs: rig.time.nowMs(), bootId: 'boot' }));
  judge.usePolicy(policy.value);
  rig.judge.active = judge.active;
  rig.judge.generation = judge.generation;
  rig.judge.judge = (facts) => judge.judge(facts);
  for (const { program, record, loses } of starts) {
    const process = rig.machine.spawn(1, program, [program, 'x']);
    if (record !== 'none') rig.judged(process, record === 'other' ? { argv: [program, 'y'] } : {});
    if (loses) {
      rig.machine.takeNews();
      rig.pipeline.onLoss(2);
    } else rig.tell();
    await rig.time.pass(20);
  }
  await rig.time.pass(2_000);
  return rig;
}

const starts = fc.array(fc.record({ program: fc.constantFrom(...PROGRAMS), record: fc.constantFrom('none' as const, 'same' as const, 'other' as const), loses: fc.boolean() }), { maxLength: 8 });

it('stops nothing in audit, off, not configured, or while paused', async () => {
  const quiet = fc.oneof(fc.tuple(fc.constantFrom<RuleMode[]>('off', 'audit', 'notConfigured'), fc.boolean()), fc.tuple(fc.constantFrom<RuleMode[]>('block', 'warn'), fc.constant(true)));
  await fc.assert(
    fc.asyncProperty(quiet, starts, async ([mode, paused], all) => {
      const rig = await run(mode, paused, all);
      expect(rig.machine.signals).toEqual([]);
      expect(rig.recorder.findings.filter(({ action }) => action !== 'audited')).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

it('would have stopped them otherwise', async () => {
  for (const mode of ['block', 'warn'] as const) {
    const rig = await run(mode, false, [{ program: '/memfd:evil', record: 'none', loses: false }, { program: '/bin/evil', record: 'other', loses: false }, { program: '/bin/good', record: 'none', loses: false }]);
    expect(rig.history).toEqual(['stopped /memfd:evil', 'stopped /bin/evil']);
  }
});
