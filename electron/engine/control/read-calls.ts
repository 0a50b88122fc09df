/** Calls that only look: status, doctor, history, rules. */
import { isActive } from '../../../shared/policy/modes.ts';
import { ok } from '../../../shared/result.ts';
import type { RuleInfo } from '../../../shared/control/calls.ts';
import type { AsrRule } from '../asr/rule-book.ts';
import { chosenMode, ruleExclusions } from '../settings/rule-modes.ts';
import type { ControlDeps } from './deps.ts';
import { maskEntry } from './masking.ts';
import type { Handlers } from './service.ts';

export function readCalls(deps: ControlDeps): Pick<Handlers, 'status' | 'doctor' | 'history' | 'rulesList'> {
  return {
    status: () => ok(deps.status()),
    doctor: () => ok({ findings: deps.doctor() }),
    history: (query, caller) => {
      const page = deps.store.history(query);
      if (!page.ok) return page;
      const { entries, more } = page.value;
      return ok({ entries: caller.mayChange ? [...entries] : entries.map((entry) => maskEntry(entry, caller.name)), more });
    },
    rulesList: (_, caller) => ok({ rules: deps.book.rules.map((rule) => describeRule(deps, rule, caller.mayChange)), presets: deps.book.presets.map(({ name }) => name) }),
  };
}

/** Exclusions tell an attacker where to put a program, so only who may change them sees them. */
export function describeRule(deps: ControlDeps, rule: AsrRule, showExclusions: boolean): RuleInfo {
  const { settings } = deps;
  const mode = chosenMode(settings.current, rule.id);
  const { effective, downgradedBecause } = deps.standing(rule);
  return {
    id: rule.id,
    slug: rule.slug,
    name: rule.name,
    reason: rule.reason,
    mode,
    effective: isActive(mode) ? effective : 'off',
    downgradedBecause,
    allowedModes: ['off', ...rule.modes],
    exclusions: showExclusions ? [...ruleExclusions(settings.current, rule.id)] : [],
    attack: [...rule.attack],
    counts: deps.store.counts(rule.id),
  };
}
