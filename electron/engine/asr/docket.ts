/** Goes through the active rules for all views of one event and arrives at a judgement. */
import type { ActiveMode } from '../../../shared/policy/modes.ts';
import type { FactName } from '../../../shared/start/facts.ts';
import { evaluate, type MatchedField } from '../rules/evaluate.ts';
import type { Subject } from '../rules/subject.ts';
import { findAllow, type AllowedStart, type AllowTime } from './allows.ts';
import type { ActiveRule, AskedDefinition, CompiledPolicy, RuleSet } from './policy.ts';
import { SEARCH_PATH } from '../behavior/start/paths.ts';

export interface RuleHit {
  readonly ruleId: string;
  readonly ruleName: string;
  readonly definitionId: string;
  /** What the hit amounts to: `audit` also for a blocking rule while Holdfast is paused. */
  readonly mode: ActiveMode;
  readonly reason: string;
  readonly severity: string;
  readonly attack: readonly string[];
  readonly matched: readonly MatchedField[];
}

export type Judgement =
  | {
      readonly verdict: 'allow';
      readonly audits: readonly RuleHit[];
      /** The allow that let a hit pass; the caller spends it when it ends with its first use. */
      readonly allowId: string | null;
      /** True when a rule could not be decided because a fact can not be read by anyone. */
      readonly unjudged: boolean;
    }
  | { readonly verdict: 'deny'; readonly hit: RuleHit; readonly audits: readonly RuleHit[] }
  | { readonly verdict: 'needs'; readonly facts: readonly FactName[] };

/** The paths that exclusions are compared with, or the facts to read before they are known. */
export type Excludable = { readonly paths: readonly string[] } | { readonly needs: readonly FactName[] };

/** One view of the event. */
export interface Case {
  readonly subject: Subject;
  /** Facts to read before the field is known; none when nobody can read it. */
  missing(field: string): readonly FactName[];
  excludable(): Excludable;
  readonly allowed: AllowedStart;
}

export class Docket {
  private readonly policy: CompiledPolicy;
  private readonly set: RuleSet;
  private readonly time: AllowTime;
  private readonly paused: boolean;
  private readonly needs = new Set<FactName>();
  private readonly audits: RuleHit[] = [];
  private denial: RuleHit | null = null;
  private allowId: string | null = null;
  private unjudged = false;

  constructor(policy: CompiledPolicy, set: RuleSet, time: AllowTime) {
    this.policy = policy;
    this.set = set;
    this.time = time;
    const until = policy.snapshot.pausedUntilMs;
    this.paused = until !== null && until > time.nowMs;
  }

  need(fact: FactName): void {
    this.needs.add(fact);
  }

  leaveUnjudged(): void {
    this.unjudged = true;
  }

  judge(cases: readonly Case[]): Judgement {
    const lists = cases.map((one) => this.set.candidates.of(one.subject));
    let settled: ActiveRule | null = null;
    for (const index of joined(lists)) {
      const asked = this.set.definitions[index];
      if (asked === undefined || asked.of === settled) continue;
      // One denial is enough; what only records is still asked, as far as the facts at hand go.
      if (this.denial !== null && this.effectiveMode(asked.of) !== 'audit') continue;
      if (this.tryDefinition(asked, index, cases, lists)) settled = asked.of;
    }
    if (this.denial !== null) return { verdict: 'deny', hit: this.denial, audits: this.audits };
    if (this.needs.size > 0) return { verdict: 'needs', facts: [...this.needs] };
    return { verdict: 'allow', audits: this.audits, allowId: this.allowId, unjudged: this.unjudged };
  }

  /** True when the rule needs no further look. */
  private tryDefinition({ of, definition }: AskedDefinition, index: number, cases: readonly Case[], lists: readonly (readonly number[])[]): boolean {
    for (const [at, one] of cases.entries()) {
      if (lists.length > 1 && lists[at]?.includes(index) !== true) continue;
      const result = evaluate(definition, one.subject);
      if (result.outcome === 'clear') continue;
      if (result.outcome === 'needs') this.noteNeeds(one, result.fields);
      else if (this.settleHit(of, definition.rule.id, one, result.matched)) return true;
    }
    return false;
  }

  private noteNeeds(one: Case, fields: readonly string[]): void {
    const facts = fields.flatMap((field) => one.missing(field));
    if (facts.length === 0) this.unjudged = true;
    else facts.forEach((fact) => this.needs.add(fact));
  }

  /** True when the hit stands and the rule needs no further look. */
  private settleHit(rule: ActiveRule, definitionId: string, one: Case, matched: readonly MatchedField[]): boolean {
    if (this.isExcluded(rule, one)) return false;
    const allow = findAllow(rule.allows, one.allowed, this.time);
    if (allow !== null) {
      if ('allowId' in allow) this.allowId ??= allow.allowId;
      else allow.needs.forEach((fact) => this.needs.add(fact));
      return false;
    }
    const hit = this.toHit(rule, definitionId, matched);
    if (hit.mode === 'audit') this.audits.push(hit);
    else this.denial = hit;
    return true;
  }

  private isExcluded(rule: ActiveRule, one: Case): boolean {
    if (rule.exclusions.length === 0 && this.policy.exclusions.length === 0) return false;
    const found = one.excludable();
    if ('needs' in found) {
      found.needs.forEach((fact) => this.needs.add(fact));
      return true;
    }
    const tests = [...this.policy.exclusions, ...rule.exclusions];
    return found.paths.flatMap(possiblePaths).some((path) => tests.some((test) => test(path)));
  }

  private toHit({ rule, mode }: ActiveRule, definitionId: string, matched: readonly MatchedField[]): RuleHit {
    const { id, name, reason, severity, attack } = rule;
    return { ruleId: id, ruleName: name, definitionId, mode: this.paused ? 'audit' : mode, reason, severity, attack, matched };
  }

  private effectiveMode(rule: ActiveRule): ActiveMode {
    return this.paused ? 'audit' : rule.mode;
  }
}

/** What is in one of the lists, in order. Most starts are seen in one way only. */
function joined(lists: readonly (readonly number[])[]): readonly number[] {
  const [only] = lists;
  return lists.length === 1 && only !== undefined ? only : [...new Set(lists.flat())].sort((a, b) => a - b);
}

const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/**
 * A wrapper names its program without a folder: where it really lies shows only when it starts, and it is judged again
 * then. So an exclusion of a program in a system folder also lets the wrapper that names it pass.
 */
function possiblePaths(path: string): readonly string[] {
  if (!path.startsWith(`${SEARCH_PATH}/`)) return [path];
  return SYSTEM_FOLDERS.map((folder) => folder + path.slice(SEARCH_PATH.length));
}
