/** `holdfast rules …`: which rule is in which mode, and changing that. A change is in force when the command returns. */
import type { RuleInfo } from '../../../shared/control/calls.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { ControlClient } from '../../host/control-client.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { hanging, table } from '../output/table.ts';
import { count } from '../output/times.ts';
import { visible } from '../output/visible.ts';
import { exclusionFor, type Exclusion } from '../exclusion-path.ts';
import { findRule, modeFrom } from '../rule-lookup.ts';
import { MODE_WORDS, RULES } from '../words.ts';
import { asksForRules, packLines, sigmaListCommand, type SigmaListOptions } from './rules-sigma.ts';

export function rulesListCommand(context: CliContext, options: SigmaListOptions): Promise<number> {
  if (asksForRules(options)) return sigmaListCommand(context, options);
  return context.withEngine(async (client) => {
    const answer = await client.call('rulesList', {});
    if (!answer.ok) return context.fail(answer.error);
    // An engine from before there were packs has no such call; its rules are shown all the same.
    const packs = await client.call('packsList', {});
    if (context.json) {
      context.printJson({ ...answer.value, ...(packs.ok ? packs.value : {}) });
      return EXIT.ok;
    }
    const [set, acts, prevented, stopped, audited, rule] = RULES.columns;
    const columns = [{ title: set }, { title: acts }, ...[prevented, stopped, audited].map((title) => ({ title, alignRight: true })), { title: rule }];
    context.print(...table(columns, answer.value.rules.flatMap((each) => ruleRows(each, context.width >= WIDE_ENOUGH_FOR_IDS)), context.width));
    if (answer.value.presets.length > 0) context.print('', ...hanging('', RULES.presets(answer.value.presets.map(visible), context.hint(`rules preset ${answer.value.presets[0] ?? ''}`)), context.width));
    if (packs.ok) context.print(...packLines(context, packs.value));
    return EXIT.ok;
  });
}

/** Below it, an id would break its line in two; the short name serves as well. */
const WIDE_ENOUGH_FOR_IDS = 110;

function ruleRows(rule: RuleInfo, withId: boolean): string[][] {
  const { prevented, stopped, audited } = rule.counts;
  const under = (text: string): string[] => ['', '', '', '', '', text];
  return [
    [MODE_WORDS[rule.mode], MODE_WORDS[rule.effective], count(prevented), count(stopped), count(audited), visible(rule.name)],
    under(`  ${visible(rule.slug)}${withId ? `  ${visible(rule.id)}` : ''}`),
    ...(rule.downgradedBecause === null ? [] : [under(`  ${visible(RULES.downgraded(rule.downgradedBecause))}`)]),
    ...(rule.exclusions.length === 0 ? [] : [under(`  ${RULES.excluded(rule.exclusions.length)}`)]),
  ];
}

export function rulesSetCommand(context: CliContext, typedRule: string, typedMode: string): Promise<number> {
  const mode = modeFrom(typedMode);
  if (!mode.ok) return Promise.resolve(context.fail(mode.error));
  return context.withEngine(async (client) => {
    const rule = await ruleBy(client, typedRule);
    if (!rule.ok) return context.fail(rule.error);
    const answer = await client.call('rulesSet', { rule: rule.value.id, mode: mode.value });
    if (!answer.ok) return context.fail(answer.error);
    if (context.json) context.printJson(answer.value);
    else showSet(context, answer.value.rule);
    return EXIT.ok;
  });
}

function showSet(context: CliContext, rule: RuleInfo): void {
  const asAsked = rule.mode === rule.effective || rule.effective === 'off';
  const say = asAsked ? RULES.set : rule.effective === 'unavailable' ? RULES.setUnavailable : RULES.setDowngraded;
  context.print(...hanging('', visible(say(rule)), context.width));
}

export function rulesPresetCommand(context: CliContext, preset: string): Promise<number> {
  return context.withEngine(async (client) => {
    const answer = await client.call('rulesPreset', { preset });
    if (!answer.ok) return context.fail(answer.error);
    if (context.json) {
      context.printJson(answer.value);
      return EXIT.ok;
    }
    const { changed } = answer.value;
    context.print(RULES.preset(visible(preset), changed.length));
    const list = changed.length === 0 ? null : await client.call('rulesList', {});
    const nameOf = (id: string): string => (list?.ok === true ? (list.value.rules.find((rule) => rule.id === id)?.name ?? id) : id);
    const rows = changed.map(({ id, from, to }) => [MODE_WORDS[from], MODE_WORDS[to], visible(nameOf(id))]);
    if (rows.length > 0) context.print(...table(RULES.presetColumns.map((title) => ({ title })), rows, context.width));
    return EXIT.ok;
  });
}

export interface ExcludeOptions {
  readonly rule?: string;
  readonly remove?: boolean;
}

export function rulesExcludeCommand(context: CliContext, typed: string | undefined, options: ExcludeOptions): Promise<number> {
  if (typed === undefined && options.remove === true) return Promise.resolve(context.fail({ code: 'usage', message: RULES.removeNeedsPath }));
  if (typed?.trim() === '') return Promise.resolve(context.fail({ code: 'usage', message: RULES.blankPath }));
  return context.withEngine(async (client) => {
    if (typed === undefined) return listExclusions(context, client);
    const rule = options.rule === undefined ? ok(null) : await ruleBy(client, options.rule);
    if (!rule.ok) return context.fail(rule.error);
    const remove = options.remove === true;
    const meant = exclusionFor(typed);
    const answer = await client.call('rulesExclude', { rule: rule.value?.id ?? null, path: meant.path, remove });
    if (!answer.ok) return context.fail(answer.error);
    const say = remove ? RULES.includedNow : RULES.excludedNow;
    if (context.json) context.printJson(answer.value);
    else context.print(...hanging('', visible([say(meant.path, rule.value?.name ?? null), ...remarksOn(typed, meant, remove)].join(' ')), context.width));
    return EXIT.ok;
  });
}

function remarksOn(typed: string, meant: Exclusion, remove: boolean): string[] {
  const isRelative = !typed.startsWith('/') && meant.path !== typed;
  return [...(isRelative ? [RULES.excludedFromHere(typed, meant.path)] : []), ...(meant.missing && !remove ? [RULES.nothingThere] : [])];
}

async function listExclusions(context: CliContext, client: ControlClient): Promise<number> {
  const answer = await client.call('exclusionsList', {});
  if (!answer.ok) return context.fail(answer.error);
  const { global, perRule } = answer.value;
  if (context.json) {
    context.printJson(answer.value);
    return EXIT.ok;
  }
  const list = await client.call('rulesList', {});
  const nameOf = (id: string): string => (list.ok ? (list.value.rules.find((rule) => rule.id === id)?.name ?? id) : id);
  const groups = [[RULES.exclusionsGlobal, global] as const, ...Object.entries(perRule).map(([id, paths]) => [nameOf(id), paths] as const)].filter(([, paths]) => paths.length > 0);
  if (groups.length === 0) context.print(RULES.noExclusions);
  for (const [title, paths] of groups) context.print(context.paint.bold(visible(title)), ...paths.flatMap((each) => hanging('  ', visible(each), context.width)));
  return EXIT.ok;
}

export async function ruleBy(client: ControlClient, typed: string): Promise<Result<RuleInfo>> {
  const list = await client.call('rulesList', {});
  return list.ok ? findRule(list.value.rules, typed) : list;
}
