/** History as a list, newest first. */
import type { Action, HistoryEntry, HistoryProcess } from '../../../shared/history/entry.ts';
import { ARGUMENTS_UNKNOWN } from '../../engine/edr/history-entry.ts';
import type { CliContext } from '../context.ts';
import { localTime } from '../output/times.ts';
import { visible } from '../output/visible.ts';
import { displayWidth, shorten, startOf } from '../output/width.ts';
import { HISTORY } from '../words.ts';

const INDENT = '    ';
const GAP = '  ';
/** Less of a path than that says nothing. */
const LEAST_IMAGE = 12;
/** Before `visible`, so that a megabyte of arguments costs nothing. */
const MOST_READ = 2_000;

export function showList(context: CliContext, entries: readonly HistoryEntry[], more: boolean): void {
  for (const entry of entries) {
    const times = entry.count === 1 ? '' : HISTORY.times(entry.count);
    const word = wordOf(entry);
    const head = `${localTime(entry.lastTime)}  ${word}${times}`;
    context.print(`${context.paint.dim(localTime(entry.lastTime))}  ${actionColour(context, entry.action)(word)}${times}${fits(context, head, entry)}`);
    if (entry.pause !== undefined) context.print(INDENT + oneLine(pauseLine(entry.pause), context.width - INDENT.length));
    context.print(INDENT + programLine(entry.process, context.width - INDENT.length));
    context.print(context.paint.dim(INDENT + shorten(visible(entry.id), context.width - INDENT.length)));
  }
  const last = entries.at(-1);
  if (last === undefined) return;
  context.print('', HISTORY.detail(context.hint(`history --id ${visible(last.id)}`)));
  if (more) context.print(HISTORY.more(context.hint(`history --before ${visible(last.id)}`)));
}

/** What was done, in one word; of a pause, what became of it. */
export function wordOf({ action, pause }: Pick<HistoryEntry, 'action' | 'pause'>): string {
  return pause === undefined ? action : HISTORY.pauseEvents[pause.event];
}

export function pauseLine(pause: NonNullable<HistoryEntry['pause']>): string {
  return HISTORY.pause({ ...pause, until: pause.until === null ? null : localTime(pause.until) });
}

/** Image and arguments; the image once where the arguments begin with it. */
export function program({ image, commandLine }: Pick<HistoryProcess, 'image' | 'commandLine'>): string {
  return commandLine.startsWith(image) ? commandLine : image + GAP + commandLine;
}

/** What a program was started as, in one line. Our own words in place of arguments are never cut from the left: there the path gives way. */
export function programLine(process: Pick<HistoryProcess, 'image' | 'commandLine'>, width: number): string {
  if (process.commandLine !== ARGUMENTS_UNKNOWN) return oneLine(program(process), width);
  const room = width - GAP.length - displayWidth(ARGUMENTS_UNKNOWN);
  return room < LEAST_IMAGE ? startOf(visible(program(process)), width) : oneLine(process.image, room) + GAP + ARGUMENTS_UNKNOWN;
}

/** The rule's name behind the head when there is room, on a line of its own when not. */
function fits(context: CliContext, head: string, entry: HistoryEntry): string {
  const room = context.width - head.length - 2;
  const name = visible(entry.rule.name);
  return name.length <= room ? `  ${name}` : `\n${INDENT}${startOf(name, context.width - INDENT.length)}`;
}

export function oneLine(text: string, width: number): string {
  return shorten(visible(text.length > MOST_READ ? `${text.slice(0, MOST_READ)}…` : text), width);
}

export function actionColour(context: CliContext, action: Action): (text: string) => string {
  const { paint } = context;
  if (action === 'audited' || action === 'observed') return paint.caution;
  return action === 'suspended' ? paint.bad : paint.good;
}
