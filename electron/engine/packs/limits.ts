/** How much a pack may be. Far above any public rule set (the largest has about 4,000 files in 6 MB), far below what would hurt. */

export const LIMITS = {
  /** Of an archive, as it lies on the disk. */
  archiveBytes: 64 * 1024 * 1024,
  /** Names looked at in an archive or a folder, rule files or not. */
  entries: 50_000,
  files: 10_000,
  fileBytes: 1024 * 1024,
  /** Of all rule files together, unpacked. */
  totalBytes: 64 * 1024 * 1024,
  folderDepth: 16,
  /** Refused files that are named one by one; the rest is counted. */
  refusalsShown: 500,
  packs: 32,
  /** Of a container, and of what a client sends. */
  packedBytes: 24 * 1024 * 1024,
} as const;

export const RULE_FILE = /\.ya?ml$/i;
