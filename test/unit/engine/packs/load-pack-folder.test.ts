import crypto from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packBody, type Container } from '../../../../electron/engine/packs/container.ts';
import { signerOf } from '../../../../electron/engine/packs/load-device-key.ts';
import { PackFolder, SYSTEM, type FileSteps } from '../../../../electron/engine/packs/load-pack-folder.ts';
import { manifestOf } from './pack-samples.ts';

const signer = signerOf(crypto.generateKeyPairSync('ed25519').privateKey);
const uid = process.getuid?.() ?? null;
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'packs-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function packs(steps: FileSteps = SYSTEM): PackFolder {
  return new PackFolder(folder, signer, uid, () => 0, steps);
}

async function version(text: string, id = 'sigma'): Promise<Container> {
  const body = await packBody([{ path: 'a.yml', text }]);
  if (!body.ok) throw new Error(body.error.message);
  return { manifest: manifestOf(id, body.value.version), body: body.value };
}

function versions(): readonly string[] {
  const loaded = packs().load();
  if (!loaded.ok) throw new Error(loaded.error.message);
  return loaded.value.containers.map(({ manifest }) => manifest.version);
}

describe('the folder of packs', () => {
  it('is the old pack or the new one, whole, when the engine dies at any step of a change', async () => {
    const [first, second, third] = [await version('one'), await version('two'), await version('three')];
    for (let dieAt = 1; dieAt <= 6; dieAt++) {
      for (const name of readdirSync(folder)) rmSync(path.join(folder, name));
      packs().install(first);
      packs().install(second);
      let step = 0;
      const orDie = <A extends unknown[]>(run: (...args: A) => void) => (...args: A): void => {
        if (++step === dieAt) throw Object.assign(new Error('died'), { code: 'EIO' });
        run(...args);
      };
      const outcome = packs({ write: orDie(SYSTEM.write), link: orDie(SYSTEM.link), rename: orDie(SYSTEM.rename) }).install(third);
      expect(versions()).toEqual([outcome.ok ? third.manifest.version : second.manifest.version]);
      expect(readdirSync(folder).filter((name) => /\.(?:new|linked)$/.test(name))).toEqual([]);
    }
  });

  it('falls back to the last good version, sets the broken one aside and names both', async () => {
    const [first, second] = [await version('one'), await version('two')];
    packs().install(first);
    packs().install(second);
    writeFileSync(path.join(folder, 'sigma.hfpack'), 'rubbish');
    const loaded = packs().load();
    expect(loaded).toMatchObject({ ok: true, value: { containers: [{ manifest: { version: first.manifest.version } }], problems: [expect.stringContaining('set aside'), expect.stringContaining('last good')] } });
    expect(readdirSync(folder).some((name) => name.includes('.bad-'))).toBe(true);
    expect(versions()).toEqual([first.manifest.version]);
  });

  it('takes no container under the name of another pack, through a link, or that others may write', async () => {
    packs().install(await version('one', 'first'));
    const good = readFileSync(path.join(folder, 'first.hfpack'));
    writeFileSync(path.join(folder, 'renamed.hfpack'), good, { mode: 0o600 });
    symlinkSync(path.join(folder, 'first.hfpack'), path.join(folder, 'linked.hfpack'));
    writeFileSync(path.join(folder, 'open.hfpack'), good);
    chmodSync(path.join(folder, 'open.hfpack'), 0o666);
    const loaded = packs().load();
    if (!loaded.ok) throw new Error(loaded.error.message);
    expect(loaded.value.containers.map(({ manifest }) => manifest.id)).toEqual(['first']);
    expect(loaded.value.problems).toHaveLength(3);
  });

  it('forgets a removed pack with the version before it', async () => {
    packs().install(await version('one'));
    packs().install(await version('two'));
    packs().remove('sigma');
    expect(versions()).toEqual([]);
  });
});
