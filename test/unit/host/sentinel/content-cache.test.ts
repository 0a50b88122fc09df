/** A file's content is remembered only while nobody but root can change it behind its change time. */
import { expect, it } from 'vitest';
import { ContentCache } from '../../../../electron/host/sentinel/content-cache.ts';
import type { FileFacts } from '../../../../electron/platform/contract.ts';

const ROOTS: FileFacts = { device: 1n, inode: 2n, size: 3, mode: 0o100755, ownerUid: 0, changedMs: 4 };

function readsOf(facts: readonly FileFacts[]): number {
  const cache = new ContentCache();
  let reads = 0;
  for (const one of facts) cache.keys(one, () => ({ buildId: `${(reads += 1)}`, entryHash: null }));
  return reads;
}

it('reads a file of root once', () => expect(readsOf([ROOTS, ROOTS, ROOTS])).toBe(1));

it.each([
  ['another version', { changedMs: 5 }],
  ['another size', { size: 4 }],
  ['another file', { inode: 3n }],
  ['another file system', { device: 9n }],
])('reads %s', (_, change) => expect(readsOf([ROOTS, { ...ROOTS, ...change }])).toBe(2));

// A map shared with the file, written through once before: later writes through it leave the change time alone.
it.each([
  ['a user owns', { ownerUid: 1000 }],
  ['its group can write', { mode: 0o100775 }],
  ['everybody can write', { mode: 0o100757 }],
])('reads a file that %s each time', (_, change) => {
  const theirs = { ...ROOTS, ...change };
  expect(readsOf([theirs, theirs, theirs])).toBe(3);
});
