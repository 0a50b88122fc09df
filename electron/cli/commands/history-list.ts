/** History as a list, newest first. */
import type { Action, HistoryEntry, HistoryProcess } from '../../../shared/history/entry.ts';
import type { CliContext } from '../context.ts';
import { localTime } from '../output/times.ts';
import { visible } from '../output/visible.ts';
import { shorten } from '../output/width.ts';
import { HISTORY } from '../words.ts';

const INDENT = '    ';
/** Before `visible`, so that a megabyte of arguments costs nothing. */
const MOST_READ = 2_000;

export function showList(context: CliContext, entries: readonly HistoryEntry[], more: boolean): void {
  for (const entry of entries) {
    const times = entry.count === 1 ? '' : HISTORY.times(entry.count);
    const head = `${localTime(entry.lastTime)}  ${entry.action}${times}`;
    context.print(`${context.paint.dim(localTime(entry.lastTime))}  ${actionColour(context, entry.action)(entry.action)}${times}${fits(context, head, entry)}`);
    context.print(INDENT + oneLine(program(entry.process), context.width - INDENT.length));
    context.print(context.paint.dim(INDENT + shorten(visible(entry.id), context.width - INDENT.length)));
  }
  const last = entries.at(-1);
  if (last === undefined) return;
  context.print('', HISTORY.detail(context.hint(`history --id ${visible(last.id)}`)));
  if (more) context.print(HISTORY.more(context.hint(`history --before ${visible(last.id)}`)));
}

/** Image and arguments; the image once where the arguments begin with it. */
export function program({ image, commandLine }: HistoryProcess): string {
  return commandLine.startsWith(image) ? commandLine : `${image}  ${commandLine}`;
}

/** The rule's name behind the head when there is room, on a line of its own when not. */
function fits(context: CliContext, head: string, entry: HistoryEntry): string {
  const room = context.width - head.length - 2;
  const name = visible(entry.rule.name);
  return name.length <= room ? `  ${name}` : `\n${INDENT}${shorten(name, context.width - INDENT.length)}`;
}

export function oneLine(text: string, width: number): string {
  return shorten(visible(text.length > MOST_READ ? `${text.slice(0, MOST_READ)}…` : text), width);
}

export function actionColour(context: CliContext, action: Action): (text: string) => string {
  const { paint } = context;
  if (action === 'audited' || action === 'observed') return paint.caution;
  return action === 'suspended' ? paint.bad : paint.good;
}
