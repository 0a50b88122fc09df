/** Identity of a program's content by its path, for an allow: the same name the sentinel gives the waiting file. */
import fs from 'node:fs';
import { factsOf } from '../../platform/linux/files.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { encodeBytes } from '../../../shared/text/surrogate-escape.ts';
import { contentName } from '../sentinel/start-inquiry.ts';
import { volumes } from '../volumes.ts';

/** Null where reading could wait for somebody else's server; fails when the program is gone or a link. */
export function programContent(image: string): Result<string | null> {
  const volume = volumes().of(image);
  if (volume === 'fuse' || volume === 'network') return ok(null);
  try {
    const fd = fs.openSync(Buffer.from(encodeBytes(image)), fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK);
    try {
      return ok(contentName(factsOf(fd)));
    } finally {
      fs.closeSync(fd);
    }
  } catch {
    return fail('program-gone', `${image} is not there any more, so it can not be told from whatever comes there next. Start it again and allow that entry.`);
  }
}
