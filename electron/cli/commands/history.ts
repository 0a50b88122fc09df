/** `holdfast history`: what was done to what, and why. */
import type { CallInput } from '../../../shared/control/calls.ts';
import type { HistoryEntry } from '../../../shared/history/entry.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { ControlClient } from '../../host/control-client.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { findRule } from '../rule-lookup.ts';
import { parseSince } from '../time-input.ts';
import { HISTORY } from '../words.ts';
import { showDetail } from './history-detail.ts';
import { showList } from './history-list.ts';

export interface HistoryOptions {
  readonly limit: number;
  readonly since?: string;
  readonly rule?: string;
  readonly action?: string;
  readonly before?: string;
  readonly id?: string;
  readonly group?: boolean;
}

/** One answer has to fit one line of the socket, and entries can carry long command lines. */
const PAGE = 200;

export function historyCommand(context: CliContext, options: HistoryOptions): Promise<number> {
  return context.withEngine(async (client) => {
    if (options.id !== undefined) return oneEntry(context, client, options.id);
    const filter = await filterOf(context, client, options);
    if (!filter.ok) return context.fail(filter.error);
    const found = await collect(client, filter.value, options.limit);
    if (!found.ok) return context.fail(found.error);
    show(context, options, found.value);
    return EXIT.ok;
  });
}

async function oneEntry(context: CliContext, client: ControlClient, id: string): Promise<number> {
  const answer = await client.call('history', { id, limit: 1 });
  if (!answer.ok) return context.fail(answer.error);
  const entry = answer.value.entries.find((candidate) => candidate.id === id);
  if (entry === undefined) return context.fail({ code: 'unknown-entry', message: HISTORY.unknownId(id) });
  if (context.json) context.printJson(entry);
  else showDetail(context, entry);
  return EXIT.ok;
}

type Filter = Omit<CallInput<'history'>, 'limit' | 'id'>;

async function filterOf(context: CliContext, client: ControlClient, options: HistoryOptions): Promise<Result<Filter>> {
  const rule = options.rule === undefined ? ok(undefined) : await ruleId(client, options.rule);
  if (!rule.ok) return rule;
  const since = options.since === undefined ? ok(undefined) : parseSince(options.since, context.io.nowMs());
  if (!since.ok) return since;
  return ok({
    ...(options.before === undefined ? {} : { before: options.before }),
    ...(options.action === undefined ? {} : { action: options.action }),
    ...(rule.value === undefined ? {} : { rule: rule.value }),
    ...(since.value === undefined ? {} : { sinceMs: since.value }),
    grouped: options.group === true,
  });
}

async function ruleId(client: ControlClient, typed: string): Promise<Result<string>> {
  const list = await client.call('rulesList', {});
  if (!list.ok) return list;
  const rule = findRule(list.value.rules, typed);
  return rule.ok ? ok(rule.value.id) : rule;
}

interface Found {
  readonly entries: readonly HistoryEntry[];
  readonly more: boolean;
}

async function collect(client: ControlClient, filter: Filter, limit: number): Promise<Result<Found>> {
  const entries: HistoryEntry[] = [];
  let from = filter;
  for (;;) {
    const page = await client.call('history', { ...from, limit: Math.min(PAGE, limit - entries.length) });
    if (!page.ok) return page;
    entries.push(...page.value.entries);
    const last = page.value.entries.at(-1);
    if (!page.value.more || entries.length >= limit) return ok({ entries, more: page.value.more });
    if (last === undefined || last.id === from.before) return fail('bad-answer', 'The engine says there is more history but does not send it.');
    from = { ...filter, before: last.id };
  }
}

function show(context: CliContext, options: HistoryOptions, found: Found): void {
  if (context.json) {
    for (const entry of found.entries) context.printJson(entry);
    return;
  }
  const filtered = options.since !== undefined || options.rule !== undefined || options.action !== undefined || options.before !== undefined;
  if (found.entries.length === 0) context.print(filtered ? HISTORY.noneFits : HISTORY.none);
  else showList(context, found.entries, found.more);
}
