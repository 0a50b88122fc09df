/** `holdfast allow add`: let what a history entry shows through its rule, for a while. */
import type { CallInput } from '../../../shared/control/calls.ts';
import type { Allow } from '../../../shared/policy/snapshot.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { ControlClient } from '../../host/control-client.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { hanging } from '../output/table.ts';
import { visible } from '../output/visible.ts';
import { parseUntil } from '../time-input.ts';
import { ALLOW } from '../words.ts';
import { ruleNames, untilWords } from './allow.ts';
import { identicalTo, lastsAsLong } from './allow-overlap.ts';
import { oneLine } from './history-list.ts';

export interface AllowOptions {
  readonly for: readonly string[];
  readonly reason: string;
  readonly confirmPermanent?: boolean;
  readonly anyArguments?: boolean;
  readonly anyParent?: boolean;
  readonly confirmWider?: boolean;
}

type Duration = Pick<CallInput<'allowAdd'>, 'for' | 'untilMs'>;

export function allowAddCommand(context: CliContext, historyId: string, options: AllowOptions): Promise<number> {
  const duration = parseDuration(options.for, context.io.nowMs());
  if (!duration.ok) return Promise.resolve(context.fail(duration.error));
  const confirmPermanent = options.confirmPermanent === true;
  if (duration.value.for === 'permanent' && !confirmPermanent) return Promise.resolve(context.fail({ code: 'usage', message: ALLOW.confirmPermanent }));
  const parts = partsOf(options);
  return context.withEngine(async (client) => {
    if (parts !== undefined && options.confirmWider !== true) return askForSecondStep(context, client, historyId, parts);
    const answer = await client.call('allowAdd', { historyId, ...duration.value, reason: options.reason, confirmPermanent, ...(parts === undefined ? {} : { parts }) });
    if (!answer.ok) return context.fail(answer.error);
    const { allow } = answer.value;
    const settled = await settle(client, allow);
    if (context.json) context.printJson({ ...answer.value, allow: settled.allow, generation: settled.generation ?? answer.value.generation });
    else await show(context, client, settled);
    return EXIT.ok;
  });
}

type Parts = NonNullable<CallInput<'allowAdd'>['parts']>;

/** Undefined: everything is named, as is usual. */
function partsOf({ anyArguments = false, anyParent = false }: AllowOptions): Parts | undefined {
  return anyArguments || anyParent ? { arguments: !anyArguments, parent: !anyParent } : undefined;
}

/** What it would have let through so far is told first, as the window tells it before the button. */
async function askForSecondStep(context: CliContext, client: ControlClient, historyId: string, parts: Parts): Promise<number> {
  const preview = await client.call('allowPreview', { historyId, parts });
  if (!preview.ok) return context.fail(preview.error);
  return context.fail({ code: 'usage', message: ALLOW.confirmWider(preview.value.count, preview.value.countIsLeast) });
}

/** As one word or as several: a shell needs no quotes for it, and does no harm with them. */
function parseDuration(typed: readonly string[], nowMs: number): Result<Duration> {
  const words = typed.join(' ').trim();
  const [first = '', ...rest] = words.split(/\s+/);
  if (first === 'until' && rest.length > 0) {
    const until = parseUntil(rest.join(' '), nowMs);
    return until.ok ? ok({ for: 'until', untilMs: until.value }) : until;
  }
  if (rest.length === 0 && (first === 'once' || first === '15m' || first === '24h' || first === 'boot' || first === 'permanent')) return ok({ for: first });
  return fail('usage', ALLOW.for(visible(words)));
}

interface Settled {
  /** The one that stands. */
  readonly allow: Allow;
  readonly isNew: boolean;
  readonly replaced: readonly Allow[];
  /** Null when nothing was changed after the adding. */
  readonly generation: number | null;
}

/**
 * Of allows that are word for word the same only the one that lasts longest stays. Compared after the adding, because only
 * then the engine has said which content of the program is meant.
 */
async function settle(client: ControlClient, added: Allow): Promise<Settled> {
  const list = await client.call('allowList', {});
  const same = list.ok ? identicalTo(added, list.value.allows) : [];
  const longer = same.find((other) => lastsAsLong(other, added));
  const replaced: Allow[] = [];
  let generation: number | null = null;
  for (const surplus of longer === undefined ? same : [added]) {
    const revoked = await client.call('allowRevoke', { id: surplus.id });
    // One too many is better told as added than as never there.
    if (!revoked.ok) continue;
    generation = revoked.value.generation;
    replaced.push(surplus);
  }
  const isNew = longer === undefined || replaced.length === 0;
  return { allow: isNew ? added : longer, isNew, replaced: longer === undefined ? replaced : [], generation };
}

async function show(context: CliContext, client: ControlClient, { allow, isNew, replaced }: Settled): Promise<void> {
  const say = (text: string): void => context.print(...hanging('', text, context.width));
  const until = untilWords(allow);
  const rules = await ruleNames(client);
  if (isNew) say(visible(ALLOW.added(allow.image, rules(allow.ruleId), until)));
  else say(visible(ALLOW.already(allow.id, until)));
  const { commandLine, parentImage } = allow;
  say(ALLOW.holdsFor({ commandLine: commandLine === null ? null : oneLine(commandLine, context.width), parentImage: parentImage === null ? null : visible(parentImage) }));
  for (const old of replaced) say(visible(ALLOW.replaced(old.id, untilWords(old))));
  context.print(ALLOW.revoke(context.hint(`allow revoke ${visible(allow.id)}`)));
}
