/** Texts of the command line about packs of Sigma rules and about checking rule files. */
import type { MissingSource, PackHealth, PackInfo, ReadinessTotals, RuleTotals } from '../../shared/packs/pack.ts';
import { count } from './output/times.ts';

export const PACK_HELP = {
  import: 'import a zip, a folder or a file of Sigma rules as a pack, in force when the command returns',
  importPath: 'a zip, a folder or a rule file; links inside are not followed',
  importName: 'name of the pack (default: that of the file); the same name replaces its rules',
  importTrust: 'how far its rules may go: observe (default), suspend, contain',
  remove: 'remove a pack; its rules judge no longer',
  pack: 'id of the pack, as rules list shows it',
  trust: 'how far the rules of a pack may go',
  trustLevel: 'observe (evidence only), suspend, contain',
  unmute: 'let a rule speak again that was muted because it matched far too much',
  unmuteRule: 'id of the rule',
  listSigma: 'single Sigma rules with their readiness on this device',
  listPack: 'only rules of this pack',
  listReadiness: 'only rules that are canFire, degraded, cannotFire or inactive',
  listLevel: 'only rules of this level',
  listSearch: 'only rules with this text in title, id or file name',
  listLimit: 'at most this many rules',
} as const;

export const READY = { canFire: 'can fire', degraded: 'degraded', cannotFire: 'can not fire', inactive: 'inactive' } as const;

export const PACK_WORDS = {
  title: 'Sigma rules',
  columns: ['Pack', 'Trust', 'Rules', 'Can fire', 'Degraded', 'Can not', 'Inactive', 'Name, version'],
  none: (command: string) => `No pack of Sigma rules is installed. Import one: ${command}`,
  version: ({ name, version, importedAt }: PackInfo) => `${name}, ${version.slice(0, 12)}, ${importedAt.slice(0, 10)}`,
  /** Where one knows it. */
  origin: ({ origin, by, licence }: PackInfo) => [origin === '' ? '' : `from ${origin}`, by === '' ? '' : `by ${by}`, licence === null ? '' : `licence: ${licence}`].filter((part) => part !== '').join('; '),
  totals: ({ canFire, degraded, cannotFire, inactive }: ReadinessTotals, active: number) =>
    `${count(canFire)} can fire, ${count(degraded)} with fields missing, ${count(cannotFire)} can not on this device, ${count(inactive)} wait for a list. ${count(active)} judge now.`,
  missing: ({ source, rules, switchOn }: MissingSource) => `${count(rules)} wait for ${source}: ${switchOn}`,
  muted: (title: string, reason: string, command: string) => `Muted: ${title}, because it ${reason}. Let it speak again: ${command}`,
  more: (shown: number, total: number) => `${count(shown)} of ${count(total)} shown; narrow it down with --pack, --readiness, --level, --search, or raise --limit.`,
  ruleColumns: ['Ready', 'Level', 'Does', 'Rule'],
  noRules: 'No Sigma rule fits.',
  mutedMark: 'muted',
  author: (author: string) => `by ${author}`,
  imported: ({ id, totals, trust }: PackInfo, replaced: string | null) =>
    `Pack "${id}" is in force: ${loaded(totals)}. ${replaced === null ? '' : `It takes the place of version ${replaced.slice(0, 12)}. `}Trusted to ${trust}.`,
  readiness: ({ canFire, degraded, cannotFire, inactive }: ReadinessTotals) => `On this device ${count(canFire)} can fire, ${count(degraded)} with fields missing, ${count(cannotFire)} can not, ${count(inactive)} wait for a list.`,
  health: ({ tested, starts, noisy }: PackHealth) =>
    !tested
      ? `Not tried on this device: only ${count(starts)} recent starts are at hand, too few to tell.`
      : noisy.length === 0
        ? `Tried on ${count(starts)} recent starts: no rule is noisy.`
        : `Tried on ${count(starts)} recent starts: ${noisy.length} matched far too much and ${noisy.length === 1 ? 'is' : 'are'} muted: ${noisy.map(({ title }) => title).join(', ')}`,
  refusedMore: (more: number) => `and ${count(more)} more; "rules check" names them all`,
  removed: (id: string) => `Pack "${id}" is removed; its rules judge no longer.`,
  trusted: (id: string, trust: string) => `Pack "${id}" is trusted to ${trust}, in force.`,
  unmuted: (titles: readonly string[]) => `${titles.join(', ')}: judges again.`,
  badTrust: (typed: string) => `"${typed}" is no trust level. Levels: observe, suspend, contain.`,
  nothingToImport: (target: string) => `${target} holds no rule files (names that end with .yml or .yaml).`,
} as const;

export const CHECK_WORDS = {
  totals: (totals: RuleTotals) => `${count(totals.files)} ${totals.files === 1 ? 'file' : 'files'} checked: ${loaded(totals)}.`,
} as const;

function loaded({ rules, filters, correlations, inactive, refused }: RuleTotals): string {
  const parts = [
    `${count(rules)} ${rules === 1 ? 'rule' : 'rules'}`,
    ...(filters === 0 ? [] : [`${count(filters)} ${filters === 1 ? 'filter' : 'filters'}`]),
    ...(correlations === 0 ? [] : [`${count(correlations)} ${correlations === 1 ? 'correlation' : 'correlations'}`]),
    ...(inactive === 0 ? [] : [`${count(inactive)} of them inactive, waiting for a list`]),
    ...(refused === 0 ? [] : [`${count(refused)} refused`]),
  ];
  return parts.join(', ');
}
