/** `holdfast rules import|remove|trust|unmute`: packs of Sigma rules. What is read is read here, by the person's own rights, and sent. */
import path from 'node:path';
import { packBody, type PackBody } from '../../engine/packs/container.ts';
import { readSource } from '../../engine/packs/load-source.ts';
import { packIdFrom } from '../../engine/packs/pack-id.ts';
import type { RuleSource } from '../../engine/packs/rule-text.ts';
import { MOST_PART_CHARACTERS, type CallOutput } from '../../../shared/control/calls.ts';
import { trustSchema, type TrustLevel } from '../../../shared/packs/pack.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { ControlClient } from '../../host/control-client.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { hanging } from '../output/table.ts';
import { visible } from '../output/visible.ts';
import { PACK_WORDS } from '../words-packs.ts';

/** Thousands of rules are read and tried before the answer, and changes wait for each other. */
const CHANGE_TIMEOUT_MS = 120_000;
const REFUSALS_SHOWN = 20;
const PART_BYTES = Math.floor(MOST_PART_CHARACTERS / 4) * 3;

export interface ImportOptions {
  readonly name?: string;
  readonly trust?: string;
}

export async function rulesImportCommand(context: CliContext, target: string, options: ImportOptions): Promise<number> {
  const trust = trustFrom(options.trust ?? 'observe');
  if (!trust.ok) return context.fail(trust.error);
  const source = await readSource(target);
  if (!source.ok) return context.fail(source.error);
  if (source.value.files.length === 0) return context.fail({ code: 'no-rule-files', message: PACK_WORDS.nothingToImport(target) });
  const body = await packBody(source.value.files);
  if (!body.ok) return context.fail(body.error);
  const name = options.name ?? path.basename(path.resolve(target)).replace(/\.(?:zip|ya?ml)$/i, '');
  const id = packIdFrom(name);
  if (!id.ok) return context.fail(id.error);
  const start = { name: name.slice(0, 100), origin: path.resolve(target).slice(-1_000), licence: source.value.licence };
  return context.withEngine(async (client) => {
    const report = await send(client, start, body.value, trust.value);
    if (!report.ok) return context.fail(report.error);
    showImport(context, source.value, report.value);
    return EXIT.ok;
  }, CHANGE_TIMEOUT_MS);
}

interface ImportStart {
  readonly name: string;
  readonly origin: string;
  readonly licence: string | null;
}

async function send(client: ControlClient, start: ImportStart, body: PackBody, trust: TrustLevel): Promise<Result<CallOutput<'packImportEnd'>>> {
  const begun = await client.call('packImportBegin', { ...start, version: body.version });
  if (!begun.ok) return begun;
  const { token } = begun.value;
  for (let at = 0; at < body.bytes.length; at += PART_BYTES) {
    const sent = await client.call('packImportPart', { token, data: body.bytes.subarray(at, at + PART_BYTES).toString('base64') });
    if (!sent.ok) return sent;
  }
  return client.call('packImportEnd', { token, trust });
}

/** What could not even be read never reached the engine, and is told with what it refused. */
function showImport(context: CliContext, source: RuleSource, report: CallOutput<'packImportEnd'>): void {
  const refused = [...source.refused, ...report.refused];
  const total = source.refused.length + report.pack.totals.refused;
  if (context.json) return context.printJson({ ...report, refused });
  const lines = [
    PACK_WORDS.imported(report.pack, report.replaced),
    PACK_WORDS.readiness(report.pack.readiness),
    PACK_WORDS.health(report.health),
    ...refused.slice(0, REFUSALS_SHOWN).map(({ file, line, column, reason }) => `  ${[file, line, column].filter((part) => part !== null).join(':')}: ${reason}`),
    ...(total > REFUSALS_SHOWN ? [`  ${PACK_WORDS.refusedMore(total - REFUSALS_SHOWN)}`] : []),
  ];
  context.print(...lines.flatMap((line) => hanging('', visible(line), context.width)));
}

export function rulesRemoveCommand(context: CliContext, pack: string): Promise<number> {
  return context.withEngine(async (client) => {
    const answer = await client.call('packRemove', { pack });
    if (!answer.ok) return context.fail(answer.error);
    if (context.json) context.printJson(answer.value);
    else context.print(PACK_WORDS.removed(visible(pack)));
    return EXIT.ok;
  }, CHANGE_TIMEOUT_MS);
}

export function rulesTrustCommand(context: CliContext, pack: string, typed: string): Promise<number> {
  const trust = trustFrom(typed);
  if (!trust.ok) return Promise.resolve(context.fail(trust.error));
  return context.withEngine(async (client) => {
    const answer = await client.call('packTrust', { pack, trust: trust.value });
    if (!answer.ok) return context.fail(answer.error);
    if (context.json) context.printJson(answer.value);
    else context.print(PACK_WORDS.trusted(visible(pack), answer.value.pack.trust));
    return EXIT.ok;
  }, CHANGE_TIMEOUT_MS);
}

export function rulesUnmuteCommand(context: CliContext, rule: string): Promise<number> {
  return context.withEngine(async (client) => {
    const answer = await client.call('ruleUnmute', { rule });
    if (!answer.ok) return context.fail(answer.error);
    if (context.json) context.printJson(answer.value);
    else context.print(...hanging('', visible(PACK_WORDS.unmuted(answer.value.unmuted.map(({ title }) => title))), context.width));
    return EXIT.ok;
  });
}

function trustFrom(typed: string): Result<TrustLevel> {
  const trust = trustSchema.safeParse(typed.trim().toLowerCase());
  return trust.success ? ok(trust.data) : fail('usage', PACK_WORDS.badTrust(visible(typed)));
}
