/** A Sigma rule after parsing, before compiling: plain immutable data, independent of how it will be evaluated. */

export interface SigmaRule {
  readonly id: string;
  readonly title: string;
  readonly level: SigmaLevel;
  readonly logsource: LogSource;
  readonly tags: readonly string[];
  readonly falsepositives: readonly string[];
  readonly author: string | null;
  readonly selections: ReadonlyMap<string, Search>;
  readonly condition: Condition;
}

export const SIGMA_LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type SigmaLevel = (typeof SIGMA_LEVELS)[number];

export interface LogSource {
  readonly category: string | null;
  readonly product: string | null;
  readonly service: string | null;
}

/** What a named block of `detection` asks for. */
export type Search =
  | { readonly type: 'all'; readonly of: readonly Search[] }
  | { readonly type: 'any'; readonly of: readonly Search[] }
  | { readonly type: 'not'; readonly of: Search }
  | { readonly type: 'field'; readonly field: string; readonly test: FieldTest };

export type Anchor = 'whole' | 'start' | 'end' | 'inside';
export type Comparison = 'lt' | 'lte' | 'gt' | 'gte';

export type FieldTest =
  /** Any of the patterns (`every`: all of them). */
  | { readonly kind: 'text'; readonly every: boolean; readonly cased: boolean; readonly patterns: readonly TextPattern[] }
  | { readonly kind: 'regex'; readonly every: boolean; readonly patterns: readonly RegexPattern[] }
  | { readonly kind: 'compare'; readonly op: Comparison; readonly bound: number }
  | { readonly kind: 'exists'; readonly expected: boolean }
  | { readonly kind: 'null' }
  /** The value of another field of the same event takes the place of the pattern. */
  | { readonly kind: 'fieldref'; readonly every: boolean; readonly cased: boolean; readonly anchor: Anchor; readonly fields: readonly string[] };

export interface RegexPattern {
  readonly source: string;
  readonly flags: string;
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
