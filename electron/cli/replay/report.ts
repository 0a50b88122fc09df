/** A replay as a person reads it: what was found under the recording it was found in, verdicts set off from findings. */
import type { FindingLine, ReplayProcess, VerdictLine } from '../../../shared/replay/lines.ts';
import type { SessionLine } from '../../engine/pipeline/replay-session.ts';
import type { CliContext } from '../context.ts';
import { hanging } from '../output/table.ts';
import { visible } from '../output/visible.ts';
import { shorten, wrap } from '../output/width.ts';
import { REPLAY } from '../words-replay.ts';

const TIME_LENGTH = '2026-01-02 03:04:05.678'.length;
const INDENT = '    ';
/** Of a command line, a name or a title; --json has it whole. */
const MOST_LINES = 3;

export class ReplayReport {
  private readonly context: CliContext;
  private place = '';

  constructor(context: CliContext) {
    this.context = context;
  }

  show(line: SessionLine): void {
    const place = REPLAY.place(line.input, line.group);
    const { paint, width } = this.context;
    if (place !== this.place) this.context.print(...(this.place === '' ? [] : ['']), ...lineOf(visible(place), width).map(paint.bold));
    this.place = place;
    this.context.print(...(line.type === 'finding' ? this.finding(line) : this.verdict(line)));
  }

  private finding({ time, rule, process }: FindingLine): string[] {
    const { width } = this.context;
    const head = `${timeText(time)}  ${REPLAY.rule(rule.level, rule.source)}  ${visible(rule.title)}${visible(REPLAY.by(rule.author))}`;
    return [...lineOf(head, width), ...processText(process).flatMap((text) => hanging(INDENT, shorten(text, width * MOST_LINES), width))];
  }

  private verdict({ time, decision, score, processes, reasons }: VerdictLine): string[] {
    const { paint, width } = this.context;
    const colour = decision === 'contain' ? paint.bad : paint.caution;
    const head = `${timeText(time)}  ${REPLAY.verdicts[decision]}  ${REPLAY.verdict(score, processes.length)}`;
    return [...lineOf(head, width).map(colour), ...reasons.flatMap((reason) => hanging(INDENT, visible(reason), width))];
  }
}

/** Names and titles come from recordings and rules: what does not fit a line goes on indented, so that none looks like a line of ours. */
function lineOf(text: string, width: number): string[] {
  const [first = '', ...rest] = wrap(shorten(text, width * MOST_LINES), width - INDENT.length);
  return [first, ...rest.map((line) => INDENT + line)];
}

/** To the millisecond, in UTC as the recording has it. */
function timeText(time: string | null): string {
  return time === null ? REPLAY.noTime : time.replace('T', ' ').replace('Z', '').slice(0, TIME_LENGTH);
}

function processText({ pid, image, commandLine }: ReplayProcess): string[] {
  const what = commandLine ?? image;
  return what === null ? [] : [`${pid === null ? '' : `${pid}  `}${visible(what)}`];
}
