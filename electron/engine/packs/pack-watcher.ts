/**
 * Shows live starts to the rules of packs. What a rule says is evidence; a line in history is written for what is at least
 * `high` or has a response (Sigma's own word for what should alert somebody), so that the hints of public packs do not bury what matters.
 */
import type { RecordedHit } from '../../../shared/link/messages.ts';
import type { FactReader } from '../../../shared/start/facts.ts';
import type { ProcessTree } from '../core/process-tree.ts';
import type { EventFinding, PipelineEvent } from '../pipeline/event-pipeline.ts';
import { liveStartEvent } from '../pipeline/live-event.ts';
import type { SeenStart } from '../pipeline/seen-start.ts';
import type { StartWatcher, WatchedHit } from '../pipeline/start-watcher.ts';
import { SIGMA_LEVELS } from '../rules/model.ts';
import type { LiveRules } from './live-rules.ts';
import type { RecentStarts } from './recent-starts.ts';
import { PACKS } from './words.ts';

const FROM_LEVEL = SIGMA_LEVELS.indexOf('high');
const NOTHING: readonly WatchedHit[] = [];

export class PackWatcher implements StartWatcher {
  private readonly rules: LiveRules;
  private readonly recent: RecentStarts;
  private readonly nowMs: () => number;
  private count = 0;

  /** `nowMs`: wall clock. */
  constructor(rules: LiveRules, recent: RecentStarts, nowMs: () => number) {
    this.rules = rules;
    this.recent = recent;
    this.nowMs = nowMs;
  }

  get active(): boolean {
    return this.rules.count > 0;
  }

  look(start: SeenStart, facts: FactReader, tree: ProcessTree): readonly WatchedHit[] {
    this.count += 1;
    const event = liveStartEvent({ number: this.count, start, facts, timeMs: this.nowMs() }, tree);
    if (event === null) return NOTHING;
    this.remember(start, event);
    const { findings } = this.rules.take(event, start.uid);
    return findings.length === 0 ? NOTHING : findings.filter(isWorthALine).map(asHit);
  }

  private remember({ image, argv }: SeenStart, event: PipelineEvent): void {
    const parent = event.process?.parent ?? null;
    this.recent.add(event, { Image: image, CommandLine: argv?.join(' ') ?? null, ParentImage: parent?.image ?? null, ParentCommandLine: parent?.commandLine ?? null });
  }
}

function isWorthALine({ evidence }: EventFinding): boolean {
  return evidence.conviction !== null || SIGMA_LEVELS.indexOf(evidence.level) >= FROM_LEVEL;
}

function asHit(finding: EventFinding): WatchedHit {
  const { evidence } = finding;
  const hit: RecordedHit = { ruleId: evidence.ruleId, definitionId: evidence.ruleId, mode: 'audit', matched: finding.explain() };
  if (evidence.conviction === 'pack-contain') return { hit, stops: true, notes: [PACKS.stoppedByPack] };
  return { hit, stops: false, notes: evidence.conviction === 'pack-suspend' ? [PACKS.wouldSuspend] : [] };
}
