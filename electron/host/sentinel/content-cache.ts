/**
 * Which system tool's content a file has, remembered per file so that a program started often is read once.
 * The key holds the inode change time, which an unprivileged writer can not set back.
 */
import type { ContentIdentity, FileFacts } from '../../platform/contract.ts';

const MOST_FILES = 8_192;

export class ContentCache {
  private readonly known = new Map<string, ContentIdentity>();

  /** Reads the content only when this version of the file was not seen before. */
  identity(facts: FileFacts, read: () => ContentIdentity): ContentIdentity {
    const key = `${facts.device}:${facts.inode}:${facts.size}:${facts.changedMs}`;
    const before = this.known.get(key);
    if (before !== undefined) return before;
    const identity = read();
    this.known.set(key, identity);
    if (this.known.size > MOST_FILES) {
      const oldest = this.known.keys().next();
      if (oldest.done !== true) this.known.delete(oldest.value);
    }
    return identity;
  }
}

/** Keys under which a content is listed in a policy's `systemTools`, best first. */
export function contentKeys(identity: ContentIdentity): string[] {
  const keys = [];
  if (identity.buildId !== null) keys.push(`build:${identity.buildId}`);
  if (identity.entryHash !== null) keys.push(`entry:${identity.entryHash}`);
  return keys;
}
