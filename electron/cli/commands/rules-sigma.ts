/** What `holdfast rules list` shows of Sigma: packs with their readiness, and with `--sigma` the single rules. */
import type { CallOutput } from '../../../shared/control/calls.ts';
import type { PackInfo, SigmaRuleInfo } from '../../../shared/packs/pack.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { hanging, table } from '../output/table.ts';
import { count } from '../output/times.ts';
import { visible } from '../output/visible.ts';
import { PACK_WORDS, READY } from '../words-packs.ts';

export interface SigmaListOptions {
  readonly sigma?: boolean;
  readonly pack?: string;
  readonly readiness?: SigmaRuleInfo['readiness'];
  readonly level?: SigmaRuleInfo['level'];
  readonly search?: string;
  readonly limit: number;
}

const SOURCES_SHOWN = 5;

/** Who filters means single rules, also without saying so. */
export function asksForRules({ sigma, pack, readiness, level, search }: SigmaListOptions): boolean {
  return sigma === true || [pack, readiness, level, search].some((filter) => filter !== undefined);
}

export function packLines(context: CliContext, answer: CallOutput<'packsList'>): string[] {
  const { packs, readiness, missing, muted, sigmaActive } = answer;
  const title = ['', context.paint.bold(PACK_WORDS.title)];
  const paragraph = (text: string): string[] => hanging('', visible(text), context.width);
  if (packs.length === 0) return [...title, ...paragraph(PACK_WORDS.none(context.hint('rules import <path>')))];
  const columns = PACK_WORDS.columns.map((each, index) => ({ title: each, alignRight: index >= 2 && index <= 6 }));
  return [
    ...title,
    ...table(columns, packs.flatMap(packRows), context.width),
    '',
    ...paragraph(PACK_WORDS.totals(readiness, sigmaActive)),
    ...missing.slice(0, SOURCES_SHOWN).flatMap((each) => hanging('  ', visible(PACK_WORDS.missing(each)), context.width)),
    ...muted.flatMap(({ title: rule, rule: id, reason }) => paragraph(PACK_WORDS.muted(rule, reason, context.hint(`rules unmute ${id}`)))),
  ];
}

function packRows(pack: PackInfo): string[][] {
  const { canFire, degraded, cannotFire, inactive } = pack.readiness;
  const origin = PACK_WORDS.origin(pack);
  const row = [pack.id, pack.trust, count(pack.totals.rules), count(canFire), count(degraded), count(cannotFire), count(inactive), visible(PACK_WORDS.version(pack))];
  return [row, ...(origin === '' ? [] : [['', '', '', '', '', '', '', `  ${visible(origin)}`]])];
}

export function sigmaListCommand(context: CliContext, options: SigmaListOptions): Promise<number> {
  const { pack, readiness, level, search: text, limit } = options;
  return context.withEngine(async (client) => {
    const given = { ...(pack === undefined ? {} : { pack }), ...(readiness === undefined ? {} : { readiness }), ...(level === undefined ? {} : { level }), ...(text === undefined ? {} : { text }) };
    const answer = await client.call('sigmaRules', { ...given, limit });
    if (!answer.ok) return context.fail(answer.error);
    const { rules, total } = answer.value;
    if (context.json) context.printJson(answer.value);
    else if (rules.length === 0) context.print(PACK_WORDS.noRules);
    else context.print(...table(PACK_WORDS.ruleColumns.map((title) => ({ title })), rules.flatMap(ruleRows), context.width));
    if (!context.json && rules.length < total) context.print('', ...hanging('', PACK_WORDS.more(rules.length, total), context.width));
    return EXIT.ok;
  });
}

function ruleRows(rule: SigmaRuleInfo): string[][] {
  const under = (text: string): string[] => ['', '', '', `  ${visible(text)}`];
  return [
    [READY[rule.readiness], rule.level, rule.muted ? PACK_WORDS.mutedMark : rule.response, visible(rule.title)],
    under(`${rule.pack}  ${rule.id}${rule.author === null ? '' : `  ${PACK_WORDS.author(rule.author)}`}`),
    ...(rule.reason === null ? [] : [under(rule.reason)]),
  ];
}
