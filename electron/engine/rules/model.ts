/** Sigma documents after parsing, before compiling: plain immutable data, independent of how they will be evaluated. */

export const SIGMA_LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type SigmaLevel = (typeof SIGMA_LEVELS)[number];

export const SIGMA_STATUSES = ['stable', 'test', 'experimental', 'deprecated', 'unsupported'] as const;
export type SigmaStatus = (typeof SIGMA_STATUSES)[number];

/** Holdfast's own key: what a match may do by itself, at most, when its pack is trusted that far. Absent: it is evidence. */
export const RESPONSES = ['observe', 'suspend', 'contain'] as const;
export type Response = (typeof RESPONSES)[number];

/** What rules, filters and correlations say about themselves. */
export interface RuleHead {
  /** As written; a document without one goes by its name, and one without a name by its title. */
  readonly id: string;
  readonly title: string;
  /** A second way to refer to it in correlations and filters. */
  readonly name: string | null;
  readonly status: SigmaStatus | null;
  readonly description: string | null;
  readonly author: string | null;
  /** An SPDX id; null leaves it to the pack (the public rules stand under the Detection Rule License). */
  readonly license: string | null;
  readonly references: readonly string[];
  /** As written, mostly `YYYY-MM-DD`. */
  readonly date: string | null;
  readonly modified: string | null;
  /** `type` is derived, obsolete, merged, renamed or similar. */
  readonly related: readonly { readonly id: string; readonly type: string }[];
  readonly tags: readonly string[];
  /** Fields worth showing beside a match. */
  readonly fields: readonly string[];
  readonly falsepositives: readonly string[];
  readonly response: Response | null;
  /** Every other key of the document, as written. */
  readonly custom: Readonly<Record<string, unknown>>;
}

export interface SigmaRule extends RuleHead {
  readonly level: SigmaLevel;
  readonly logsource: RuleLogSource;
  readonly selections: ReadonlyMap<string, Search>;
  readonly condition: Condition;
  /** Lists that have to be supplied before the rule means anything; until then it never matches. */
  readonly placeholders: readonly string[];
}

export interface LogSource {
  readonly category: string | null;
  readonly product: string | null;
  readonly service: string | null;
}

export interface RuleLogSource extends LogSource {
  /** `definition` and whatever else the author says about the source; for people. */
  readonly custom: Readonly<Record<string, unknown>>;
}

/** A tuning of other rules: they match only where its condition holds too. */
export interface SigmaFilter extends RuleHead {
  readonly logsource: RuleLogSource;
  /** Ids, names or titles; `any` is every rule of its log source. */
  readonly rules: readonly string[] | 'any';
  readonly selections: ReadonlyMap<string, Search>;
  readonly condition: Condition;
  readonly placeholders: readonly string[];
}

export const COUNTING_TYPES = ['event_count', 'value_count', 'value_sum', 'value_avg', 'value_min', 'value_max', 'value_median', 'value_percentile'] as const;
export const TEMPORAL_TYPES = ['temporal', 'temporal_ordered'] as const;
export type CorrelationType = (typeof COUNTING_TYPES)[number] | (typeof TEMPORAL_TYPES)[number];

/** Matches of one group that are kept; no condition may ask for more. */
export const MAX_COUNTED = 10_000;

export interface SigmaCorrelation extends RuleHead {
  /** Null leaves it at the highest level of what it is made of. */
  readonly level: SigmaLevel | null;
  readonly type: CorrelationType;
  /** Ids, names or titles of rules and correlations, in the order that `temporal_ordered` wants. */
  readonly rules: readonly string[];
  readonly groupBy: readonly string[];
  readonly timespanMs: number;
  readonly condition: CorrelationCondition;
  /** Alias to the field it stands for, by the reference under which `rules` names the rule. */
  readonly aliases: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Whether the rules it is made of are reported by themselves too. */
  readonly generate: boolean;
}

export interface Bound {
  readonly op: Comparison | 'eq' | 'neq';
  readonly value: number;
}

export type CorrelationCondition =
  /** A figure and its limits, all of which must hold. `percentile` null where the type has none. */
  | { readonly kind: 'figure'; readonly bounds: readonly Bound[]; readonly fields: readonly string[]; readonly percentile: number | null }
  /** Which of the rules must have been seen, by the references in `rules`. */
  | { readonly kind: 'seen'; readonly expression: Condition };

/** What a named block of `detection` asks for. */
export type Search = (
  | { readonly type: 'all'; readonly of: readonly Search[] }
  | { readonly type: 'any'; readonly of: readonly Search[] }
  | { readonly type: 'not'; readonly of: Search }
  | { readonly type: 'field'; readonly field: string; readonly test: FieldTest }
  /** Holds when the test holds for one of all the values of the event, whatever its field. */
  | { readonly type: 'keyword'; readonly test: KeywordTest }
) & {
  /** Set where one key of a map, or one word of a list (key null), became this; the printer gives it back. */
  readonly written?: Written;
};

export interface Written {
  readonly key: string | null;
  readonly value: Scalar | readonly Scalar[];
}

export type Scalar = string | number | boolean | null;

export type Anchor = 'whole' | 'start' | 'end' | 'inside';
export type Comparison = 'lt' | 'lte' | 'gt' | 'gte';

export const TIME_PARTS = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
export type TimePart = (typeof TIME_PARTS)[number];

export interface TextTest {
  readonly kind: 'text';
  readonly every: boolean;
  readonly cased: boolean;
  readonly patterns: readonly TextPattern[];
}
export interface RegexTest {
  readonly kind: 'regex';
  readonly every: boolean;
  readonly patterns: readonly RegexPattern[];
}
export interface CidrTest {
  readonly kind: 'cidr';
  readonly every: boolean;
  readonly networks: readonly CidrNetwork[];
}

/** What also makes sense without a field. `every` is never set there: each word may stand in a value of its own. */
export type KeywordTest = TextTest | RegexTest | CidrTest | UnfilledTest;

export type FieldTest =
  /** Any of the patterns (`every`: all of them). */
  | TextTest
  | RegexTest
  | CidrTest
  | { readonly kind: 'compare'; readonly op: Comparison; readonly bound: number }
  /** A part of a date in the field, as written there: no time zone is converted. */
  | { readonly kind: 'time'; readonly part: TimePart; readonly op: Comparison | 'eq'; readonly bound: number }
  | { readonly kind: 'exists'; readonly expected: boolean }
  | { readonly kind: 'null' }
  /** The value of another field of the same event takes the place of the pattern. */
  | { readonly kind: 'fieldref'; readonly every: boolean; readonly cased: boolean; readonly anchor: Anchor; readonly fields: readonly string[] }
  | UnfilledTest;

/** `expand` whose lists are not all supplied yet; what becomes of it once they are is in `fill.ts`. */
export interface UnfilledTest {
  readonly kind: 'unfilled';
  readonly modifiers: readonly string[];
  readonly values: readonly Scalar[];
  readonly placeholders: readonly string[];
}

export interface RegexPattern {
  readonly source: string;
  readonly flags: string;
}

export interface CidrNetwork {
  readonly shown: string;
  /** 4 or 16 bytes; an IPv6 network of mapped IPv4 addresses is an IPv4 network. */
  readonly bytes: readonly number[];
  readonly bits: number;
}

/** `run` is `*`, `one` is `?`, `dash` is any of the five characters that `windash` lets pass for a dash. */
export type PatternToken = string | { readonly wild: 'run' | 'one' | 'dash' };

export interface TextPattern {
  /** As written in the rule, with the wildcards its modifiers add; shown to a person. */
  readonly shown: string;
  /** Neighbouring literals are joined; two runs never stand next to each other. */
  readonly tokens: readonly PatternToken[];
}

export type Condition =
  | { readonly op: 'and'; readonly of: readonly Condition[] }
  | { readonly op: 'or'; readonly of: readonly Condition[] }
  | { readonly op: 'not'; readonly of: Condition }
  | { readonly op: 'selection'; readonly name: string }
  /** `pattern` null is `them`. */
  | { readonly op: 'of'; readonly quantifier: 'any' | 'all'; readonly pattern: string | null };
