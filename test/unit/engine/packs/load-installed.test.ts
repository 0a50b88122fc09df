import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packBody, type Container } from '../../../../electron/engine/packs/container.ts';
import { openDeviceKey } from '../../../../electron/engine/packs/load-device-key.ts';
import { lookAtInstalled } from '../../../../electron/engine/packs/load-installed.ts';
import { PackFolder } from '../../../../electron/engine/packs/load-pack-folder.ts';
import { savePackState } from '../../../../electron/engine/packs/load-pack-state.ts';
import { manifestOf, ruleText } from './pack-samples.ts';

const uid = process.getuid?.() ?? null;
let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'installed-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

async function container(id: string): Promise<Container> {
  const body = await packBody([{ path: 'a.yml', text: ruleText(id, 'Image: x') }]);
  if (!body.ok) throw new Error(body.error.message);
  return { manifest: { ...manifestOf(id, body.value.version), trust: 'contain' }, body: body.value };
}

/** Name, size and content of everything in the folder. */
function everything(): string[] {
  return readdirSync(dataDir, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => (statSync(path.join(dataDir, name)).isFile() ? `${name} ${readFileSync(path.join(dataDir, name)).toString('base64')}` : name));
}

async function install(...ids: readonly string[]): Promise<void> {
  const key = openDeviceKey(dataDir, uid, 0);
  if (!key.ok) throw new Error(key.error.message);
  mkdirSync(path.join(dataDir, 'packs'));
  const folder = new PackFolder(path.join(dataDir, 'packs'), key.value.signer, uid, () => 0);
  for (const id of ids) expect(folder.install(await container(id)).ok).toBe(true);
}

describe('installed packs, looked at from beside the engine', () => {
  it('are those in force, with the trust they have', async () => {
    await install('one', 'two');
    const { containers, problems } = lookAtInstalled(dataDir, uid, null);
    expect(containers.map(({ manifest: { id, trust } }) => [id, trust])).toEqual([['one', 'contain'], ['two', 'contain']]);
    expect(problems).toEqual([]);
  });

  it('that are damaged are left out and named, and nothing is touched', async () => {
    await install('one', 'two');
    writeFileSync(path.join(dataDir, 'packs', 'one.hfpack'), 'not a pack');
    const before = everything();
    const { containers, problems } = lookAtInstalled(dataDir, uid, null);
    expect(containers.map(({ manifest }) => manifest.id)).toEqual(['two']);
    expect(problems).toEqual(['The rule pack "one" is left out, because it is damaged or no container of this Holdfast.']);
    expect(everything()).toEqual(before);
  });

  it('are not believed when they were signed by another key', async () => {
    await install('one');
    rmSync(path.join(dataDir, 'device-key.pem'));
    openDeviceKey(dataDir, uid, 0);
    expect(lookAtInstalled(dataDir, uid, null)).toMatchObject({ containers: [], problems: [expect.stringContaining('signed by another device')] });
  });

  it('are none where nothing was ever installed, and nothing is made there', () => {
    expect(lookAtInstalled(path.join(dataDir, 'nowhere'), uid, null)).toEqual({ containers: [], problems: [] });
    expect(everything()).toEqual([]);
  });

  it('come after the own pack, which has the trust that was given to it here', async () => {
    await install('one');
    savePackState(path.join(dataDir, 'packs', 'state.json'), { ownTrust: 'suspend', muted: [] });
    const { containers } = lookAtInstalled(dataDir, uid, await container('built'));
    expect(containers.map(({ manifest: { id, trust } }) => [id, trust])).toEqual([['own', 'suspend'], ['one', 'contain']]);
  });
});
