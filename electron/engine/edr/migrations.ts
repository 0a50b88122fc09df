/** The layout of the store, as the steps that led to it. A step that was released is never changed; a new one is added. */
import type { Sqlite } from './sqlite.ts';

/**
 * 1. `seq` is the order of storing, and the order of paging: wall time may jump. `rule_id` is ASCII; text that may hold lone
 * surrogates is stored only inside `json`, where JSON.stringify has escaped them. Each index ends with what its queries
 * read, so that a page is found without touching the rows themselves. `acts` counts for ever, also what retention removed.
 */
const FIRST = `
CREATE TABLE history (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  time_ms INTEGER NOT NULL,
  action TEXT NOT NULL,
  rule_id TEXT NOT NULL,
  uid INTEGER,
  pid INTEGER NOT NULL,
  group_id INTEGER NOT NULL,
  json TEXT NOT NULL
);
CREATE INDEX history_by_time ON history (time_ms, seq, action, rule_id, group_id);
CREATE INDEX history_by_action ON history (action, seq, time_ms, rule_id, group_id);
CREATE INDEX history_by_rule ON history (rule_id, seq, time_ms, action, group_id);
CREATE INDEX history_by_pid ON history (pid, seq);
CREATE INDEX history_by_group ON history (group_id, seq);
CREATE TABLE groups (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  action TEXT NOT NULL,
  rule_id TEXT NOT NULL,
  first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  n INTEGER NOT NULL
);
CREATE INDEX groups_by_last ON groups (last_seq);
CREATE INDEX groups_by_action ON groups (action, last_seq);
CREATE INDEX groups_by_rule ON groups (rule_id, last_seq);
CREATE TABLE acts (rule_id TEXT NOT NULL, action TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (rule_id, action)) WITHOUT ROWID;
CREATE TABLE sentinels (id TEXT PRIMARY KEY, drained_seq INTEGER NOT NULL, marked_ms INTEGER NOT NULL) WITHOUT ROWID;
`;

/**
 * 2. What the window asks for. `search`: program, arguments, rule and parent of a group in lower case, well-formed and cut, so that a
 * search reads a small table and not the lines themselves. `decided_seq`: up to there a person has answered the question of a
 * warning. `notice_marks`: up to which line each account has been told; `notices`: what became of each notice.
 */
const WINDOW = `
ALTER TABLE groups ADD COLUMN search TEXT NOT NULL DEFAULT '';
ALTER TABLE groups ADD COLUMN severity TEXT NOT NULL DEFAULT 'informational';
ALTER TABLE groups ADD COLUMN mode TEXT;
ALTER TABLE groups ADD COLUMN last_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE groups ADD COLUMN decided_seq INTEGER NOT NULL DEFAULT 0;
UPDATE groups SET (search, severity, mode, last_ms) = (
  SELECT substr(lower(json_extract(json, '$.process.image') || char(10) || json_extract(json, '$.process.commandLine') || char(10) || json_extract(json, '$.rule.name') || char(10) || coalesce(json_extract(json, '$.ancestors[0].image'), '')), 1, 2000),
    json_extract(json, '$.severity'), json_extract(json, '$.rule.mode'), time_ms
  FROM history WHERE seq = last_seq);
CREATE INDEX groups_undecided ON groups (last_seq) WHERE mode = 'warn' AND action = 'prevented';
CREATE TABLE notices (history_id TEXT NOT NULL, uid INTEGER NOT NULL, outcome TEXT NOT NULL, time_ms INTEGER NOT NULL, detail TEXT, PRIMARY KEY (history_id, uid)) WITHOUT ROWID;
CREATE TABLE notice_marks (uid INTEGER PRIMARY KEY, seq INTEGER NOT NULL);
CREATE TABLE allow_uses (allow_id TEXT PRIMARY KEY, history_id TEXT, n INTEGER NOT NULL, last_ms INTEGER) WITHOUT ROWID;
`;

const MIGRATIONS: readonly string[] = [FIRST, WINDOW];
/** Those that each step makes. */
const TABLES: readonly (readonly string[])[] = [['history', 'groups', 'acts', 'sentinels'], ['notices', 'notice_marks', 'allow_uses']];

export const STORE_VERSION = MIGRATIONS.length;

export function versionOf(sqlite: Sqlite): number {
  return Number(sqlite.get('PRAGMA user_version')?.['user_version'] ?? 0);
}

/** Each step and its number become true together. The log is folded in, so that the file's own header tells the version. */
export function migrate(sqlite: Sqlite): void {
  const from = versionOf(sqlite);
  if (from === STORE_VERSION) return;
  for (const [index, step] of MIGRATIONS.entries()) {
    if (index < from) continue;
    sqlite.transaction(() => {
      sqlite.exec(step);
      sqlite.exec(`PRAGMA user_version = ${index + 1}`);
    });
  }
  sqlite.exec('PRAGMA wal_checkpoint(TRUNCATE)');
}

/** Whether the tables are those that the version claims. A store is made in one step, so one without a version has none. */
export function hasTablesOf(sqlite: Sqlite, version: number): boolean {
  const names = sqlite.all("SELECT name FROM sqlite_master WHERE type = 'table'").map((row) => row['name']);
  if (version === 0) return names.length === 0;
  return TABLES.slice(0, version).flat().every((table) => names.includes(table));
}
