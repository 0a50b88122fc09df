/** Identity of a program's content by its path, for an allow: the same name the sentinel gives the waiting file. */
import fs from 'node:fs';
import { contentIdentity, factsOf } from '../../platform/linux/files.ts';
import { contentName } from '../sentinel/start-inquiry.ts';
import { volumes } from '../volumes.ts';

/** Null when it is gone, a link, or lies where reading could wait for somebody else's server. */
export function programContent(image: string): string | null {
  const volume = volumes().of(image);
  if (volume === 'fuse' || volume === 'network') return null;
  try {
    const fd = fs.openSync(image, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK);
    try {
      return contentName(contentIdentity(fd), factsOf(fd));
    } finally {
      fs.closeSync(fd);
    }
  } catch {
    return null;
  }
}
