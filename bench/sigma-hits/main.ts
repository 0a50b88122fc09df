/**
 * Which share of written command lines Holdfast's own Sigma rules mark at medium or above. One line of JSON per set, label and
 * way of starting; what the figures mean stands in docs/own-pack.md.
 */
import { SIGMA_LEVELS, type SigmaRule } from '../../electron/engine/rules/model.ts';
import type { StartFacts } from '../../shared/start/facts.ts';
import { textSets, windowsStarts, type RecordedEvent, type TextSet } from './corpus.ts';
import { OWN_RULES, readRules, RuleSet } from '../../test/support/own-sigma.ts';
import { startsOf, startsOfShellArgument } from './starts.ts';

export interface HitsSetting {
  readonly corpus: string;
  /** Folder of rules; the own ones when left out. */
  readonly rules?: string;
  /** Measures this set alone. */
  readonly set?: string;
  /** With a set: prints each of its lines with the rules that marked it, instead of figures. */
  readonly show?: boolean;
}

type Print = (line: string) => void;

const MEDIUM = SIGMA_LEVELS.indexOf('medium');
const WINDOWS_RECORDINGS = ['atomic-dev', 'splunk-dev'];

/** How a line comes to run. */
export const WAYS: Readonly<Record<string, (line: string) => readonly StartFacts[]>> = { typed: startsOf, 'shell argument': startsOfShellArgument };

export function measureHits(setting: HitsSetting, print: Print): void {
  const rules = readRules(setting.rules ?? OWN_RULES).map(({ rule }) => rule);
  const linux = new RuleSet(ofSystem(rules, 'linux'));
  const wanted = (name: string): boolean => setting.set === undefined || setting.set === name;
  for (const set of textSets(setting.corpus).filter(({ name }) => wanted(name))) {
    if (setting.show === true) showSet(linux, set, print);
    else for (const [way, starts] of Object.entries(WAYS)) print(JSON.stringify(figure(linux, set, way, starts)));
  }
  const windows = new RuleSet(ofSystem(rules, 'windows'));
  for (const name of WINDOWS_RECORDINGS.filter(wanted)) {
    const starts = windowsStarts(setting.corpus, `${name}.jsonl.gz`);
    if (setting.show === true) showStarts(windows, starts, print);
    else for (const line of windowsFigures(windows, name, starts)) print(JSON.stringify(line));
  }
}

/** The rules about starts on one system. */
export function ofSystem(rules: readonly SigmaRule[], system: string): readonly SigmaRule[] {
  return rules.filter(({ logsource }) => logsource.product === system && logsource.category === 'process_creation');
}

function figure(rules: RuleSet, set: TextSet, way: string, startsBy: (line: string) => readonly StartFacts[]): Record<string, unknown> {
  const started = set.lines.map(startsBy);
  const marked = (starts: readonly StartFacts[]): boolean => marks(rules, starts).length > 0;
  const acting = started.filter((starts) => starts.length > 0);
  const hits = started.filter(marked).length;
  return {
    name: 'sigma-hits',
    set: set.name,
    label: set.label,
    way,
    lines: set.lines.length,
    marked: hits,
    percentOfLines: percent(hits, set.lines.length),
    linesThatStartAProgram: acting.length,
    percentOfThose: percent(hits, acting.length),
    ...(set.scripts.length > 0 ? { scripts: set.scripts.length, percentOfScripts: percent(set.scripts.filter((script) => script.some((line) => marked(startsBy(line)))).length, set.scripts.length) } : {}),
  };
}

/** Rules at medium or above, by title. */
export function marks(rules: RuleSet, starts: readonly StartFacts[]): readonly string[] {
  return titles(rules.matches(starts));
}

function titles(found: ReadonlySet<SigmaRule>): readonly string[] {
  return [...found].filter(({ level }) => SIGMA_LEVELS.indexOf(level) >= MEDIUM).map(({ title }) => title);
}

function showSet(rules: RuleSet, set: TextSet, print: Print): void {
  for (const line of set.lines) {
    const typed = marks(rules, startsOf(line));
    const argument = marks(rules, startsOfShellArgument(line)).filter((title) => !typed.includes(title));
    print(JSON.stringify({ line, typed, argument }));
  }
}

function showStarts(rules: RuleSet, starts: readonly RecordedEvent[], print: Print): void {
  for (const { label, group, fields } of starts) {
    const found = titles(rules.matchesFields(fields));
    if (found.length > 0) print(JSON.stringify({ label, group, parent: fields['ParentImage'], commandLine: fields['CommandLine'], rules: found }));
  }
}

function windowsFigures(rules: RuleSet, set: string, starts: readonly RecordedEvent[]): Record<string, unknown>[] {
  const labels = [...new Set(starts.map(({ label }) => label))];
  return labels.map((label) => {
    const of = starts.filter((start) => start.label === label);
    const found = of.map((start) => titles(rules.matchesFields(start.fields)));
    const byRule: Record<string, number> = {};
    for (const title of found.flat()) byRule[title] = (byRule[title] ?? 0) + 1;
    const hits = found.filter((one) => one.length > 0).length;
    return { name: 'sigma-hits', set, label, starts: of.length, marked: hits, percentOfStarts: percent(hits, of.length), byRule };
  });
}

function percent(part: number, whole: number): number | null {
  return whole === 0 ? null : Number(((100 * part) / whole).toFixed(2));
}
