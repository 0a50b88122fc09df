/** One history entry with everything that is known about it. */
import type { HistoryEntry } from '../../../shared/history/entry.ts';
import type { CliContext } from '../context.ts';
import { hanging, pairs, table } from '../output/table.ts';
import { localTime } from '../output/times.ts';
import { visible } from '../output/visible.ts';
import { ACTION_MEANS, HISTORY, MODE_WORDS } from '../words.ts';
import { actionColour, oneLine, pauseLine, programLine, wordOf } from './history-list.ts';
import { descent, type Member } from './descent.ts';

/** A command line can be a megabyte; --json gives all of it. */
const MOST_SHOWN = 4_000;

export function showDetail(context: CliContext, entry: HistoryEntry): void {
  const { paint, width } = context;
  const means = entry.pause === undefined ? ACTION_MEANS[entry.action] : HISTORY.pauseMeans[entry.pause.event];
  context.print(`${actionColour(context, entry.action)(wordOf(entry))} (${means})  ${paint.bold(visible(entry.rule.name))}`, '');
  context.print(...pairs(fieldsOf(entry), width));
  section(context, HISTORY.notes, entry.notes.flatMap((note) => hanging('- ', visible(note), width - 2)));
  section(context, HISTORY.matched, matchedLines(entry, width));
  section(context, HISTORY.family, familyLines(entry, width));
  section(context, HISTORY.below, (entry.below ?? []).flatMap((one) => hanging(`${one.pid}  `, `${programLine(one, width)}, ${HISTORY.belowOutcome[one.outcome]}`, width - 2)));
  if (entry.rule.mode !== 'audit' && entry.rule.source !== 'holdfast') context.print('', HISTORY.allow(context.hint(`allow add ${visible(entry.id)} --for 24h --reason "…"`)));
}

function fieldsOf(entry: HistoryEntry): (readonly [string, string])[] {
  const { fields } = HISTORY;
  const { process } = entry;
  const same = entry.count === 1;
  return [
    [fields.why, visible(entry.reason)],
    ...(entry.pause === undefined ? [] : [[fields.pause, visible(pauseLine(entry.pause))] as const]),
    [fields.program, visible(process.image)],
    [fields.commandLine, long(process.commandLine)],
    [fields.user, visible(process.user)],
    [fields.process, HISTORY.startedAt(process.pid, process.startTime === null ? null : localTime(process.startTime))],
    [same ? fields.last : fields.first, localTime(entry.time)],
    ...(same ? [] : ([[fields.last, localTime(entry.lastTime)], [fields.count, String(entry.count)]] as const)),
    [fields.rule, `${visible(entry.rule.id)} (${entry.rule.source})`],
    [fields.mode, entry.rule.mode === null ? '-' : MODE_WORDS[entry.rule.mode]],
    [fields.severity, entry.severity],
    ...(entry.rule.attack.length === 0 ? [] : [[fields.attack, entry.rule.attack.map(visible).join(', ')] as const]),
    ...(entry.definitionId === null ? [] : [[fields.definition, visible(entry.definitionId)] as const]),
    [fields.id, visible(entry.id)],
  ];
}

function matchedLines(entry: HistoryEntry, width: number): string[] {
  if (entry.matched.length === 0) return [];
  const rows = entry.matched.map(({ field, value, pattern }) => [visible(field), HISTORY.matchedAgainst(long(value), long(pattern))]);
  return table(HISTORY.matchedColumns.map((title) => ({ title })), rows, width - 2);
}

/** The line of descent from its oldest known member down to the program itself. */
function familyLines(entry: HistoryEntry, width: number): string[] {
  const line = descent(entry.process, entry.ancestors).reverse();
  return line.flatMap((member, depth) => memberLines(member, depth, { isLast: depth === line.length - 1, width: width - 2 }));
}

function memberLines({ process, before }: Member, depth: number, { isLast, width }: { readonly isLast: boolean; readonly width: number }): string[] {
  const lead = `${branch(depth)}${process.pid}  `;
  const room = width - lead.length;
  const words = `  ← ${HISTORY.this}`;
  const own = isLast ? oneLine(process.image, room - words.length) + words : programLine(process, room);
  return [lead + own, ...before.map((image) => ' '.repeat(lead.length) + oneLine(HISTORY.before(image), room))];
}

const DEEPEST_INDENT = 12;

function branch(depth: number): string {
  return depth === 0 ? '' : `${'  '.repeat(Math.min(depth, DEEPEST_INDENT) - 1)}└ `;
}

function section(context: CliContext, title: string, lines: readonly string[]): void {
  if (lines.length > 0) context.print('', context.paint.bold(title), ...lines.map((line) => `  ${line}`));
}

function long(text: string): string {
  return text.length <= MOST_SHOWN ? visible(text) : visible(text.slice(0, MOST_SHOWN)) + HISTORY.cut(text.length - MOST_SHOWN);
}
