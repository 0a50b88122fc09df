/**
 * The key this device signs with: made at first use, readable by the engine's account only. It proves that a container was
 * written by this engine; it does not protect against somebody who already is that account.
 */
import crypto from 'node:crypto';
import path from 'node:path';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { errorCode, loadOwnFile, setAside, stageFile, type OwnUid } from '../settings/load-and-save.ts';
import type { Signer } from './container.ts';
import { PACKS } from './words.ts';

const KEY_FILE = 'device-key.pem';
const ID_CHARACTERS = 32;

export interface DeviceKey {
  readonly signer: Signer;
  /** What a person should know, when the key that was there could not be used. */
  readonly problem: string | null;
}

/** Fails when the key can be neither read nor made; an existing key is never overwritten. */
export function openDeviceKey(dataDir: string, ownUid: OwnUid, nowMs: number): Result<DeviceKey> {
  const file = path.join(dataDir, KEY_FILE);
  const content = loadOwnFile(file, ownUid);
  if (!content.ok) return content;
  try {
    if (content.value.state === 'text') {
      const key = parseKey(content.value.text);
      if (key !== null) return ok({ signer: signerOf(key), problem: null });
    }
    if (content.value.state === 'absent') return ok({ signer: makeKey(file), problem: null });
    const why = content.value.state === 'bad' ? content.value.reason : 'it is no key';
    const aside = setAside(file, nowMs);
    return ok({ signer: makeKey(file), problem: PACKS.keySetAside(aside, why) });
  } catch (error) {
    return fail('device-key', PACKS.notOurs(`the key of this device ${file} can not be made (${errorCode(error)}). Check the disk.`));
  }
}

/** The key as it is, for a reader that may change nothing; null when there is none that can be used. */
export function lookForDeviceKey(dataDir: string, ownUid: OwnUid): Signer | null {
  const content = loadOwnFile(path.join(dataDir, KEY_FILE), ownUid);
  const key = content.ok && content.value.state === 'text' ? parseKey(content.value.text) : null;
  return key === null ? null : signerOf(key);
}

function makeKey(file: string): Signer {
  const { privateKey } = crypto.generateKeyPairSync('ed25519');
  const staged = stageFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  staged.commit();
  return signerOf(privateKey);
}

function parseKey(pem: string): crypto.KeyObject | null {
  try {
    const key = crypto.createPrivateKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : null;
  } catch {
    return null;
  }
}

export function signerOf(privateKey: crypto.KeyObject): Signer {
  const publicKey = crypto.createPublicKey(privateKey);
  const keyId = crypto.createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' })).digest('hex').slice(0, ID_CHARACTERS);
  return {
    keyId,
    sign: (bytes) => crypto.sign(null, bytes, privateKey),
    verify: (bytes, signature) => crypto.verify(null, bytes, publicKey, signature),
  };
}
