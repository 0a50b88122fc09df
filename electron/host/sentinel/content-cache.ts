/**
 * Which system tool's content a file has, remembered per file so that a program started often is read once.
 * The key holds the inode change time, which an unprivileged writer can not set back.
 *
 * But writing through a shared map that was written through before leaves that time alone: a start is asked about (and fails) while the map
 * is held, then the content changes. So only files that nobody but root can write are remembered, others are read each time.
 */
import type { ContentIdentity, FileFacts } from '../../platform/contract.ts';

const MOST_FILES = 8_192;

export class ContentCache {
  private readonly known = new Map<string, ContentIdentity>();

  /** Reads the content only when this version of the file was not seen before. */
  identity(facts: FileFacts, read: () => ContentIdentity): ContentIdentity {
    if (!isRootsAlone(facts)) return read();
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

const WRITABLE_BY_OTHERS = 0o022;

/** An access list that lets others write shows in the bits of the group. */
function isRootsAlone({ ownerUid, mode }: FileFacts): boolean {
  return ownerUid === 0 && (mode & WRITABLE_BY_OTHERS) === 0;
}

/** Keys under which a content is listed in a policy's `systemTools`, best first. */
export function contentKeys(identity: ContentIdentity): string[] {
  const keys = [];
  if (identity.buildId !== null) keys.push(`build:${identity.buildId}`);
  if (identity.entryHash !== null) keys.push(`entry:${identity.entryHash}`);
  return keys;
}
