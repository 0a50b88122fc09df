/** The page of the table, in Markdown. */
import { recordedDefinitions } from '../../electron/engine/asr/judge-recorded.ts';
import type { AsrRule, RuleBook } from '../../electron/engine/asr/rule-book.ts';
import { RECORDINGS, type BackgroundHit, type HitCounts, type RuleCounts } from './count.ts';
import { reasonFor } from './reasons.ts';

const INTRODUCTION = `# What the Windows definitions find in the recordings

Made by \`npm run asr-hits\`; do not edit. The definitions are in [resources/rules/asr](../resources/rules/asr) under
\`systems.windows.recorded\`. Each of the nineteen rules is asked about each event of the recordings, as if it were on block.

*atomic* labels each start: what descends from the shell of a test is attack, the rest background. In *otrf* and *evtx-attack* only the
whole group holds an attack somewhere, so a number of groups says nothing about false alarms. *splunk* is a domain controller being set up
by remote scripts: nothing should be found there but the few tests that follow. A cell is events / groups with at least one hit. Rule
authors have seen many of these attacks, so the numbers are kinder than the field. Many rules find little here because the
recordings hold hardly any of it: office, mail and PDF programs, sticks, drivers. Their fixtures stand in for that.`;

export function page(book: RuleBook, counts: HitCounts): string {
  return [INTRODUCTION, totals(counts), '## Hits by rule', table(book, counts), '## Hits in the background, and why', reasons(book, counts), '## What could be done', answers(book)].join('\n\n') + '\n';
}

function totals({ totals: all }: HitCounts): string {
  const lines = RECORDINGS.map(({ file }) => {
    const one = all.get(file);
    return `| ${shortName(file)} | ${one?.events ?? 0} | ${one?.groups ?? 0} | ${one?.background ?? 0} |`;
  });
  return ['| recording | events that a rule speaks about | groups | of them background |', '|---|---:|---:|---:|', ...lines].join('\n');
}

function table(book: RuleBook, counts: HitCounts): string {
  const attack = RECORDINGS.filter(({ truth }) => truth !== 'background');
  const quiet = RECORDINGS.filter(({ truth }) => truth !== 'groups');
  const head = ['rule', ...attack.map(({ file }) => shortName(file)), ...quiet.map(({ file }) => `${shortName(file)}, background`)];
  const rows = book.rules.map((rule) => {
    const found = counts.rules.get(rule.id);
    return [rule.slug, ...attack.map(({ file }) => cell(found, file)), ...quiet.map(({ file }) => String(backgroundOf(found, file).length))];
  });
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

function cell(counts: RuleCounts | undefined, file: string): string {
  const one = counts?.found.get(file);
  return one === undefined ? '0' : `${one.events} / ${one.groups.size}`;
}

function backgroundOf(counts: RuleCounts | undefined, file: string): readonly BackgroundHit[] {
  return counts?.background.filter(({ recording }) => recording === file) ?? [];
}

function reasons(book: RuleBook, counts: HitCounts): string {
  const seen = new Map<string, number>();
  for (const rule of book.rules) {
    for (const hit of counts.rules.get(rule.id)?.background ?? []) {
      const row = line([rule.slug, shortName(hit.recording), hit.hit.definition.title, reasonFor(hit) ?? '**none**']);
      seen.set(row, (seen.get(row) ?? 0) + 1);
    }
  }
  if (seen.size === 0) return 'None.';
  return [line(['rule', 'recording', 'definition', 'reason', 'hits']), '|---|---|---|---|---:|', ...[...seen].map(([row, hits]) => `${row} ${hits} |`)].join('\n');
}

/** Definitions that speak of events which come after the fact: by the strongest word that is honest then. */
function answers(book: RuleBook): string {
  const definitions = recordedDefinitions(book, 'windows');
  const head = [line(['rule', 'definitions', 'answer once the record is there', 'prevented, if at all, by Windows']), '|---|---:|---|---|'];
  const rows = book.rules.map((rule) => {
    const own = definitions.filter((one) => one.rule.id === rule.id);
    const words = [...new Set(own.map(({ answer }) => answer))].filter((word) => word !== 'prevented');
    return line([rule.slug, String(own.length), words.join(', '), prevention(rule)]);
  });
  return [...head, ...rows].join('\n');
}

function prevention(rule: AsrRule): string {
  const part = rule.systems.windows;
  return (part.available ? null : part.prevention) ?? 'by Microsoft Defender only, where it is in charge and its own rule is on';
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function shortName(file: string): string {
  return file.replace('-dev.jsonl.gz', '');
}
