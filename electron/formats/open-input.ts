/** Opens a file that a person named for reading. */
import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { fail, ok, type Result } from '../../shared/result.ts';

const PIECE_BYTES = 1 << 20;
/** Windows has no such flag, and no pipes in its folders. */
const FLAGS = process.platform === 'win32' ? constants.O_RDONLY : constants.O_RDONLY | constants.O_NONBLOCK;

/**
 * A link may lead to it. A pipe or device is refused before it is opened, since opening may already wait or act; what was
 * opened is looked at again, and opening never waits.
 */
export async function openInput(path: string): Promise<Result<AsyncIterable<Uint8Array>>> {
  try {
    if (!(await stat(path)).isFile()) return notAFile(path);
    const handle = await open(path, FLAGS);
    if ((await handle.stat()).isFile()) return ok(handle.createReadStream({ highWaterMark: PIECE_BYTES }) as AsyncIterable<Uint8Array>);
    await handle.close();
    return notAFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return fail('can-not-open', `this can not be opened: ${error.message}`);
    throw error;
  }
}

function notAFile(path: string): Result<never> {
  return fail('not-a-file', `${path} is no ordinary file`);
}
