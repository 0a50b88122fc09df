/** Filters of History as the screen has them, and as the engine takes them. Pure. */
import type { HistoryFilter } from '../../../shared/history/search.ts';

export type Period = 'all' | 'hour' | 'today' | 'week';

export interface Filters {
  readonly text: string;
  readonly action: HistoryFilter['actions'][number] | 'all';
  readonly rule: string;
  readonly period: Period;
}

export const NO_FILTERS: Filters = { text: '', action: 'all', rule: 'all', period: 'all' };

const HOUR_MS = 3_600_000;
const LENGTHS: Readonly<Record<Exclude<Period, 'all'>, number>> = { hour: HOUR_MS, today: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS };
/** So that the same filters a moment later are the same question. */
const ROUND_MS = 60_000;

export function toFilter({ text, action, rule, period }: Filters, nowMs: number): HistoryFilter {
  return {
    text: text.slice(0, 500),
    actions: action === 'all' ? [] : [action],
    rules: rule === 'all' ? [] : [rule],
    severities: [],
    sinceMs: period === 'all' ? null : Math.floor((nowMs - LENGTHS[period]) / ROUND_MS) * ROUND_MS,
    untilMs: null,
  };
}

export function isFiltering(filters: Filters): boolean {
  return filters.text.trim() !== '' || filters.action !== 'all' || filters.rule !== 'all' || filters.period !== 'all';
}
