/**
 * What was worked out of the packs in force (their rules in few words, the index) as a file beside them, so
 * that a start need not read and index them again. It is made from them at any time, so a file that is damaged, foreign or of
 * other rules is no loss: it is refused whole and made anew.
 *
 *   magic 8 | key 64 | hash 32 | signature 64 | content, scrambled like a container: the rules in it quote what scanners look for
 *
 * It decides what judges and what is stopped as much as a container does, so it is signed like one: by this device, over the
 * key (what it was made of) and the hash. Read and written in slices with a rest after each.
 */
import crypto from 'node:crypto';
import fs from 'node:fs';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { errorCode, type OwnUid } from '../settings/load-and-save.ts';
import type { Signer } from './container.ts';

const MAGIC = 'HFINDEX2';
const KEY_LENGTH = 64;
const HASH_LENGTH = 32;
const SIGNATURE_LENGTH = 64;
const HEAD_LENGTH = MAGIC.length + KEY_LENGTH + HASH_LENGTH + SIGNATURE_LENGTH;
/** Far above the index of any pack within its limits. */
const MOST_BYTES = 256 * 1024 * 1024;
const AT_ONCE = 1024 * 1024;
const IV = Buffer.alloc(16);

export interface IndexFile {
  readonly file: string;
  readonly ownUid: OwnUid;
  readonly signer: Signer;
  /** Lets others run when a slice of time is over. */
  readonly rest: () => Promise<void>;
}

/** `of` names the rules (their versions) and the program; what else the index depends on is added here. */
export function indexKey(of: readonly string[]): string {
  const hash = crypto.createHash('sha256');
  for (const part of [...of, process.versions['unicode'] ?? '', process.versions.v8]) hash.update(`${part}\n`);
  return hash.digest('hex');
}

/** A failure's message completes "the index is made again, because …". Throws for want of descriptors and the like. */
export async function loadIndex({ file, ownUid, signer, rest }: IndexFile, key: string): Promise<Result<Buffer>> {
  const bytes = await readOwn(file, ownUid);
  if (!bytes.ok) return bytes;
  const head = bytes.value.subarray(0, HEAD_LENGTH);
  if (head.length < HEAD_LENGTH || head.toString('latin1', 0, MAGIC.length) !== MAGIC) return fail('bad-index', 'the file is no index of this version');
  const signedEnd = HEAD_LENGTH - SIGNATURE_LENGTH;
  if (head.toString('latin1', MAGIC.length, MAGIC.length + KEY_LENGTH) !== key) return fail('bad-index', 'it was made of other rules or by another version');
  if (!signer.verify(head.subarray(0, signedEnd), head.subarray(signedEnd))) return fail('bad-index', 'this device has not signed it');
  await rest();
  const content = bytes.value.subarray(HEAD_LENGTH);
  const hash = await hashOf(content, rest);
  if (!hash.equals(head.subarray(signedEnd - HASH_LENGTH, signedEnd))) return fail('bad-index', 'the file is damaged');
  return ok(await scramble(content, key, rest));
}

/** Rejects with errors of the file system; the file is then what it was before. */
export async function saveIndex({ file, signer, rest }: IndexFile, content: Uint8Array, key: string): Promise<void> {
  const scrambled = await scramble(content, key, rest);
  const signed = Buffer.concat([Buffer.from(MAGIC + key, 'latin1'), await hashOf(scrambled, rest)]);
  const temporary = `${file}.new`;
  await fs.promises.rm(temporary, { force: true });
  try {
    const handle = await fs.promises.open(temporary, fs.constants.O_WRONLY | fs.constants.O_CREAT | fs.constants.O_EXCL, 0o600);
    try {
      await handle.writeFile(Buffer.concat([signed, signer.sign(signed)]));
      await handle.writeFile(scrambled);
    } finally {
      await handle.close();
    }
    await fs.promises.rename(temporary, file);
  } catch (error) {
    await fs.promises.rm(temporary, { force: true });
    throw error;
  }
}

async function readOwn(file: string, ownUid: OwnUid): Promise<Result<Buffer>> {
  const flags = fs.constants as Partial<typeof fs.constants>;
  let handle: fs.promises.FileHandle;
  try {
    handle = await fs.promises.open(file, fs.constants.O_RDONLY | (flags.O_NOFOLLOW ?? 0) | (flags.O_NONBLOCK ?? 0));
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') return fail('no-index', 'there is none yet');
    if (code === 'ELOOP') return fail('bad-index', 'the file is a link');
    throw error;
  }
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) return fail('bad-index', 'the file is no plain file');
    if (ownUid !== null && (stat.uid !== ownUid || (stat.mode & 0o022) !== 0)) return fail('bad-index', 'other accounts may write to the file');
    if (stat.size > MOST_BYTES) return fail('bad-index', 'the file is too large');
    return ok(await readWhole(handle, stat.size));
  } finally {
    await handle.close();
  }
}

/** As much as was measured: a file that grows meanwhile fails its hash. */
async function readWhole(handle: fs.promises.FileHandle, size: number): Promise<Buffer> {
  const bytes = Buffer.alloc(size);
  let at = 0;
  while (at < size) {
    const { bytesRead } = await handle.read(bytes, at, Math.min(AT_ONCE, size - at), at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return bytes.subarray(0, at);
}

export async function hashOf(bytes: Uint8Array, rest: () => Promise<void>): Promise<Buffer> {
  const hash = crypto.createHash('sha256');
  for (let at = 0; at < bytes.length; at += AT_ONCE) {
    hash.update(bytes.subarray(at, at + AT_ONCE));
    await rest();
  }
  return hash.digest();
}

/** Its own inverse. Hides nothing from a person: it keeps the strings off the disk. */
export async function scramble(bytes: Uint8Array, key: string, rest: () => Promise<void>): Promise<Buffer> {
  const secret = crypto.createHash('sha256').update(`holdfast index ${key}`).digest();
  const cipher = crypto.createCipheriv('aes-256-ctr', secret, IV);
  const scrambled = Buffer.alloc(bytes.length);
  for (let at = 0; at < bytes.length; at += AT_ONCE) {
    cipher.update(bytes.subarray(at, at + AT_ONCE)).copy(scrambled, at);
    await rest();
  }
  return scrambled;
}
