/** Calls that only look: status, doctor, history, rules. */
import { isActive } from '../../../shared/policy/modes.ts';
import { ok } from '../../../shared/result.ts';
import type { HistoryEntry } from '../../../shared/history/entry.ts';
import type { RuleInfo } from '../../../shared/control/calls.ts';
import type { AsrRule } from '../asr/rule-book.ts';
import { lastOf } from '../edr/history-views.ts';
import { chosenMode, ruleExclusions } from '../settings/rule-modes.ts';
import type { ControlDeps } from './deps.ts';
import { fitAnswer } from './fit-answer.ts';
import { maskEntry } from './masking.ts';
import type { Handlers } from './service.ts';

const MOST_ANSWER_CHARACTERS = 3 * 1024 * 1024;

export function readCalls(deps: ControlDeps): Pick<Handlers, 'status' | 'doctor' | 'history' | 'rulesList'> {
  return {
    status: () => ok(deps.status()),
    doctor: () => ok({ findings: deps.doctor() }),
    history: (query, caller) => {
      const page = deps.store.history(query);
      if (!page.ok) return page;
      const { entries, more } = page.value;
      const shown = caller.mayChange ? entries : entries.map((entry) => maskEntry(entry, caller.name));
      const fitting = withinOneAnswer(shown.map(fitAnswer));
      return ok({ entries: fitting, more: more || fitting.length < shown.length });
    },
    rulesList: (_, caller) => ok({ rules: deps.book.rules.map((rule) => describeRule(deps, rule, caller.mayChange)), presets: deps.book.presets.map(({ name }) => name) }),
  };
}

/** A line of the socket is limited, and one command line can be megabytes long. A single entry always fits: see `fitAnswer`. */
function withinOneAnswer(entries: readonly HistoryEntry[]): HistoryEntry[] {
  let left = MOST_ANSWER_CHARACTERS;
  const fitting = entries.findIndex((entry, index) => (left -= JSON.stringify(entry).length) < 0 && index > 0);
  return fitting === -1 ? [...entries] : entries.slice(0, fitting);
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
    number: rule.number,
    falsepositives: [...rule.falsepositives],
    notices: [...rule.notices],
    lastAt: lastAt(deps, rule.id),
  };
}

function lastAt(deps: ControlDeps, ruleId: string): string | null {
  const found = deps.store.view((sqlite) => lastOf(sqlite, ruleId));
  return found.ok ? found.value : null;
}
