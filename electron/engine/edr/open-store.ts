/** Opens the store: refuses what is not ours or newer than we are, puts a damaged file aside, and brings an older one up to date. */
import { fail, ok, type Result } from '../../../shared/result.ts';
import { hasTablesOf, migrate, STORE_VERSION, versionOf } from './migrations.ts';
import { isDamage, Sqlite, troubleOf } from './sqlite.ts';
import { prepareFile, readHeader, setAside } from './store-file.ts';
import { Store, type StoreDeps } from './store.ts';

export interface OpenStoreDeps extends StoreDeps {
  /** Null where files have no owner in numbers. */
  readonly ownUid: number | null;
}

export interface OpenedStore {
  readonly store: Store;
  /** Where a damaged store was put; its lines are not in this one. */
  readonly setAside: string | null;
}

/** How long another program (a backup) may hold the file before we give up; the engine stands still meanwhile. */
const BUSY_MS = 250;

export function openStore(file: string, deps: OpenStoreDeps): Result<OpenedStore> {
  const prepared = prepareFile(file, deps.ownUid);
  if (!prepared.ok) return prepared;
  const first = tryOpen(file, deps);
  if (first !== 'damaged') return first.ok ? ok({ store: first.value, setAside: null }) : first;
  const aside = setAside(file, deps.clock.nowMs());
  if (!aside.ok) return aside;
  const again = prepareFile(file, deps.ownUid);
  if (!again.ok) return again;
  const second = tryOpen(file, deps);
  if (second === 'damaged') return fail('store-damaged', `A new history store at ${file} is damaged at once. Check the disk.`);
  return second.ok ? ok({ store: second.value, setAside: aside.value }) : second;
}

function tryOpen(file: string, deps: OpenStoreDeps): Result<Store> | 'damaged' {
  let sqlite: Sqlite | null = null;
  try {
    const header = readHeader(file);
    if (header.kind === 'damaged') return 'damaged';
    if (header.kind === 'store' && header.version > STORE_VERSION) return tooNew(file, header.version);
    sqlite = new Sqlite(file);
    const ready = makeReady(file, sqlite);
    if (ready === 'damaged' || !ready.ok) {
      sqlite.abandon();
      return ready;
    }
    return ok(new Store(file, sqlite, deps));
  } catch (error) {
    sqlite?.abandon();
    if (isDamage(error)) return 'damaged';
    const trouble = troubleOf(error);
    if (trouble === null) throw error;
    return fail('store-not-opened', `The history store ${file} can not be opened: ${trouble}. Check the disk and start Holdfast again.`);
  }
}

function makeReady(file: string, sqlite: Sqlite): Result<void> | 'damaged' {
  sqlite.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
  const version = versionOf(sqlite);
  // The header in the file may be older than the log beside it.
  if (version > STORE_VERSION) return tooNew(file, version);
  if (sqlite.get('PRAGMA quick_check(1)')?.['quick_check'] !== 'ok' || !hasTablesOf(sqlite, version)) return 'damaged';
  sqlite.exec('PRAGMA journal_mode = WAL');
  sqlite.exec('PRAGMA synchronous = NORMAL');
  migrate(sqlite);
  return ok(undefined);
}

function tooNew(file: string, version: number): Result<never> {
  return fail('store-too-new', `The history store ${file} was written by a newer Holdfast (layout ${version}, this one knows ${STORE_VERSION}). It was left as it is. Install the newer Holdfast, or move the file away.`);
}
