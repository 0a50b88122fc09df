/**
 * The rules that judge now. A change of packs puts the next set in place in one assignment: an event is judged by the old rules
 * or by the new ones, never by some of each.
 */
import type { MutedRule, TrustLevel } from '../../../shared/packs/pack.ts';
import { EventPipeline, type Hit, type Outcome, type PipelineEvent } from '../pipeline/event-pipeline.ts';
import type { Problem } from '../rules/link/link-rules.ts';
import type { RuleDescription } from '../edr/describe-rule.ts';
import { CaseBook } from '../verdict/case-book.ts';
import { describeSigma } from './describe-sigma.ts';
import type { MuteBook, RuleVersion } from './mute-book.ts';
import { judgingRules, type JudgingRules, type ReadyRules } from './ready-rules.ts';

export interface LiveRulesDeps {
  readonly mutes: MuteBook;
  readonly onMuted: (muted: MutedRule) => void;
  readonly nowIso: () => string;
  /** Milliseconds of a clock that never goes back. */
  readonly nowMs: () => number;
}

export class LiveRules {
  private readonly deps: LiveRulesDeps;
  private ready: ReadyRules | null = null;
  private pipeline: EventPipeline;
  /** Of the event that is judged. */
  private account: number | null = null;

  constructor(deps: LiveRulesDeps) {
    this.deps = deps;
    this.pipeline = new EventPipeline([], () => new CaseBook());
  }

  /** Rules and correlations that judge. */
  get count(): number {
    return this.ready?.versions.size ?? 0;
  }

  /** Documents that fit nowhere. */
  get problems(): readonly Problem[] {
    return this.ready?.problems ?? [];
  }

  /** What was counted towards correlations and verdicts begins anew. `trustOf`: how far a pack's rules may go. */
  use(ready: ReadyRules, trustOf: (pack: string) => TrustLevel): void {
    this.pipeline = this.pipelineOf(judgingRules(ready, trustOf));
    this.ready = ready;
  }

  /** Null for a rule that is not in force. */
  describe(ruleId: string): RuleDescription | null {
    if (this.ready === null) return null;
    const { matcher, rules, correlations } = this.ready;
    const number = rules.findIndex(({ of }) => of.rule === ruleId);
    if (number !== -1) return describeSigma(matcher.rules.at(number));
    const correlation = correlations.find((linked) => linked.correlation.id === ruleId);
    return correlation === undefined ? null : describeSigma(correlation.correlation);
  }

  /** Findings of rules that are not muted. A match that makes its rule flood is still told: it is the last. `account`: whose start it is. */
  take(event: PipelineEvent, account: number | null): Outcome {
    const { mutes, nowMs } = this.deps;
    mutes.onStart(nowMs());
    this.account = account;
    return this.pipeline.take(event);
  }

  private pipelineOf({ judge, versions }: JudgingRules): EventPipeline {
    const speaking = (hits: readonly Hit[]): readonly Hit[] => (hits.length === 0 ? hits : hits.filter(({ evidence }) => this.speaks(versions.get(evidence.ruleId), evidence.conviction !== null)));
    return new EventPipeline([{ judge: (event) => speaking(judge.judge(event)), finish: () => speaking(judge.finish()) }], () => new CaseBook());
  }

  private speaks(version: RuleVersion | undefined, acts: boolean): boolean {
    const { mutes, onMuted, nowIso } = this.deps;
    if (version === undefined || mutes.isMuted(version)) return version === undefined;
    const muted = mutes.onMatch({ rule: version, account: this.account, acts }, nowIso);
    if (muted !== null) onMuted(muted);
    return true;
  }
}
