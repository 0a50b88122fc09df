/** Takes chosen files out of a zip archive, keeping which are executable. */
import { chmodSync, createWriteStream, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';

/**
 * @param {string} archive
 * @param {string} target
 * @param {(name: string) => string | null} nameFor where below `target` an entry goes, or null to leave it out
 */
export async function extractPart(archive, target, nameFor) {
  // yauzl refuses absolute names, backslashes and `..`, so no entry leaves the target.
  const zip = await openPromise(archive, { lazyEntries: true });
  for await (const entry of zip.eachEntry()) {
    const name = nameFor(entry.fileName);
    if (name === null || entry.fileName.endsWith('/')) continue;
    const file = join(target, name);
    mkdirSync(dirname(file), { recursive: true });
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(file));
    const executable = (entry.externalFileAttributes >>> 16) & 0o111;
    if (executable !== 0) chmodSync(file, 0o755);
  }
}
