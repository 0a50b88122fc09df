/** The sentinel's loop with a scripted gate: every question gets exactly one answer, whatever the facts behind it do. */
import { beforeEach, describe, expect, it } from 'vitest';
import { compilePolicy, newDetectorState } from '../../../../electron/engine/asr/judge.ts';
import { ContentCache } from '../../../../electron/host/sentinel/content-cache.ts';
import type { DenialLog } from '../../../../electron/host/sentinel/denial-log.ts';
import { LatencyHistogram } from '../../../../electron/host/sentinel/latency.ts';
import { RecordBook } from '../../../../electron/host/sentinel/record-book.ts';
import { Sentinel, type ArgumentReader } from '../../../../electron/host/sentinel/sentinel.ts';
import type { InquirySystem } from '../../../../electron/host/sentinel/start-inquiry.ts';
import type { OpenSystem } from '../../../../electron/host/sentinel/open-inquiry.ts';
import type { Arguments } from '../../../../electron/platform/contract.ts';
import { ScriptedGate } from '../../../../electron/platform/simulated/scripted-gate.ts';
import type { FromSentinel, StartRecord } from '../../../../shared/link/messages.ts';
import type { PolicySnapshot } from '../../../../shared/policy/snapshot.ts';

interface Call {
  readonly filename: bigint;
  readonly argv: bigint;
}
const CALL: Call = { filename: 1n, argv: 2n };
const DEADLINE_MS = 40;
const NEVER = new Promise<'late'>(() => undefined);

class Rig {
  readonly gate = new ScriptedGate();
  readonly written: StartRecord[] = [];
  readonly confirmed: number[] = [];
  readonly sent: FromSentinel[] = [];
  readonly defects: unknown[] = [];
  args: (tid: number) => Arguments | 'not-resident' | 'gone' = () => ({ values: ['tool', 'bad'], complete: true });
  within: (tid: number) => Promise<Arguments | 'late' | 'gone'> = () => Promise.resolve('gone' as const);
  uid: (tid: number) => number = () => 1000;
  filePath: () => string = () => '/opt/tool';
  logTakes = true;

  start(fail: PolicySnapshot['fail'] = 'open'): void {
    const compiled = compilePolicy(policy(fail));
    if (!compiled.ok) throw new Error(compiled.error.message);
    const sentinel = new Sentinel({ gate: this.gate, system: this.system(), args: this.reader(), contents: new ContentCache(), book: this.book(), latency: new LatencyHistogram(), nowNs: () => process.hrtime.bigint(), onDefect: (error) => this.defects.push(error) });
    sentinel.setPolicy(compiled.value, () => ({ nowMs: 0, bootId: null, detectors: newDetectorState() }));
    sentinel.start((message) => this.defects.push(message));
  }

  private book(): RecordBook {
    const log = {
      append: (record: StartRecord) => {
        this.written.push(record);
        return this.logTakes;
      },
      confirm: (seq: number) => this.confirmed.push(seq),
    } as unknown as DenialLog;
    return new RecordBook(log, { stat: () => null, isAlone: () => true, processOf: () => null, uid: (tid) => this.uid(tid), currentDirectory: () => null, nowMs: () => 7 }, (message) => this.sent.push(message) > 0);
  }

  private reader(): ArgumentReader<Call> {
    return { call: () => CALL, callWithin: () => Promise.resolve(CALL), begin: () => undefined, now: (tid) => this.args(tid), within: (tid, _, ms) => Promise.race([this.within(tid), late(ms)]), filename: () => null, ofProcessWithin: (_, ms) => late(ms) };
  }

  private system(): InquirySystem & OpenSystem {
    return {
      filePath: () => this.filePath(),
      fileFacts: () => ({ device: 1n, inode: 1n, size: 1, mode: 0o755, ownerUid: 0, changedMs: 0 }),
      scriptHeader: () => null,
      contentIdentity: () => ({ buildId: null, entryHash: null }),
      ancestors: (pid) => [{ pid, startTicks: 1, image: '/usr/bin/bash' }],
      currentDirectory: () => '/',
      uid: (tid) => this.uid(tid),
      userName: String,
      sharesRoot: () => true,
      descriptorLink: () => null,
      volume: () => 'fixed',
      runningImage: () => '/usr/bin/bash',
      nowMs: () => 0,
    };
  }
}

function policy(fail: PolicySnapshot['fail']): PolicySnapshot {
  const definition = { title: 't', id: '2b1c1a0e-7a3b-4f6e-9a51-000000000001', logsource: { category: 'process_creation', product: 'linux' }, detection: { selection: { 'Image|endswith': '/tool', 'CommandLine|contains': 'bad' }, condition: 'selection' }, level: 'informational' };
  const rule = { id: 'r', name: 'r', reason: 'r', severity: 'informational', source: 'asr' as const, attack: [], mode: 'block' as const, exclusions: [], definitions: [definition] };
  return { version: 1, generation: 1, fail, deadlineMs: DEADLINE_MS, pausedUntilMs: null, rules: [rule], exclusions: [], allows: [], systemTools: {}, guardedFiles: [] };
}

function late(ms: number): Promise<'late'> {
  return new Promise((resolve) => setTimeout(() => resolve('late'), ms));
}

let rig: Rig;
beforeEach(() => {
  rig = new Rig();
});

describe('a start that waits', () => {
  it('is refused with its line in the log before the answer and confirmed after', async () => {
    rig.start();
    expect(await rig.gate.ask('exec', 7)).toBe(false);
    expect(rig.written).toMatchObject([{ image: '/opt/tool', argv: ['tool', 'bad'], answer: 'deny', ancestors: [{ pid: 7 }] }]);
    expect(rig.confirmed).toEqual([1]);
  });

  it('goes on when no rule matches', async () => {
    rig.args = () => ({ values: ['tool', 'good'], complete: true });
    rig.start();
    expect(await rig.gate.ask('exec', 7)).toBe(true);
    expect(rig.written).toEqual([]);
  });

  it('is judged by its own arguments, whatever those of the same program were before', async () => {
    const told = new Map([[7, ['tool', 'good']], [8, ['tool', 'bad']], [9, ['tool', 'good']]]);
    rig.args = (tid) => ({ values: told.get(tid) ?? [], complete: true });
    rig.start();
    const answers = [];
    for (const tid of told.keys()) answers.push(await rig.gate.ask('exec', tid));
    expect(answers).toEqual([true, false, true]);
    expect(rig.defects).toEqual([]);
  });

  it('is judged by arguments that only a slow read can tell', async () => {
    rig.args = () => 'not-resident';
    rig.within = () => Promise.resolve({ values: ['tool', 'bad'], complete: true });
    rig.start();
    expect(await rig.gate.ask('exec', 7)).toBe(false);
  });

  it('is handed over another way when the log can not be written', async () => {
    rig.logTakes = false;
    rig.start();
    expect(await rig.gate.ask('exec', 7)).toBe(false);
    expect(rig.sent).toContainEqual(expect.objectContaining({ t: 'denied-unlogged' }));
  });
});

describe('arguments that never come', () => {
  beforeEach(() => {
    rig.args = () => 'not-resident';
    rig.within = () => NEVER;
  });

  it.each([
    ['open', true],
    ['closed', false],
  ] as const)('are answered by the fail setting (%s) at the deadline, with the reason', async (fail, allowed) => {
    rig.start(fail);
    expect(await rig.gate.ask('exec', 7)).toBe(allowed);
    await late(30);
    const records = allowed ? rig.sent.flatMap((message) => (message.t === 'starts' ? message.records : [])) : rig.written;
    expect(records).toMatchObject([{ unjudged: 'deadline', uid: 1000 }]);
  });

  it('of one user do not hold up another', async () => {
    rig.uid = (tid) => (tid < 100 ? 1000 : 2000);
    rig.start();
    const stuck = Array.from({ length: 40 }, (_, tid) => rig.gate.ask('exec', tid));
    rig.args = () => ({ values: ['tool', 'good'], complete: true });
    let othersDone = false;
    void rig.gate.ask('exec', 100).then(() => (othersDone = true));
    await Promise.resolve();
    await Promise.resolve();
    expect(othersDone).toBe(true);
    expect(rig.gate.held).toBeLessThanOrEqual(8);
    expect(await Promise.all(stuck)).toEqual(Array.from({ length: 40 }, () => true));
  });
});

describe('a defect', () => {
  it('is told and answered by the fail setting', async () => {
    rig.filePath = () => {
      throw new Error('defect');
    };
    rig.start('closed');
    expect(await rig.gate.ask('exec', 7)).toBe(false);
    expect(rig.defects).toHaveLength(1);
  });

  it('in a slow read answers once and leaves the next start alone', async () => {
    rig.args = () => 'not-resident';
    rig.within = () => Promise.reject(new Error('defect'));
    rig.start();
    expect(await rig.gate.ask('exec', 7)).toBe(true);
    expect(rig.defects).toHaveLength(1);
    rig.args = () => ({ values: ['tool', 'bad'], complete: true });
    expect(await rig.gate.ask('exec', 8)).toBe(false);
  });
});
