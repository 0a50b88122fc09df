/** Files of the data folder that could not be used and were put aside (settings, store) and that nobody has removed yet. */
import fs from 'node:fs';
import path from 'node:path';

const SET_ASIDE = /\.(?:bad|damaged)-[^/]*$/;
/** A folder full of them says no more than a few. */
const MOST = 3;

export function setAsideFiles(dataDir: string): string[] {
  return fs
    .readdirSync(dataDir)
    .filter((name) => SET_ASIDE.test(name) && !/-(?:wal|shm|journal)$/.test(name))
    .sort()
    .slice(-MOST)
    .map((name) => path.join(dataDir, name));
}
