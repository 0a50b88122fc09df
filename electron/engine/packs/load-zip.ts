/**
 * Rule files of a zip archive. Nothing is unpacked to the disk: the archive is read into memory and its entries out of it, each
 * and all within limits. Thousands of small entries are unpacked one after the other here; a stream for each costs several times as much.
 */
import fs from 'node:fs';
import zlib from 'node:zlib';
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import type { RefusedFile } from '../../../shared/packs/pack.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { LICENCE_FILE, licenceLine } from './licence.ts';
import { LIMITS, RULE_FILE } from './limits.ts';
import { decodeText } from './load-bounded.ts';
import type { RuleSource, RuleText } from './rule-text.ts';
import { SOURCE } from './words.ts';

const FILE_TYPE = 0o170_000;
const LINK = 0o120_000;
const UNIX_MODE_SHIFT = 16;
const STORED = 0;
const DEFLATED = 8;

class Refused extends Error {}

/** The caller keeps and closes the descriptor. An entry whose name leads out of the archive refuses all of it: that is no accident. */
export async function readZip(fd: number, size: number, name: string): Promise<Result<RuleSource>> {
  if (size > LIMITS.archiveBytes) return fail('too-much', SOURCE.archiveTooLarge(LIMITS.archiveBytes));
  try {
    const archive = Buffer.alloc(size);
    // What is missing of a file that shrinks meanwhile is zeroes, which are no archive.
    for (let at = 0, got = -1; at < size && got !== 0; at += got) got = fs.readSync(fd, archive, at, size - at, at);
    const zip = await fromBufferPromise(archive, { lazyEntries: true, validateEntrySizes: true, strictFileNames: true });
    return ok(await readEntries(zip, archive));
  } catch (error) {
    if (error instanceof Refused) return fail('too-much', error.message);
    return fail('unreadable', SOURCE.badArchive(name, error instanceof Error ? error.message : String(error)));
  }
}

async function readEntries(zip: ZipFile, archive: Buffer): Promise<RuleSource> {
  if (zip.entryCount > LIMITS.entries) throw new Refused(SOURCE.tooManyEntries(LIMITS.entries));
  const files: RuleText[] = [];
  const refused: RefusedFile[] = [];
  let licence: string | null = null;
  let bytes = 0;
  let entries = 0;
  for await (const entry of zip.eachEntry()) {
    entries += 1;
    if (entries > LIMITS.entries) throw new Refused(SOURCE.tooManyEntries(LIMITS.entries));
    const isRule = RULE_FILE.test(entry.fileName);
    if (!isRule && !(LICENCE_FILE.test(entry.fileName) && licence === null)) continue;
    // What the archive says of the size is checked while it is unpacked.
    bytes += Math.min(entry.uncompressedSize, LIMITS.fileBytes);
    if (bytes > LIMITS.totalBytes) throw new Refused(SOURCE.tooLarge(LIMITS.totalBytes));
    const text = await readEntry(zip, entry, archive);
    if (!text.ok) refused.push({ file: entry.fileName, line: null, column: null, reason: text.error.message });
    else if (!isRule) licence = licenceLine(text.value);
    else if (files.length >= LIMITS.files) throw new Refused(SOURCE.tooManyFiles(LIMITS.files));
    else files.push({ path: entry.fileName, text: text.value });
  }
  return { kind: 'zip', files, refused, licence };
}

async function readEntry(zip: ZipFile, entry: Entry, archive: Buffer): Promise<Result<string>> {
  if (((entry.externalFileAttributes >>> UNIX_MODE_SHIFT) & FILE_TYPE) === LINK) return fail('link', SOURCE.link);
  if (entry.isEncrypted()) return fail('encrypted', SOURCE.encrypted);
  if (entry.uncompressedSize > LIMITS.fileBytes) return fail('too-large', SOURCE.fileTooLarge(LIMITS.fileBytes));
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  return decodeText(unpack(entry, archive.subarray(fileDataStart, fileDataStart + entry.compressedSize)));
}

/** Throws when it is not what the archive says. */
function unpack({ fileName, compressionMethod, uncompressedSize, compressedSize, crc32 }: Entry, packed: Buffer): Buffer {
  if (packed.length !== compressedSize) throw new Error('it ends within a file');
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED) throw new Error(`unsupported compression method: ${compressionMethod}`);
  const content = compressionMethod === STORED ? packed : zlib.inflateRawSync(packed, { maxOutputLength: uncompressedSize + 1 });
  if (content.length !== uncompressedSize) throw new Error('a file in it has another size than it says');
  if (zlib.crc32(content) !== crc32) throw new Error(`${fileName} is damaged: its checksum is wrong`);
  return content;
}
