/** `holdfast rehearse`: harmless look-alikes of attacks, and what Holdfast makes of each. */
import type { RehearsalResult } from '../../../shared/rehearsal/result.ts';
import { BEHAVIOURS } from '../../rehearsal/behaviours/all.ts';
import type { Behaviour } from '../../rehearsal/behaviour.ts';
import { rehearse } from '../../rehearsal/rehearse.ts';
import type { ControlClient } from '../../host/control-client.ts';
import { removableMedia } from '../removable-media.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { hanging, table } from '../output/table.ts';
import { padEnd } from '../output/width.ts';
import { visible } from '../output/visible.ts';
import { MODE_WORDS, REHEARSE } from '../words.ts';

export interface RehearseOptions {
  readonly only: readonly string[];
  readonly list?: boolean;
}

export function rehearseCommand(context: CliContext, options: RehearseOptions): Promise<number> {
  const unknown = options.only.find((id) => !BEHAVIOURS.some((behaviour) => behaviour.id === id));
  if (unknown !== undefined) return Promise.resolve(context.fail({ code: 'usage', message: REHEARSE.unknown(visible(unknown), context.hint('rehearse --list')) }));
  const chosen = options.only.length === 0 ? BEHAVIOURS : BEHAVIOURS.filter((behaviour) => options.only.includes(behaviour.id));
  if (options.list === true) return Promise.resolve(list(context, chosen));
  if (context.io.platform !== 'linux') return Promise.resolve(context.fail({ code: 'unsupported-system', message: REHEARSE.linuxOnly }));
  return context.withEngine((client) => perform(context, client, chosen));
}

/** Needs no engine: it says what would be done, not what would come of it. */
function list(context: CliContext, behaviours: readonly Behaviour[]): number {
  const rows = behaviours.map(({ id, behaviour, rule }) => ({ id, behaviour, rule }));
  if (context.json) for (const row of rows) context.printJson(row);
  else context.print(...table(REHEARSE.listColumns.map((title) => ({ title })), rows.map((row) => [row.id, row.behaviour]), context.width));
  return EXIT.ok;
}

async function perform(context: CliContext, client: ControlClient, behaviours: readonly Behaviour[]): Promise<number> {
  const results: RehearsalResult[] = [];
  let withoutRights = false;
  const abort = new AbortController();
  const stopListening = context.io.onInterrupt(() => abort.abort());
  const shown = new Shown(context, behaviours);
  try {
    const done = await rehearse({
      engine: client,
      behaviours,
      arch: context.io.arch,
      removableMedia: removableMedia(),
      signal: abort.signal,
      nowMs: () => context.io.nowMs(),
      onResult: (result) => {
        results.push(result);
        shown.result(result);
      },
    });
    if (!done.ok) return context.fail(done.error);
    withoutRights = done.value.withoutRights;
  } finally {
    stopListening();
  }
  if (abort.signal.aborted) {
    context.io.err(`${REHEARSE.interrupted}\n`);
    return EXIT.interrupted;
  }
  shown.summary(results, withoutRights);
  return results.every((result) => result.ok) ? EXIT.ok : EXIT.rehearsal;
}

/** Results appear as they come: a person sees that something happens. */
class Shown {
  private readonly context: CliContext;
  private readonly idWidth: number;

  constructor(context: CliContext, behaviours: readonly Behaviour[]) {
    this.context = context;
    this.idWidth = Math.max(...behaviours.map(({ id }) => id.length));
    if (!context.json) context.print(...hanging('', REHEARSE.intro(behaviours.length), context.width), '');
  }

  result(result: RehearsalResult): void {
    const { context } = this;
    if (context.json) {
      context.printJson(result);
      return;
    }
    const { paint } = context;
    const [word, colour] = result.happened === 'skipped' && result.ok ? [REHEARSE.skipped, paint.dim] : result.ok ? [REHEARSE.good, paint.good] : [REHEARSE.bad, paint.bad];
    const happened = result.ok ? result.happened : REHEARSE.instead(result.happened, result.expected);
    context.print(`${colour(padEnd(word, REHEARSE.skipped.length))}  ${padEnd(result.id, this.idWidth)}  ${happened}`);
    const texts = [result.behaviour, REHEARSE.byRule(result.rule, modeWord(result.mode)), ...(result.note === null ? [] : [result.note])];
    const indent = ' '.repeat(REHEARSE.skipped.length + 2);
    for (const text of texts) for (const line of hanging(indent, visible(text), context.width)) context.print(paint.dim(line));
    if (result.historyId !== null && !result.ok) context.print(indent + REHEARSE.why(context.hint(`history --id ${visible(result.historyId)}`)));
  }

  summary(results: readonly RehearsalResult[], withoutRights: boolean): void {
    if (this.context.json) return;
    const skipped = results.filter((result) => result.ok && result.happened === 'skipped').length;
    const bad = results.filter((result) => !result.ok).length;
    const good = results.length - skipped - bad;
    this.context.print('', REHEARSE.summary(good, bad, skipped));
    const performed = results.filter((result) => result.happened !== 'skipped');
    if (withoutRights) this.context.print(...hanging('', REHEARSE.withoutRights, this.context.width));
    else if (performed.length > 0 && performed.every((result) => result.ok && result.happened === 'allowed')) this.context.print(...hanging('', REHEARSE.allAllowed(this.context.hint('rules preset standard')), this.context.width));
  }
}

function modeWord(mode: string): string {
  return Object.hasOwn(MODE_WORDS, mode) ? MODE_WORDS[mode as keyof typeof MODE_WORDS] : mode;
}
