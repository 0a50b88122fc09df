/**
 * One pack as one file: manifest, then the rule files, compressed and scrambled, under one Ed25519 signature.
 *
 * Rule files quote the very commands and strings that virus scanners look for, so plain or merely zipped rules are taken
 * for malware. Scrambling with a key that stands in the same file hides nothing from a person; it only keeps such strings
 * off the disk. What protects the content is the signature, checked before anything of it is looked at.
 *
 *   magic 8 | header length u32le | header JSON | signature 64 | body
 *   signature over: magic, header length, header (which holds the hash of the body)
 *   body: AES-256-CTR (key from the version) of deflate of one JSON line a file: [path, text]
 */
import crypto from 'node:crypto';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { z } from 'zod';
import { manifestSchema, type PackManifest } from '../../../shared/packs/pack.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { LIMITS } from './limits.ts';
import type { RuleText } from './rule-text.ts';
import { PACKS } from './words.ts';

const MAGIC = Buffer.from('HFPACK1\n', 'latin1');
const MAGIC_ANY = Buffer.from('HFPACK', 'latin1');
const LENGTH_BYTES = 4;
const SIGNATURE_BYTES = 64;
const LONGEST_HEADER = 64 * 1024;
const IV = Buffer.alloc(16);
const HASHED_AT_ONCE = 512 * 1024;
const NEWLINE = 0x0a;

const headerSchema = z.object({ manifest: manifestSchema, key: z.string().max(200), bodyHash: z.string(), bodyBytes: z.number().int().min(0).max(LIMITS.packedBytes) });

export interface Signer {
  /** Tells whose signature it is, before it is checked. */
  readonly keyId: string;
  sign(bytes: Uint8Array): Uint8Array;
  verify(bytes: Uint8Array, signature: Uint8Array): boolean;
}

/** Rules in the form they take in a container, without manifest: the manifest can change (trust) and they stay. */
export interface PackBody {
  readonly bytes: Buffer;
  readonly version: string;
}

export interface Container {
  readonly manifest: PackManifest;
  readonly body: PackBody;
}

const deflate = promisify(zlib.deflate);
const inflate = promisify(zlib.inflate);

/** The version is the hash of paths and texts in the order of the paths: what files came from and in what order is no part of it. */
export async function packBody(files: readonly RuleText[]): Promise<Result<PackBody>> {
  const lines = [...files].sort((a, b) => (a.path < b.path ? -1 : 1)).map(({ path, text }) => `${JSON.stringify([path, text])}\n`);
  const hash = crypto.createHash('sha256');
  for (const line of lines) hash.update(line);
  const version = hash.digest('hex');
  const packed = await deflate(Buffer.from(lines.join('')));
  if (packed.length > LIMITS.packedBytes) return fail('too-much', PACKS.uploadTooLarge(LIMITS.packedBytes));
  return ok({ bytes: scramble(packed, version), version });
}

/** The rule files of a body; a failure when it is not what its version says. `rest` lets others run now and then. */
export async function unpackBody(body: PackBody, rest: () => Promise<void>): Promise<Result<RuleText[]>> {
  const plain = await inflate(scramble(body.bytes, body.version), { maxOutputLength: LIMITS.totalBytes * 2 }).catch(() => null);
  if (plain === null) return damaged();
  const hash = crypto.createHash('sha256');
  for (let at = 0; at < plain.length; at += HASHED_AT_ONCE) {
    hash.update(plain.subarray(at, at + HASHED_AT_ONCE));
    await rest();
  }
  return hash.digest('hex') === body.version ? textsOf(plain, rest) : damaged();
}

const lineSchema = z.tuple([z.string().max(4_096), z.string().max(LIMITS.fileBytes)]);

async function textsOf(plain: Buffer, rest: () => Promise<void>): Promise<Result<RuleText[]>> {
  const files: RuleText[] = [];
  for (let at = 0; at < plain.length; ) {
    const end = plain.indexOf(NEWLINE, at);
    const file = end === -1 || files.length >= LIMITS.files ? null : parseLine(plain.toString('utf8', at, end));
    if (file === null) return damaged();
    files.push(file);
    at = end + 1;
    await rest();
  }
  return ok(files);
}

function parseLine(line: string): RuleText | null {
  try {
    const parsed = lineSchema.safeParse(JSON.parse(line));
    return parsed.success ? { path: parsed.data[0], text: parsed.data[1] } : null;
  } catch {
    return null;
  }
}

/** Its own inverse. */
function scramble(bytes: Buffer, version: string): Buffer {
  const key = crypto.createHash('sha256').update(`holdfast pack ${version}`).digest();
  const cipher = crypto.createCipheriv('aes-256-ctr', key, IV);
  return Buffer.concat([cipher.update(bytes), cipher.final()]);
}

export function sealContainer(manifest: PackManifest, body: PackBody, signer: Signer): Buffer {
  const header = Buffer.from(JSON.stringify({ manifest, key: signer.keyId, bodyHash: sha256(body.bytes), bodyBytes: body.bytes.length }));
  const signed = Buffer.concat([MAGIC, lengthOf(header), header]);
  return Buffer.concat([signed, signer.sign(signed), body.bytes]);
}

/** Signature first, then form, then content. A failure's message completes "it could not be used, because …". */
export function openContainer(bytes: Buffer, signer: Signer): Result<Container> {
  if (bytes.length < MAGIC.length + LENGTH_BYTES || !bytes.subarray(0, MAGIC_ANY.length).equals(MAGIC_ANY)) return damaged();
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return fail('newer-pack', PACKS.newer);
  const headerLength = bytes.readUInt32LE(MAGIC.length);
  const headerAt = MAGIC.length + LENGTH_BYTES;
  const bodyAt = headerAt + headerLength + SIGNATURE_BYTES;
  if (headerLength > LONGEST_HEADER || bodyAt > bytes.length) return damaged();
  const header = parseHeader(bytes.subarray(headerAt, headerAt + headerLength));
  if (!signer.verify(bytes.subarray(0, headerAt + headerLength), bytes.subarray(headerAt + headerLength, bodyAt))) {
    return (header?.key ?? signer.keyId) !== signer.keyId ? fail('foreign-pack', PACKS.foreign) : damaged();
  }
  const body = bytes.subarray(bodyAt);
  if (header === null) return damaged();
  if (body.length !== header.bodyBytes || sha256(body) !== header.bodyHash) return damaged();
  return ok({ manifest: header.manifest, body: { bytes: body, version: header.manifest.version } });
}

function parseHeader(bytes: Buffer): z.infer<typeof headerSchema> | null {
  try {
    const parsed = headerSchema.safeParse(JSON.parse(bytes.toString('utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function lengthOf(header: Buffer): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(header.length);
  return length;
}

function sha256(bytes: Uint8Array): string {
  return crypto.createHash('sha256').update(bytes).digest('hex');
}

function damaged(): Result<never> {
  return fail('bad-pack', PACKS.damaged);
}
