/** `holdfast replay`: event files through the very pipeline that runs live. Runs in this process; needs no engine, and changes nothing. */
import type { TrustLevel } from '../../../shared/packs/pack.ts';
import type { ReplayLine, SummaryLine } from '../../../shared/replay/lines.ts';
import type { CliContext } from '../context.ts';
import { readEvents } from '../../formats/read-events.ts';
import { EXIT } from '../exit-codes.ts';
import { hanging } from '../output/table.ts';
import { visible } from '../output/visible.ts';
import { composeReplay } from '../replay/compose.ts';
import { expandInputs } from '../replay/inputs.ts';
import { ReplayReport } from '../replay/report.ts';
import { runReplay, type ReplaySink, type ReplayTotals } from '../replay/run-replay.ts';
import { REPLAY } from '../words-replay.ts';

export interface ReplayOptions {
  readonly rules: readonly string[];
  readonly trust: TrustLevel;
  readonly asr: boolean;
}

export async function replayCommand(context: CliContext, names: readonly string[], options: ReplayOptions): Promise<number> {
  const dataDir = context.dataDir();
  if (!dataDir.ok) return context.fail(dataDir.error);
  const composed = await composeReplay({ named: options.rules, trust: options.trust, dataDir: dataDir.value, uid: context.io.uid }, options.asr);
  if (!composed.ok) return context.fail(composed.error);
  for (const note of composed.value.notes) context.io.err(`${visible(note)}\n`);
  const stop = new AbortController();
  const release = context.io.onInterrupt(() => stop.abort());
  const startedMs = performance.now();
  try {
    const parts = { read: readEvents, target: composed.value.session, sink: sinkOf(context), stopped: () => stop.signal.aborted };
    const totals = await runReplay(await expandInputs(names, () => context.io.standardInput()), parts);
    if (stop.signal.aborted) return sayInterrupted(context, totals);
    sayTotals(context, totals, (performance.now() - startedMs) / 1_000);
    return totals.unreadable > 0 ? EXIT.usage : EXIT.ok;
  } finally {
    release();
  }
}

function sinkOf(context: CliContext): ReplaySink {
  const report = new ReplayReport(context);
  const show = context.json ? (line: ReplayLine) => context.printJson(line) : report.show.bind(report);
  return {
    lines: (lines) => lines.forEach(show),
    problem: (input, offset, reason) => context.io.err(`${visible(input)}:${offset}: ${visible(reason)}\n`),
    drained: () => context.io.drained(),
  };
}

/** A summary stands only where all was read; for a program the exit code tells. */
function sayInterrupted(context: CliContext, { events }: ReplayTotals): number {
  if (!context.json) context.print('', REPLAY.interrupted(events));
  return EXIT.interrupted;
}

function sayTotals(context: CliContext, { events, findings, contained, errors }: ReplayTotals, seconds: number): void {
  const rate = seconds > 0 ? events / seconds : 0;
  const summary: SummaryLine = { type: 'summary', events, seconds: rounded(seconds, 3), eventsPerSecond: rounded(rate, 1), findings, contained, errors };
  if (context.json) context.printJson(summary);
  else {
    const words = [REPLAY.summary(events, seconds, rate), REPLAY.found(findings, contained), ...(errors === 0 ? [] : [REPLAY.errors(errors)])];
    context.print('', ...hanging('', words.join(' '), context.width));
  }
}

function rounded(number: number, digits: number): number {
  return Number(number.toFixed(digits));
}
