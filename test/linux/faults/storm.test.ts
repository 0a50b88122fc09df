/**
 * Sentinel, engine and owner are each killed, stopped and kept busy, fifty times in all, while programs are started without a break.
 *
 * Stated: no start hangs longer than a second, protection is back within two. The tests allow twice that.
 */
import { afterAll, expect, it } from 'vitest';
import { FaultTrial, type Fault, type Family, type Victim } from '../../support/linux/fault-trial.ts';
import { lives, signal } from '../../support/linux/known-process.ts';
import { monotonicMs, type Sample } from '../../support/linux/start-storm.ts';
import { waitUntil } from '../../support/linux/wait-until.ts';
import { describeNeeds } from '../../support/requirement.ts';
import type { HistoryEntry } from '../../../shared/history/entry.ts';
import type { Gap } from '../../../shared/status/status.ts';

const HANGS_MS = 2_000;
const BACK_MS = 4_000;
/**
 * Prevention never goes away with the engine: the sentinel goes on, and each round counts its refusals. What comes back here is
 * the engine that answers and stops; a storm that keeps two cores busy by itself has held that up for 3.9 s.
 */
const ENGINE_BACK_MS = 8_000;
/** How long a child may outlive its owner. */
const ORPHAN_MS = 2_000;
const FAULT_LASTS_MS = 5_000;
/** Before the next fault: a machine that is just recovering is not what is tested. */
const REST_MS = 300;

const MATRIX: readonly { readonly victim: Victim; readonly fault: Fault; readonly rounds: number }[] = [
  { victim: 'sentinel', fault: 'killed', rounds: 8 },
  { victim: 'sentinel', fault: 'stopped', rounds: 6 },
  { victim: 'sentinel', fault: 'busy', rounds: 6 },
  { victim: 'engine', fault: 'killed', rounds: 6 },
  { victim: 'engine', fault: 'stopped', rounds: 5 },
  { victim: 'engine', fault: 'busy', rounds: 5 },
  { victim: 'owner', fault: 'killed', rounds: 6 },
  { victim: 'owner', fault: 'stopped', rounds: 4 },
  { victim: 'owner', fault: 'busy', rounds: 4 },
];

/** Forbidden starts that were let through because they could not be judged in time. */
let unjudged = 0;

const sleep = (ms: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, ms));

describeNeeds(['linux', 'root', 'exec-gate', 'process-news', 'mounts'], 'faults during a storm of starts', () => {
  const sum = { faults: 0, starts: 0, refused: 0, hangMs: 0 };
  const worstBack = new Map<string, number>();
  afterAll(() => {
    const backs = [...worstBack].map(([what, ms]) => `${what} ${ms.toFixed(0)}`).join(', ');
    console.info(`faults: ${sum.faults}, starts: ${sum.starts}, refused: ${sum.refused}, not judged in time: ${unjudged}, longest start: ${sum.hangMs.toFixed(0)} ms, longest way back (ms): ${backs}`);
  });

  for (const { victim, fault, rounds } of MATRIX) {
    it(`${victim} ${fault}, ${rounds} times`, { timeout: 180_000 }, async () => {
      const trial = await FaultTrial.begin();
      try {
        for (let round = 0; round < rounds; round += 1) {
          const backMs = await ROUNDS[victim](trial, fault, round);
          worstBack.set(`${victim} ${fault}`, Math.max(worstBack.get(`${victim} ${fault}`) ?? 0, backMs));
          expect(backMs, `round ${round}\n${trial.live.output}`).toBeLessThan(victim === 'engine' ? ENGINE_BACK_MS : BACK_MS);
          expect(trial.storm.slowestMs, `round ${round}\n${trial.live.output}`).toBeLessThan(HANGS_MS);
          sum.faults += 1;
          await sleep(REST_MS);
        }
        await checkRecord(trial);
      } finally {
        sum.hangMs = Math.max(sum.hangMs, trial.storm.slowestMs);
        sum.starts += trial.storm.samples.length;
        sum.refused += trial.storm.refused.length;
        await trial.remove();
      }
    });
  }
});

type Round = (trial: FaultTrial, fault: Fault, round: number) => Promise<number>;
const ROUNDS: Readonly<Record<Victim, Round>> = { sentinel: sentinelRound, engine: engineRound, owner: ownerRound };

/** The kernel lets starts through until there is a new sentinel; what ran meanwhile is stopped. */
async function sentinelRound(trial: FaultTrial, fault: Fault): Promise<number> {
  const before = await trial.family();
  const { gaps } = await trial.live.status();
  const sinceMs = Date.now();
  const faultMs = trial.inflict(fault, before.sentinel);
  await waitUntil(() => !lives(before.sentinel), FAULT_LASTS_MS);
  const backMs = await trial.refusedAfter(monotonicMs(), 2 * BACK_MS);
  const after = await trial.family();
  expect([after.engine, after.owner]).toEqual([before.engine, before.owner]);
  await expectGap(trial, sinceMs, gaps);
  await expectStayersStopped(trial);
  return backMs - faultMs;
}

/** The sentinel goes on alone: nothing forbidden runs. Protection is whole again when the new engine answers. */
async function engineRound(trial: FaultTrial, fault: Fault): Promise<number> {
  const before = await trial.family();
  const { gaps } = await trial.live.status();
  const sinceMs = Date.now();
  const faultMs = trial.inflict(fault, before.engine);
  await waitUntil(() => !lives(before.engine), FAULT_LASTS_MS);
  const after = await trial.family();
  const backMs = monotonicMs();
  expect([after.sentinel, after.owner]).toEqual([before.sentinel, before.owner]);
  await expectNoneRan(trial, faultMs);
  await expectGap(trial, sinceMs, gaps);
  return backMs - faultMs;
}

/** An owner that is gone takes all with it; one that is only absent is not missed. */
async function ownerRound(trial: FaultTrial, fault: Fault, round: number): Promise<number> {
  const before = await trial.family();
  const faultMs = trial.inflict(fault, before.owner);
  if (fault === 'killed') return restartRound(trial, before, faultMs);
  await sleep(FAULT_LASTS_MS);
  await expectNoneRan(trial, faultMs);
  if (fault === 'stopped' && round % 2 === 1) return restartRound(trial, before, trial.inflict('killed', before.owner));
  signal(before.owner, 'SIGCONT');
  await sleep(1_000);
  expect(await trial.family()).toEqual(before);
  await expectNoneRan(trial, faultMs);
  return 0;
}

/** The test does what a service manager would. */
async function restartRound(trial: FaultTrial, before: Family, faultMs: number): Promise<number> {
  const sinceMs = Date.now();
  const restarted = trial.restartOwner();
  await waitUntil(() => !lives(before.engine) && !lives(before.sentinel), ORPHAN_MS);
  const backMs = await trial.refusedAfter(monotonicMs(), 2 * BACK_MS);
  await restarted;
  await trial.family();
  await expectGap(trial, sinceMs, []);
  await expectStayersStopped(trial);
  return backMs - faultMs;
}

/** What ran without a gap could not be judged in time (a busy machine, fail-open), and that is on record. */
async function expectNoneRan(trial: FaultTrial, sinceMs: number): Promise<void> {
  const ran = trial.storm.ranSince(sinceMs);
  if (ran.length === 0) return;
  const isOnRecord = (entries: readonly HistoryEntry[]): boolean => ran.every(({ pid }) => entries.some((entry) => entry.process.pid === pid && entry.rule.id === 'holdfast-unjudged-start'));
  expect(isOnRecord(await trial.live.historyWith(isOnRecord)), await trial.explain(ran)).toBe(true);
  unjudged += ran.length;
}

/** There is a gap that was not there before, it reaches past the fault, and it is over. */
async function expectGap(trial: FaultTrial, sinceMs: number, before: readonly Gap[]): Promise<void> {
  const known = new Set(before.map(({ from, to }) => `${from} ${to ?? ''}`));
  await trial.live.until(({ gaps }) => gaps.some(({ from, to }) => to !== null && Date.parse(to) >= sinceMs && !known.has(`${from} ${to}`)), 5_000);
}

/** Forbidden programs that came through and run on do not run for long. */
async function expectStayersStopped(trial: FaultTrial): Promise<void> {
  const { storm } = trial;
  const left = (): Sample[] => {
    const ended = new Set(storm.of('staying-ended').map(({ pid }) => pid));
    return storm.of('staying').filter(({ outcome, pid }) => outcome === 'ran' && !ended.has(pid));
  };
  await waitUntil(() => left().length === 0, BACK_MS).catch(async () => {
    const running = left();
    throw new Error(`${running.length} still run ${BACK_MS} ms later\n${await trial.explain(running)}`);
  });
}

/** Every refusal a starter saw is one line of history, and every program that had to be stopped another. */
async function checkRecord(trial: FaultTrial): Promise<void> {
  const { storm } = trial;
  await expectStayersStopped(trial);
  await storm.stop();
  const prevented = await trial.preventedOnceThereAre(storm.refused.length);
  expect(prevented.length, trial.live.output).toBe(storm.refused.length);
  const stopped = new Set((await trial.historyOf('stopped')).map(({ process }) => process.pid));
  const ran = storm.of('staying').filter(({ outcome }) => outcome === 'ran');
  expect(ran.filter(({ pid }) => !stopped.has(pid))).toEqual([]);
  expect(storm.of('staying-ended').filter(({ outcome }) => outcome !== 'SIGKILL')).toEqual([]);
  expect(storm.of('allowed').filter(({ outcome }) => outcome !== 'ran')).toEqual([]);
}
