/**
 * Are the rules of a new pack quiet on what ran here lately? A rule that matches a twentieth of it and more is muted from
 * the start; with few starts on record nothing can be told, and that is said.
 */
import type { PackHealth } from '../../../shared/packs/pack.ts';
import type { PipelineEvent } from '../pipeline/event-pipeline.ts';
import type { RuleVersion } from './mute-book.ts';
import type { JudgingRules } from './ready-rules.ts';

export const HEALTH = { fewestStarts: 200, share: 0.05 } as const;

export interface HealthReport {
  readonly health: PackHealth;
  readonly noisy: readonly { readonly rule: RuleVersion; readonly matches: number }[];
}

export function tryRules({ judge, versions }: JudgingRules, recent: readonly PipelineEvent[]): HealthReport {
  const counts = new Map<RuleVersion, number>();
  for (const event of recent) {
    for (const { evidence } of judge.judge(event)) {
      const version = versions.get(evidence.ruleId);
      if (version !== undefined) counts.set(version, (counts.get(version) ?? 0) + 1);
    }
  }
  const tested = recent.length >= HEALTH.fewestStarts;
  const noisy = [...counts].filter(([, matches]) => tested && matches >= recent.length * HEALTH.share).map(([rule, matches]) => ({ rule, matches }));
  return { health: { starts: recent.length, tested, noisy: noisy.map(({ rule, matches }) => ({ rule: rule.rule, title: rule.title, matches })) }, noisy };
}
