/**
 * Holdfast's own rules. They come as a container that the build made, and its hash is part of the program: what lies beside
 * the program under that name is used only when it is that very file.
 */
import crypto from 'node:crypto';
import fs from 'node:fs';
import { fail, type Result } from '../../../shared/result.ts';
import { openContainer, type Container, type Signer } from './container.ts';
import { LIMITS } from './limits.ts';
import { PACKS } from './words.ts';

/** The hash of the whole file says all that a signature would. */
export const BUILD_SIGNER: Signer = { keyId: 'build', sign: () => Buffer.alloc(64), verify: () => true };

export function readOwnPack(file: string, sha256: string): Result<Container> {
  let bytes: Buffer;
  try {
    if (fs.statSync(file).size > LIMITS.packedBytes) return fail('own-pack', PACKS.ownUnusable(PACKS.damaged));
    bytes = fs.readFileSync(file);
  } catch (error) {
    return fail('own-pack', PACKS.ownUnusable((error as Error).message));
  }
  if (crypto.createHash('sha256').update(bytes).digest('hex') !== sha256) return fail('own-pack', PACKS.ownUnusable(PACKS.damaged));
  return openContainer(bytes, BUILD_SIGNER);
}
