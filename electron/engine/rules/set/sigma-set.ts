/**
 * Thousands of Sigma rules asked about one event at once. The rules of each log source share an index (see ADR 17); which
 * match is exactly what asking them one by one gives (`plain-loop.ts`).
 */
import { ok, type Result } from '../../../../shared/result.ts';
import { compileRule } from '../compile/compile.ts';
import type { MatchedField } from '../compile/plan.ts';
import type { LogSource, SigmaRule } from '../model.ts';
import { FieldTable, Subject } from '../subject.ts';
import { GroupMatcher } from './group-matcher.ts';
import { planGroup, type GroupPlan } from './group-plan.ts';
import { fieldTables } from './group-tables.ts';
import { joinPlans } from './join-plans.ts';
import { covers, isSame, lowerSource, sourceKey } from './logsource.ts';
import { sourceOf, type RuleEvent } from './rule-event.ts';
import { ReadRules, type RuleShelf } from './rule-shelf.ts';
import { decodeSet, encodeSet, type SetContent } from './set-codec.ts';

const NOTHING: readonly number[] = [];
/** Log sources that are remembered; events come from a handful. */
const MOST_SOURCES = 256;

/** What covers some events. Their matcher is made when the first of them comes. */
interface Cover {
  readonly plans: readonly GroupPlan[];
  matcher: GroupMatcher | null;
}

export class SigmaSet {
  /** What the numbers of matches stand for. */
  readonly rules: RuleShelf;
  private readonly plans: readonly GroupPlan[];
  private readonly bySource = new Map<string, Cover>();
  /** By numbers of the plans: many log sources are covered by the same. */
  private readonly byPlans = new Map<string, Cover>();
  private lastSource: LogSource | null = null;
  private lastCover: Cover = { plans: [], matcher: null };

  private constructor({ rules, plans }: SetContent) {
    this.rules = rules;
    this.plans = plans;
  }

  static build(rules: readonly SigmaRule[]): SigmaSet {
    const groups = new Map<string, { readonly logsource: LogSource; readonly numbers: number[] }>();
    for (const [number, rule] of rules.entries()) {
      const logsource = lowerSource(rule.logsource);
      const key = sourceKey(logsource);
      const group = groups.get(key) ?? { logsource, numbers: [] };
      group.numbers.push(number);
      groups.set(key, group);
    }
    const shelf = new ReadRules(rules);
    const plans = [...groups.values()].map(({ logsource, numbers }) => planGroup(logsource, numbers.map((number) => shelf.at(number)), numbers));
    return new SigmaSet({ rules: shelf, plans });
  }

  /**
   * A set that was written with `bytes(key)`; a failure's message completes "the index is made again, because …".
   * Looking for damage takes longer than all else; `isSure`: somebody has done it.
   */
  static read(bytes: Uint8Array, key: string, isSure = false): Result<SigmaSet> {
    const content = decodeSet(bytes, key, isSure);
    return content.ok ? ok(new SigmaSet(content.value)) : content;
  }

  /** The set as it can be kept. `key` says what it was made from: the rules, the program, the Unicode of the runtime. */
  bytes(key: string): Uint8Array {
    return encodeSet({ rules: this.rules, plans: this.plans }, key);
  }

  /** Makes in small steps what the first event of a log source would have to wait for. */
  *open(logsource: LogSource): Generator<true, void> {
    const cover = this.coverOf(logsource);
    const plan = cover.matcher === null ? joinPlans(cover.plans) : null;
    if (plan === null) return;
    yield true;
    const tables = fieldTables(plan);
    for (const { table } of tables) {
      table();
      yield true;
    }
    cover.matcher = new GroupMatcher(plan, tables);
  }

  /** The numbers of the rules that match, ascending. */
  match(event: RuleEvent): readonly number[] {
    const matches: number[] = [];
    this.matcherFor(event.logsource)?.match(event, matches);
    if (matches.length === 0) return NOTHING;
    return matches.length === 1 ? matches : matches.sort((a, b) => a - b);
  }

  /** Why a rule matched: which fields matched what. */
  explain(number: number, event: RuleEvent): readonly MatchedField[] {
    const fields = new FieldTable();
    const { plan } = compileRule({ fields, fieldCost: () => 0 }, this.rules.at(number));
    const matched: MatchedField[] = [];
    plan.explain(new Subject(fields, sourceOf(event)), matched);
    return matched;
  }

  private matcherFor(logsource: LogSource): GroupMatcher | null {
    const cover = this.coverOf(logsource);
    if (cover.matcher !== null) return cover.matcher;
    const plan = joinPlans(cover.plans);
    return plan === null ? null : (cover.matcher = new GroupMatcher(plan, fieldTables(plan)));
  }

  private coverOf(logsource: LogSource): Cover {
    if (this.lastSource !== null && isSame(logsource, this.lastSource)) return this.lastCover;
    const key = sourceKey(logsource);
    const cover = this.bySource.get(key) ?? this.findCover(logsource);
    if (this.bySource.size >= MOST_SOURCES) this.bySource.clear();
    this.bySource.set(key, cover);
    this.lastSource = logsource;
    this.lastCover = cover;
    return cover;
  }

  private findCover(logsource: LogSource): Cover {
    const numbers = [...this.plans.keys()].filter((number) => covers(this.plans[number]?.logsource ?? logsource, logsource));
    const key = numbers.join();
    const cover = this.byPlans.get(key) ?? { plans: this.plans.filter((_, number) => numbers.includes(number)), matcher: null };
    this.byPlans.set(key, cover);
    return cover;
  }
}
