/** Stores in folders of the test's own, and findings for them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { RuleDescription } from '../../../../electron/engine/edr/describe-rule.ts';
import { openStore, type OpenStoreDeps } from '../../../../electron/engine/edr/open-store.ts';
import type { HistoryQuery } from '../../../../electron/engine/edr/history-query.ts';
import type { Store } from '../../../../electron/engine/edr/store.ts';
import type { Finding, FoundProcess } from '../../../../electron/engine/ports.ts';
import type { HistoryEntry } from '../../../../shared/history/entry.ts';
import type { Result } from '../../../../shared/result.ts';

export const T0 = Date.UTC(2030, 0, 1);
export const SHELL = '/usr/bin/bash';

export function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'holdfast-store-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

export function storeFile(): string {
  return path.join(folder(), 'history.db');
}

export function deps(changes: Partial<OpenStoreDeps> = {}): OpenStoreDeps {
  return {
    clock: { nowMs: () => T0, monotonicNs: () => 0n },
    ownUid: process.getuid?.() ?? null,
    describeRule: (ruleId): RuleDescription => ({ name: `Rule ${ruleId}`, reason: 'Because.', severity: 'high', attack: ['T1059'], source: 'asr' }),
    userName: (uid) => `user${uid}`,
    startTimeMs: (ticks) => T0 + ticks,
    onEntry: () => undefined,
    ...changes,
  };
}

export function opened(file: string, changes: Partial<OpenStoreDeps> = {}): Store {
  return value(openStore(file, deps(changes))).store;
}

export function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

export function found(changes: Partial<FoundProcess> = {}): FoundProcess {
  return { pid: 100, startTicks: 5, image: '/usr/bin/curl', argv: ['curl', 'http://a'], uid: 1000, ...changes };
}

export function finding(id: string, changes: Partial<Finding> = {}): Finding {
  return {
    id,
    timeMs: T0,
    action: 'prevented',
    hit: { ruleId: 'rule-a', definitionId: 'definition-a', mode: 'block', matched: [{ field: 'Image', value: '/usr/bin/curl', pattern: '*/curl' }] },
    process: found(),
    ancestors: [found({ pid: 50, image: SHELL, argv: ['bash'] })],
    notes: ['A note.'],
    ...changes,
  };
}

export function withRule(ruleId: string): Pick<Finding, 'hit'> {
  return { hit: { ruleId, definitionId: 'definition', mode: 'block', matched: [] } };
}

export function query(changes: Partial<HistoryQuery> = {}): HistoryQuery {
  return { limit: 100, grouped: false, ...changes };
}

export function allPages(store: Store, wanted: Partial<HistoryQuery>): HistoryEntry[] {
  const all: HistoryEntry[] = [];
  let before: string | undefined;
  for (;;) {
    const page = value(store.history(query({ ...wanted, ...(before === undefined ? {} : { before }) })));
    all.push(...page.entries);
    before = page.entries.at(-1)?.id;
    if (!page.more || before === undefined) return all;
  }
}
