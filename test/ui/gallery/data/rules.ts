/** The nineteen rules as they stand in resources/rules, so that the gallery never shows a rule that does not exist. */
import { parse } from 'yaml';
import { z } from 'zod';
import type { CallOutput, RuleInfo } from '../../../../shared/control/calls.ts';
import { isActive, ruleModeSchema, type RuleMode } from '../../../../shared/policy/modes.ts';

const files = import.meta.glob<string>('../../../../resources/rules/asr/*.yml', { query: '?raw', import: 'default', eager: true });
const [presetsFile = ''] = Object.values(import.meta.glob<string>('../../../../resources/rules/presets.yml', { query: '?raw', import: 'default', eager: true }));

const ruleFile = z.object({
  id: z.string(),
  number: z.number(),
  name: z.string(),
  reason: z.string(),
  attack: z.array(z.string()),
  modes: z.array(z.enum(['block', 'audit', 'warn'])),
  notices: z.array(z.enum(['block', 'audit', 'warn'])),
  falsepositives: z.array(z.string()),
  systems: z.object({ linux: z.object({ unavailable: z.string().optional(), definitions: z.array(z.object({ title: z.string(), id: z.string() })).optional() }) }),
});
type RuleFile = z.infer<typeof ruleFile>;

export interface Rule extends RuleFile {
  readonly slug: string;
}

export const RULE_BOOK: readonly Rule[] = Object.entries(files)
  .map(([path, text]) => ({ slug: path.slice(path.lastIndexOf('/') + 1, -'.yml'.length), ...ruleFile.parse(parse(text)) }))
  .sort((a, b) => a.number - b.number);

export const PRESETS = z.object({ presets: z.array(z.object({ name: z.string(), description: z.string(), modes: z.object({ linux: z.record(z.string(), ruleModeSchema) }) })) }).parse(parse(presetsFile)).presets;

export function ruleOf(slug: string): Rule {
  const rule = RULE_BOOK.find((one) => one.slug === slug);
  if (rule === undefined) throw new Error(`there is no rule ${slug}`);
  return rule;
}

/** What the engine would say of a rule that is set so. */
export function infoOf(rule: Rule, mode: RuleMode, more: Partial<RuleInfo> = {}): RuleInfo {
  const { unavailable } = rule.systems.linux;
  const stuck = isActive(mode) && unavailable !== undefined;
  return {
    id: rule.id, slug: rule.slug, name: rule.name, reason: rule.reason, mode,
    effective: stuck ? 'unavailable' : isActive(mode) ? mode : 'off',
    downgradedBecause: stuck ? unavailable : null,
    allowedModes: ['off', ...rule.modes],
    exclusions: [], attack: rule.attack, counts: { prevented: 0, stopped: 0, audited: 0 }, number: rule.number,
    falsepositives: rule.falsepositives, notices: rule.notices, lastAt: null,
    ...more,
  };
}

export function rulesAs(preset: string): RuleInfo[] {
  const modes = PRESETS.find(({ name }) => name === preset)?.modes.linux ?? {};
  return RULE_BOOK.map((rule) => infoOf(rule, modes[rule.slug] ?? 'notConfigured'));
}

export function presetChanges(preset: string, rules: readonly RuleInfo[]): CallOutput<'presetPreview'> {
  const wanted = PRESETS.find(({ name }) => name === preset);
  const changes = RULE_BOOK.flatMap((rule) => {
    const from = rules.find(({ id }) => id === rule.id)?.mode ?? 'notConfigured';
    const to = wanted?.modes.linux[rule.slug] ?? from;
    const { name, effective, downgradedBecause } = infoOf(rule, to);
    return from === to ? [] : [{ id: rule.id, name, from, to, effective, downgradedBecause }];
  });
  return { changes, unchanged: RULE_BOOK.length - changes.length, description: wanted?.description ?? '' };
}
