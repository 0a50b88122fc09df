/** The start pipeline in this very process, over the real machine and the kernel's news, limited to one folder. No sentinel. */
import type { ProcessLife } from '../../../electron/engine/core/process-node.ts';
import type { ProcessNews } from '../../../electron/platform/contract.ts';
import type { RunningJudgement } from '../../../electron/engine/pipeline/start-judge.ts';
import { GapBook } from '../../../electron/engine/pipeline/gaps.ts';
import { StartPipeline } from '../../../electron/engine/pipeline/start-pipeline.ts';
import { systemScheduler } from '../../../electron/engine/pipeline/system-scheduler.ts';
import { LINUX_PROGRAMS } from '../../../electron/engine/response/protected-names.ts';
import { Scope } from '../../../electron/engine/response/scope.ts';
import { Shield } from '../../../electron/engine/response/shield.ts';
import { ProcessNewsSensor } from '../../../electron/engine/sensors/process-news-sensor.ts';
import type { Clock, Finding, LiveProcesses } from '../../../electron/engine/ports.ts';
import { liveProcesses } from '../../../electron/host/engine/live-processes.ts';
import { openProcessNews } from '../../../electron/platform/linux/proc-connector.ts';
import { ok } from '../../../shared/result.ts';
import type { FactReader } from '../../../shared/start/facts.ts';

export const systemClock: Clock = { nowMs: Date.now, monotonicNs: () => process.hrtime.bigint() };

export interface LivePipeline {
  readonly pipeline: StartPipeline;
  readonly sensor: ProcessNewsSensor;
  readonly shield: Shield;
  readonly live: LiveProcesses;
  readonly findings: Finding[];
  /** Called with each fork after the pipeline has taken it. */
  onFork: (child: ProcessLife) => void;
  close(): void;
}

/** `forbids` decides by the facts of a start whether a blocking rule hits it. */
export async function openLivePipeline(scope: string, forbids: (facts: FactReader) => boolean): Promise<LivePipeline> {
  const live = liveProcesses(() => ({ systemTools: new Map(), systemToolPaths: new Set() }));
  const shield = new Shield(live);
  shield.setOwn([process.pid]);
  const findings: Finding[] = [];
  const scheduler = systemScheduler();
  const judged = (facts: FactReader): RunningJudgement => {
    const denial = forbids(facts) ? { ruleId: 'rule-1', definitionId: 'definition-1', mode: 'block' as const, matched: [] } : null;
    return { denial, audits: [], allowId: null, unjudged: false };
  };
  const pipeline = new StartPipeline({
    live, shield, scheduler,
    judge: { generation: 1, active: true, judge: judged, remembers: false, watch: () => undefined, effectiveParent: (ancestors) => ancestors[0] ?? null },
    recorder: { record: (finding) => { findings.push(finding); return ok({} as never); }, has: () => false },
    gaps: new GapBook(systemClock, { read: () => null, write: () => undefined }),
    journal: { begin: () => undefined, end: () => undefined, left: () => [] },
    scope: new Scope([scope]),
    programs: LINUX_PROGRAMS,
    clock: systemClock,
    runId: 'test',
    acts: true,
    onAllowUsed: () => undefined, onTaken: () => undefined,
  });
  const opened: { onFork: (child: ProcessLife) => void } = { onFork: () => undefined };
  const onNews = (batch: readonly ProcessNews[]): void => {
    pipeline.onNews(batch);
    for (const news of batch) {
      const child = news.type === 'fork' ? pipeline.tree.current(news.childPid) : null;
      if (child !== null) opened.onFork(child);
    }
  };
  const target = { onNews, onLoss: (lost: number | null) => pipeline.onLoss(lost), onNewsDown: (reason: string) => pipeline.onNewsDown(reason), onNewsBack: () => pipeline.onNewsBack() };
  const sensor = new ProcessNewsSensor('process-news', openProcessNews, target, scheduler, null);
  sensor.start();
  await pipeline.start();
  const close = (): void => {
    sensor.close();
    pipeline.close();
  };
  return Object.assign(opened, { pipeline, sensor, shield, live, findings, close });
}
