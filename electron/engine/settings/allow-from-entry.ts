/** An allow for what an entry of history shows: that program, with those arguments, under that parent, and nothing wider. */
import type { z } from 'zod';
import type { CALLS } from '../../../shared/control/calls.ts';
import type { HistoryEntry } from '../../../shared/history/entry.ts';
import type { Allow } from '../../../shared/policy/snapshot.ts';
import { assertNever, fail, ok, type Result } from '../../../shared/result.ts';
import { effectiveParent } from '../behavior/start/views.ts';
import { fromWallMs, type Times } from '../core/expiry-clock.ts';
import { ARGUMENTS_UNKNOWN } from '../edr/history-entry.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const LONGEST_DAYS = 366;

/** What the person chose. `untilMs` is a date by the wall clock. */
export type AllowChoice = Pick<z.output<(typeof CALLS)['allowAdd']['input']>, 'for' | 'untilMs' | 'reason' | 'confirmPermanent' | 'parts'>;

export interface AllowRequest extends Times {
  /** For the new allow; the caller makes it unique. */
  readonly id: string;
  readonly entry: HistoryEntry;
  readonly choice: AllowChoice;
  readonly approver: string;
  /** Content identity of the image, as the sentinel would name it; null leaves the path alone (openings, unreadable files). */
  readonly content: string | null;
  readonly bootId: string | null;
}

type End = Pick<Allow, 'ends' | 'expiresAtMs' | 'bootId'>;

export function allowFromEntry(request: AllowRequest): Result<Allow> {
  const { entry } = request;
  const refused = whyNoAllow(entry);
  if (refused !== null) return fail('not-allowable', refused);
  const { parts } = request.choice;
  const end = endOf(request);
  if (!end.ok) return end;
  return ok({
    id: request.id,
    ruleId: entry.rule.id,
    image: entry.process.image,
    content: request.content,
    commandLine: parts.arguments ? entry.process.commandLine : null,
    parentImage: parts.parent ? parentImageOf(entry) : null,
    ...end.value,
    reason: request.choice.reason,
    approver: request.approver,
    createdAtMs: request.wallNowMs,
  });
}

/** Why nothing could be allowed from it, in words; null when something can. */
export function whyNoAllow(entry: HistoryEntry): string | null {
  if (entry.rule.source !== 'asr') return `"${entry.rule.name}" is no rule that a person sets, so there is nothing an allow could let through.`;
  if (entry.process.image === '') return 'The program of this entry is not known, so there is nothing an allow could name.';
  if (entry.process.commandLine === '' || entry.process.commandLine === ARGUMENTS_UNKNOWN) {
    return 'The arguments of this start are not known, and an allow would let through any. Exclude the program for this rule if you trust whatever it does: holdfast rules exclude.';
  }
  return null;
}

/** The parent that the decision will see; null (any parent) only when the entry knows none. */
export function parentImageOf(entry: HistoryEntry): string | null {
  // The decision looks at the images alone; who the processes were is of no importance any more.
  const ancestors = entry.ancestors.map(({ pid, image }) => ({ pid, image, startTicks: 0 }));
  return effectiveParent(ancestors)?.image ?? null;
}

function endOf(request: AllowRequest): Result<End> {
  const within = (ms: number, ends: 'time' | 'once'): Result<End> => ok({ ends, expiresAtMs: request.effectiveNowMs + ms, bootId: null });
  switch (request.choice.for) {
    case 'once':
      // An allow that is never used must not lie in wait for years.
      return within(DAY_MS, 'once');
    case '15m':
      return within(15 * MINUTE_MS, 'time');
    case '24h':
      return within(DAY_MS, 'time');
    case 'boot':
      if (request.bootId === null) return fail('no-boot-id', 'This system does not tell one boot from the next, so an allow until restart could not end. Allow it for 24 hours instead.');
      return ok({ ends: 'boot', expiresAtMs: null, bootId: request.bootId });
    case 'until':
      return untilEnd(request);
    case 'permanent':
      if (!request.choice.confirmPermanent) return fail('needs-confirmation', 'A permanent allow never ends by itself. Confirm that you want it, or choose a time.');
      return ok({ ends: 'never', expiresAtMs: null, bootId: null });
    default:
      return assertNever(request.choice.for, 'choice of an end');
  }
}

function untilEnd(request: AllowRequest): Result<End> {
  const { wallNowMs } = request;
  const { untilMs } = request.choice;
  if (untilMs === undefined || !Number.isFinite(untilMs)) return fail('bad-date', 'Say until when: a date and time.');
  if (untilMs <= wallNowMs) return fail('bad-date', 'That date has passed. Choose one in the future.');
  if (untilMs > wallNowMs + LONGEST_DAYS * DAY_MS) return fail('bad-date', 'That date is more than a year away. Choose an earlier one, or a permanent allow.');
  return ok({ ends: 'time', expiresAtMs: fromWallMs(untilMs, request), bootId: null });
}
