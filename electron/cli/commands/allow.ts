/** `holdfast allow list` and `revoke`: what may pass which rule, and ending that. */
import type { CallOutput } from '../../../shared/control/calls.ts';
import type { Allow } from '../../../shared/policy/snapshot.ts';
import type { ControlClient } from '../../host/control-client.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { hanging, table } from '../output/table.ts';
import { localTimeOf } from '../output/times.ts';
import { visible } from '../output/visible.ts';
import { ALLOW } from '../words.ts';
import { coveredBy } from './allow-overlap.ts';
import { programLine } from './history-list.ts';

export function allowListCommand(context: CliContext): Promise<number> {
  return context.withEngine(async (client) => {
    const answer = await client.call('allowList', {});
    if (!answer.ok) return context.fail(answer.error);
    if (context.json) context.printJson(answer.value);
    else showAllows(context, answer.value, await ruleNames(client));
    return EXIT.ok;
  });
}

type NameOf = (ruleId: string) => string;

/** The names of rules; an id stands for itself when the engine does not tell. */
export async function ruleNames(client: ControlClient): Promise<NameOf> {
  const list = await client.call('rulesList', {});
  return (ruleId) => (list.ok ? (list.value.rules.find(({ id }) => id === ruleId)?.name ?? ruleId) : ruleId);
}

function showAllows(context: CliContext, { allows }: CallOutput<'allowList'>, nameOf: NameOf): void {
  if (allows.length === 0) {
    context.print(ALLOW.none);
    return;
  }
  const rows = allows.flatMap((allow) => {
    const [what = '', ...more] = partsOf(allow, nameOf, context.width);
    const first = [visible(allow.id), allow.expired ? ALLOW.until.expired : untilWords(allow), visible(allow.approver), what];
    return [first, ...more.map((text) => ['', '', '', text])];
  });
  context.print(...table(ALLOW.columns.map((title) => ({ title })), rows, context.width));
}

/** All that has to be the same for it to hold, then why it was given. */
function partsOf(allow: Allow, nameOf: NameOf, width: number): string[] {
  const { image, parentImage } = allow;
  return [
    programLine({ image, commandLine: allow.commandLine ?? ALLOW.anyArguments }, width),
    visible(ALLOW.startedBy(parentImage)),
    visible(ALLOW.through(nameOf(allow.ruleId))),
    visible(ALLOW.because(allow.reason)),
  ];
}

export function allowRevokeCommand(context: CliContext, id: string): Promise<number> {
  return context.withEngine(async (client) => {
    const before = await client.call('allowList', {});
    const answer = await client.call('allowRevoke', { id });
    if (!answer.ok) return context.fail(answer.error);
    if (context.json) context.printJson(answer.value);
    else context.print(ALLOW.revoked(visible(id)), ...stillLines(context, id, before.ok ? before.value.allows : []));
    return EXIT.ok;
  });
}

function stillLines(context: CliContext, id: string, before: CallOutput<'allowList'>['allows']): string[] {
  const revoked = before.find((allow) => allow.id === id);
  if (revoked === undefined || revoked.expired) return [];
  return coveredBy(revoked, before).flatMap((other) => hanging('', visible(ALLOW.stillAllowed(other.id, untilWords(other))), context.width));
}

export function untilWords(allow: Allow): string {
  if (allow.ends === 'time' && allow.expiresAtMs !== null) return ALLOW.untilTime(localTimeOf(new Date(allow.expiresAtMs)));
  return allow.ends === 'time' ? ALLOW.until.never : ALLOW.until[allow.ends];
}
