import crypto from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openContainer, packBody, sealContainer, unpackBody } from '../../../../electron/engine/packs/container.ts';
import { signerOf } from '../../../../electron/engine/packs/load-device-key.ts';
import type { RuleText } from '../../../../electron/engine/packs/rule-text.ts';
import { manifestOf, NO_REST } from './pack-samples.ts';

const mine = signerOf(crypto.generateKeyPairSync('ed25519').privateKey);
const other = signerOf(crypto.generateKeyPairSync('ed25519').privateKey);
const FILES: readonly RuleText[] = [{ path: 'a.yml', text: 'title: sekurlsa::logonpasswords\n' }, { path: 'b/c.yml', text: 'title: ü\n' }];

async function sealed(): Promise<Buffer> {
  const body = await packBody(FILES);
  if (!body.ok) throw new Error(body.error.message);
  return sealContainer(manifestOf('sigma', body.value.version), body.value, mine);
}

describe('a container', () => {
  it('gives back what was put in, and the same rules have the same version in any order', async () => {
    const opened = openContainer(await sealed(), mine);
    if (!opened.ok) throw new Error(opened.error.message);
    expect(await unpackBody(opened.value.body, NO_REST)).toEqual({ ok: true, value: FILES });
    const [one, two] = [await packBody(FILES), await packBody([...FILES].reverse())];
    expect(one).toEqual(two);
  });

  it('holds no string of its rules in plain sight, nor a compressed stream that scanners unpack', async () => {
    const bytes = await sealed();
    expect(bytes.includes('sekurlsa')).toBe(false);
    expect(bytes.includes(Buffer.from([0x78, 0x9c]))).toBe(false);
  });

  it('of another device is named foreign', async () => {
    expect(openContainer(await sealed(), other)).toMatchObject({ ok: false, error: { code: 'foreign-pack' } });
  });

  it('that was changed in any one bit is refused', async () => {
    const bytes = await sealed();
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const changed = Buffer.from(bytes);
        changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        expect(openContainer(changed, mine).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('that was cut anywhere, or is anything else, is refused', async () => {
    const bytes = await sealed();
    fc.assert(fc.property(fc.nat(bytes.length - 1), (length) => !openContainer(bytes.subarray(0, length), mine).ok));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), (noise) => !openContainer(Buffer.from(noise), mine).ok));
  });

  it('whose content is not what its version says is refused', async () => {
    const body = await packBody(FILES);
    if (!body.ok) throw new Error(body.error.message);
    expect(await unpackBody({ bytes: body.value.bytes, version: 'b'.repeat(64) }, NO_REST)).toMatchObject({ ok: false });
  });
});
