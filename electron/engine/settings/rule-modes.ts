/** What each rule is set to, what it really does on this system, and changes of it. */
import type { RuleMode } from '../../../shared/policy/modes.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { checkMode, effectiveMode, type AsrRule, type EffectiveMode, type System } from '../asr/rule-book.ts';
import type { Settings } from './settings-schema.ts';

/** The mode somebody has chosen, else `notConfigured`. */
export function chosenMode(settings: Settings, ruleId: string): RuleMode {
  return own(settings.rules, ruleId.toLowerCase()) ?? 'notConfigured';
}

export function ruleExclusions(settings: Settings, ruleId: string): readonly string[] {
  return own(settings.exclusions.perRule, ruleId.toLowerCase()) ?? [];
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/**
 * What the rule really does. A mode that the rule does not have (an older rule book had it, or a hand wrote it) gives way to
 * the nearest that it has: warn and block both deny the start, so each stands in for the other; audit only records.
 */
export function ruleEffect(rule: AsrRule, settings: Settings, system: System): EffectiveMode {
  const chosen = chosenMode(settings, rule.id);
  const refused = checkMode(rule, chosen);
  if (refused.ok) return effectiveMode(rule, system, chosen);
  const standIns: readonly RuleMode[] = chosen === 'audit' ? [] : ['block', 'warn', 'audit'];
  const standIn = standIns.find((mode) => checkMode(rule, mode).ok) ?? 'off';
  const effect = effectiveMode(rule, system, standIn);
  return effect.effective === 'unavailable' ? effect : { effective: effect.effective, downgradedBecause: refused.error.message };
}

/** Refused, with the reason, when the rule does not have that mode. A rule that this system can not enforce may be set all the same: it shows as downgraded. */
export function withMode(settings: Settings, rule: AsrRule, mode: RuleMode): Result<Settings> {
  const allowed = checkMode(rule, mode);
  return allowed.ok ? ok(withModes(settings, [[rule.id, mode]])) : allowed;
}

export function withModes(settings: Settings, modes: Iterable<readonly [id: string, mode: RuleMode]>): Settings {
  const rules = new Map(Object.entries(settings.rules));
  for (const [id, mode] of modes) {
    if (mode === 'notConfigured') rules.delete(id.toLowerCase());
    else rules.set(id.toLowerCase(), mode);
  }
  return { ...settings, rules: Object.fromEntries(rules) };
}
