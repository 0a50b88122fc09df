/** A thin hand on SQLite: cached statements, transactions that end either way, and errors sorted into trouble with the disk and bugs. */
import Database from 'libsql';

export type SqlValue = string | number | null;

/** SQLite's primary result codes that tell of the disk or the file, not of our code. */
const TROUBLE: ReadonlyMap<number, string> = new Map([
  [3, 'access to the file was refused'],
  [5, 'another program holds the file'],
  [6, 'another program holds the file'],
  [8, 'the file or its disk is read-only'],
  [10, 'the disk reported an error'],
  [11, 'the file is damaged'],
  [13, 'the disk is full'],
  [14, 'the file could not be opened'],
  [24, 'the file is damaged'],
  [26, 'the file is damaged'],
]);
const DAMAGE: readonly number[] = [11, 24, 26];

interface SqliteFailure extends Error {
  readonly code: string;
  readonly rawCode?: number;
}

function isSqliteFailure(error: unknown): error is SqliteFailure {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('SQLITE_');
}

function primaryCode(error: unknown): number | null {
  return isSqliteFailure(error) && error.rawCode !== undefined ? error.rawCode & 0xff : null;
}

/** What is wrong with disk or file, in words; null when the error is something else (a bug). */
export function troubleOf(error: unknown): string | null {
  const code = primaryCode(error);
  return code === null ? null : (TROUBLE.get(code) ?? null);
}

export function isDamage(error: unknown): boolean {
  const code = primaryCode(error);
  return code !== null && DAMAGE.includes(code);
}

export class Sqlite {
  private readonly db: Database.Database;
  private readonly statements = new Map<string, Database.Statement>();

  constructor(file: string) {
    this.db = new Database(file);
  }

  exec(sql: string): void {
    this.db.exec(sql);
  }

  run(sql: string, ...values: readonly SqlValue[]): number {
    return this.statement(sql).run(...values).changes;
  }

  /** The caller knows the columns it asked for. */
  get(sql: string, ...values: readonly SqlValue[]): Readonly<Record<string, unknown>> | null {
    return (this.statement(sql).get(...values) ?? null) as Readonly<Record<string, unknown>> | null;
  }

  all(sql: string, ...values: readonly SqlValue[]): readonly Readonly<Record<string, unknown>>[] {
    return this.statement(sql).all(...values) as Readonly<Record<string, unknown>>[];
  }

  /** All or nothing. Some errors (a full disk) have ended the transaction already when they arrive. */
  transaction<T>(work: () => T): T {
    this.db.exec('BEGIN IMMEDIATE');
    try {
      const value = work();
      this.db.exec('COMMIT');
      return value;
    } catch (error) {
      if (this.db.inTransaction) this.db.exec('ROLLBACK');
      throw error;
    }
  }

  /** Statements keep the file open until they are collected, so the log is emptied by hand instead of by closing. */
  close(): void {
    try {
      this.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch (error) {
      // What is in the log stays there and is found at the next opening.
      if (troubleOf(error) === null) throw error;
    } finally {
      this.abandon();
    }
  }

  /** Leaves file and log as they are, as far as SQLite does. */
  abandon(): void {
    this.statements.clear();
    this.db.close();
  }

  private statement(sql: string): Database.Statement {
    let statement = this.statements.get(sql);
    if (statement === undefined) {
      statement = this.db.prepare(sql);
      this.statements.set(sql, statement);
    }
    return statement;
  }
}
