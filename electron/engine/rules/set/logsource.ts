/** Which events a rule speaks about: each part that the rule names must be the same in the event. */
import type { LogSource } from '../model.ts';

/** `wanted` in lower case, as events are. */
export function covers(wanted: LogSource, logsource: LogSource): boolean {
  return (
    (wanted.category === null || wanted.category === logsource.category) &&
    (wanted.product === null || wanted.product === logsource.product) &&
    (wanted.service === null || wanted.service === logsource.service)
  );
}

export function isSame(one: LogSource, other: LogSource): boolean {
  return one.category === other.category && one.product === other.product && one.service === other.service;
}

export function lowerSource(logsource: LogSource): LogSource {
  const lower = (part: string | null): string | null => part?.toLowerCase() ?? null;
  return { category: lower(logsource.category), product: lower(logsource.product), service: lower(logsource.service) };
}

export function sourceKey({ category, product, service }: LogSource): string {
  return JSON.stringify([category, product, service]);
}
