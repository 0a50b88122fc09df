/**
 * Allows: one program through one rule, for a while. Every part that the allow names must be the same.
 *
 * `content` is a fact of its own and is asked for only when an allow for this rule and image exists, because it can mean
 * reading the file: the reader answers with the same kind of identity the allow was written with (see `StartFacts.content`).
 */
import type { Allow } from '../../../shared/policy/snapshot.ts';
import { NOT_READ, type FactName, type NotRead } from '../../../shared/start/facts.ts';

export interface AllowTime {
  /** Wall clock of the clock guard: it does not go back when the system clock is set back. */
  readonly nowMs: number;
  readonly bootId: string | null;
  /** Allows for one use that have been used since the policy was made. */
  readonly spent?: ReadonlySet<string>;
}

/** What an allow is compared with. Each part is read only when an allow asks for it. */
export interface AllowedStart {
  readonly image: string;
  commandLine(): string | null | NotRead;
  parentImage(): string | null | NotRead;
  content(): string | null | NotRead;
}

export type AllowAnswer = { readonly allowId: string } | { readonly needs: readonly FactName[] } | null;

/** The allows of one rule by image. */
export type AllowIndex = ReadonlyMap<string, readonly Allow[]>;

export function indexAllows(allows: readonly Allow[], ruleId: string): AllowIndex {
  const index = new Map<string, Allow[]>();
  for (const allow of allows) {
    if (allow.ruleId.toLowerCase() !== ruleId.toLowerCase()) continue;
    const known = index.get(allow.image);
    if (known) known.push(allow);
    else index.set(allow.image, [allow]);
  }
  return index;
}

export function findAllow(index: AllowIndex, start: AllowedStart, time: AllowTime): AllowAnswer {
  const needs = new Set<FactName>();
  for (const allow of index.get(start.image) ?? []) {
    if (!isInForce(allow, time) || time.spent?.has(allow.id) === true) continue;
    const open = compareParts(allow, start);
    if (open === 'same') return { allowId: allow.id };
    if (open !== 'other') open.forEach((fact) => needs.add(fact));
  }
  return needs.size > 0 ? { needs: [...needs] } : null;
}

/** `boot` holds for this boot only; a time that is given always counts, also beside `once` and `boot`. */
export function isInForce(allow: Allow, time: AllowTime): boolean {
  if (allow.expiresAtMs !== null && allow.expiresAtMs <= time.nowMs) return false;
  if (allow.ends === 'time') return allow.expiresAtMs !== null;
  return allow.ends !== 'boot' || (time.bootId !== null && allow.bootId === time.bootId);
}

function compareParts(allow: Allow, start: AllowedStart): 'same' | 'other' | readonly FactName[] {
  const parts: [string | null, () => string | null | NotRead, FactName][] = [
    [allow.parentImage, () => start.parentImage(), 'ancestors'],
    [allow.commandLine, () => start.commandLine(), 'argv'],
    [allow.content, () => start.content(), 'content'],
  ];
  const needs: FactName[] = [];
  for (const [wanted, read, fact] of parts) {
    if (wanted === null) continue;
    const value = read();
    if (value === NOT_READ) needs.push(fact);
    else if (value !== wanted) return 'other';
  }
  return needs.length > 0 ? needs : 'same';
}
