/** Which event files a person means who names a file or a folder. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../shared/result.ts';

const EVENT_FILE = /\.(?:evtx|jsonl?|ndjson)(?:\.gz)?$/i;
const MOST_FILES = 100_000;
const DEEPEST = 32;

export interface FoundInput {
  readonly path: string;
  /** Why nothing below it can be read: a folder that is closed. */
  readonly problem: string | null;
}

/**
 * A file is itself, whatever its name. Of a folder and those inside it: what is named as event files are, in the order of
 * their names. Links inside it are not followed, so that nothing is read twice or from elsewhere.
 */
export async function listInputs(path: string): Promise<Result<readonly FoundInput[]>> {
  try {
    if (!(await stat(path)).isDirectory()) return ok([{ path, problem: null }]);
    const found: FoundInput[] = [];
    const problem = await collect(path, 0, found);
    return problem === null ? ok(found) : fail('too-much', problem);
  } catch (error) {
    return fail('can-not-list', listingFailed(error));
  }
}

/** What the system says; anything else that was thrown is a bug. */
function listingFailed(error: unknown): string {
  if (error instanceof Error && 'code' in error) return `the inputs can not be listed: ${error.message}`;
  throw error;
}

async function collect(folder: string, depth: number, found: FoundInput[]): Promise<string | null> {
  if (depth > DEEPEST) return `${folder} lies more than ${DEEPEST} folders deep`;
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => listingFailed(error));
  if (typeof entries === 'string') {
    found.push({ path: folder, problem: entries });
    return null;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const problem = entry.isDirectory() ? await collect(path, depth + 1, found) : null;
    if (problem !== null) return problem;
    if (entry.isFile() && EVENT_FILE.test(entry.name) && found.push({ path, problem: null }) > MOST_FILES) return `there are more than ${MOST_FILES} event files`;
  }
  return null;
}
