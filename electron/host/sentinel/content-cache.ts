/**
 * Which system tool's content a file has, remembered per file so that a program started often is read once.
 * The key holds the inode change time, which an unprivileged writer can not set back.
 *
 * But writing through a shared map that was written through before leaves that time alone: a start is asked about (and fails) while the map
 * is held, then the content changes. So only files that nobody but root can write are remembered, others are read each time.
 */
import { RecentMap } from '../../engine/core/recent-map.ts';
import type { ContentIdentity, FileFacts } from '../../platform/contract.ts';

/** At least; see `RecentMap`. */
const MOST_FILES = 4_096;

interface Known {
  readonly facts: FileFacts;
  readonly keys: readonly string[];
}

export class ContentCache {
  /** By inode: the last file with that number. Two file systems can have the same; then each takes the other's place. */
  private readonly known = new RecentMap<bigint, Known>(MOST_FILES);

  /** As `contentKeys`. Reads the content only when this version of the file was not seen before. */
  keys(facts: FileFacts, read: () => ContentIdentity): readonly string[] {
    if (!isRootsAlone(facts)) return contentKeys(read());
    const before = this.known.get(facts.inode);
    if (before !== undefined && isSameVersion(before.facts, facts)) return before.keys;
    const keys = contentKeys(read());
    this.known.set(facts.inode, { facts, keys });
    return keys;
  }
}

function isSameVersion(one: FileFacts, other: FileFacts): boolean {
  return one.changedMs === other.changedMs && one.size === other.size && one.device === other.device;
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
