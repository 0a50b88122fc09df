/** `holdfast allow …`: let one program through one rule, for a while. */
import type { CallInput, CallOutput } from '../../../shared/control/calls.ts';
import type { Allow } from '../../../shared/policy/snapshot.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { hanging, table } from '../output/table.ts';
import { localTimeOf } from '../output/times.ts';
import { visible } from '../output/visible.ts';
import { parseUntil } from '../time-input.ts';
import { ALLOW } from '../words.ts';
import { oneLine } from './history-list.ts';

export interface AllowOptions {
  readonly for: readonly string[];
  readonly reason: string;
  readonly confirmPermanent?: boolean;
}

type Duration = Pick<CallInput<'allowAdd'>, 'for' | 'untilMs'>;

export function allowAddCommand(context: CliContext, historyId: string, options: AllowOptions): Promise<number> {
  const duration = parseDuration(options.for, context.io.nowMs());
  if (!duration.ok) return Promise.resolve(context.fail(duration.error));
  const confirmPermanent = options.confirmPermanent === true;
  if (duration.value.for === 'permanent' && !confirmPermanent) return Promise.resolve(context.fail({ code: 'usage', message: ALLOW.confirmPermanent }));
  return context.withEngine(async (client) => {
    const answer = await client.call('allowAdd', { historyId, ...duration.value, reason: options.reason, confirmPermanent });
    if (!answer.ok) return context.fail(answer.error);
    if (context.json) {
      context.printJson(answer.value);
      return EXIT.ok;
    }
    const { allow } = answer.value;
    const rules = await client.call('rulesList', {});
    const rule = rules.ok ? (rules.value.rules.find(({ id }) => id === allow.ruleId)?.name ?? allow.ruleId) : allow.ruleId;
    context.print(...hanging('', visible(ALLOW.added(allow.image, rule, untilWords(allow))), context.width));
    context.print(ALLOW.revoke(context.hint(`allow revoke ${visible(allow.id)}`)));
    return EXIT.ok;
  });
}

function parseDuration(words: readonly string[], nowMs: number): Result<Duration> {
  const [first = '', ...rest] = words;
  if (first === 'until' && rest.length > 0) {
    const until = parseUntil(rest.join(' '), nowMs);
    return until.ok ? ok({ for: 'until', untilMs: until.value }) : until;
  }
  if (rest.length === 0 && (first === 'once' || first === '15m' || first === '24h' || first === 'boot' || first === 'permanent')) return ok({ for: first });
  return fail('usage', ALLOW.for);
}

export function allowListCommand(context: CliContext): Promise<number> {
  return context.withEngine(async (client) => {
    const answer = await client.call('allowList', {});
    if (!answer.ok) return context.fail(answer.error);
    if (context.json) context.printJson(answer.value);
    else showAllows(context, answer.value);
    return EXIT.ok;
  });
}

function showAllows(context: CliContext, { allows }: CallOutput<'allowList'>): void {
  if (allows.length === 0) {
    context.print(ALLOW.none);
    return;
  }
  const rows = allows.map((allow) => [
    visible(allow.id),
    allow.expired ? ALLOW.until.expired : untilWords(allow),
    visible(allow.approver),
    `${oneLine(allow.commandLine ?? allow.image, context.width)} · ${visible(allow.reason)}`,
  ]);
  context.print(...table(ALLOW.columns.map((title) => ({ title })), rows, context.width));
}

export function allowRevokeCommand(context: CliContext, id: string): Promise<number> {
  return context.withEngine(async (client) => {
    const answer = await client.call('allowRevoke', { id });
    if (!answer.ok) return context.fail(answer.error);
    if (context.json) context.printJson(answer.value);
    else context.print(ALLOW.revoked(visible(id)));
    return EXIT.ok;
  });
}

function untilWords(allow: Allow): string {
  if (allow.ends === 'time' && allow.expiresAtMs !== null) return ALLOW.untilTime(localTimeOf(new Date(allow.expiresAtMs)));
  return allow.ends === 'time' ? ALLOW.until.never : ALLOW.until[allow.ends];
}
