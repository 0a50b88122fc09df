/**
 * What the build worked out of the own pack, so that no first start has to: reading it there, even on a thread beside the
 * engine's, held the engine up on busy machines. Scrambled like a container; its hash is part of the program.
 */
import crypto from 'node:crypto';
import fs from 'node:fs';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { hashOf, scramble } from './load-index.ts';

const KEY = 'own pack';
/** Far above what it is. */
const MOST_BYTES = 64 * 1024 * 1024;
const NO_REST = (): Promise<void> => Promise.resolve();

export interface SealedIndex {
  readonly bytes: Buffer;
  readonly sha256: string;
}

export async function sealOwnIndex(prepared: Uint8Array): Promise<SealedIndex> {
  const bytes = await scramble(prepared, KEY, NO_REST);
  return { bytes, sha256: crypto.createHash('sha256').update(bytes).digest('hex') };
}

/** A failure's message completes "the index is made again, because …". */
export async function readOwnIndex(file: string, sha256: string, rest: () => Promise<void>): Promise<Result<Uint8Array>> {
  const bytes = await readBounded(file);
  if (!bytes.ok) return bytes;
  const hash = await hashOf(bytes.value, rest);
  if (hash.toString('hex') !== sha256) return fail('bad-index', 'the file beside the program is not the one it was built with');
  return ok(await scramble(bytes.value, KEY, rest));
}

async function readBounded(file: string): Promise<Result<Buffer>> {
  try {
    const { size } = await fs.promises.stat(file);
    return size > MOST_BYTES ? fail('bad-index', 'the file beside the program is too large') : ok(await fs.promises.readFile(file));
  } catch (error) {
    return fail('bad-index', (error as Error).message);
  }
}
