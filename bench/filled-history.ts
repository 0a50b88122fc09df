/** A store of history with as many lines as a figure asks for, each a group of its own: the worst that a list can be asked to show. */
import path from 'node:path';
import { insertRow } from '../electron/engine/edr/history-table.ts';
import { migrate } from '../electron/engine/edr/migrations.ts';
import { Sqlite } from '../electron/engine/edr/sqlite.ts';
import { prepareFile } from '../electron/engine/edr/store-file.ts';
import { ACTIONS, type HistoryEntry, type HistoryProcess } from '../shared/history/entry.ts';

/** Lines in one transaction. */
const STEP = 5_000;
const SPREAD_MS = 30 * 86_400_000;

export function fillHistory(dataDir: string, lines: number, nowMs: number): void {
  const file = path.join(dataDir, 'history.db');
  const prepared = prepareFile(file, process.getuid?.() ?? null);
  if (!prepared.ok) throw new Error(prepared.error.message);
  const sqlite = new Sqlite(file);
  try {
    sqlite.exec('PRAGMA journal_mode = WAL');
    migrate(sqlite);
    for (let from = 0; from < lines; from += STEP) sqlite.transaction(() => insert(sqlite, from, Math.min(from + STEP, lines), lines, nowMs));
  } finally {
    sqlite.close();
  }
}

function insert(sqlite: Sqlite, from: number, to: number, lines: number, nowMs: number): void {
  for (let index = from; index < to; index += 1) {
    const timeMs = nowMs - Math.floor(((lines - index) / lines) * SPREAD_MS);
    insertRow(sqlite, { entry: entryOf(index, timeMs), timeMs, uid: 1_000, groupKey: `line-${index}` });
  }
}

function entryOf(index: number, timeMs: number): HistoryEntry {
  const time = new Date(timeMs).toISOString();
  const processAt = (image: string, commandLine: string, pid: number): HistoryProcess => ({ pid, startTime: time, image, commandLine, user: 'ada' });
  return {
    id: `bench-${index}`, time, lastTime: time, count: 1, action: ACTIONS[[0, 2, 4, 5][index % 4] ?? 0] ?? 'prevented', severity: 'medium',
    rule: { id: `rule-${index % 19}`, name: `Rule ${index % 19}`, source: 'asr', mode: 'block', attack: ['T1059'] },
    reason: 'A program was about to do what the rule forbids.',
    process: processAt(`/home/ada/work/tool-${index % 997}`, `./tool-${index % 997} --input /srv/data/set-${index} --token ${(index * 7_919).toString(36)}`, 10_000 + (index % 20_000)),
    ancestors: [processAt('/usr/bin/bash', 'bash', 900), processAt('/usr/bin/gnome-terminal', 'gnome-terminal', 800), processAt('/usr/lib/systemd/systemd', 'systemd', 1)],
    definitionId: null, matched: [{ field: 'Image', value: '/home/ada/work/tool', pattern: '*tool*' }], notes: [],
  };
}
