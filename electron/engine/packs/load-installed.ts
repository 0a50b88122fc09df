/** The packs of this device for a reader beside the engine (`holdfast replay`): nothing is made, moved or set aside. */
import path from 'node:path';
import { OWN_PACK } from '../../../shared/packs/pack.ts';
import type { OwnUid } from '../settings/load-and-save.ts';
import type { Container } from './container.ts';
import { lookForDeviceKey } from './load-device-key.ts';
import { PackFolder } from './load-pack-folder.ts';
import { lookAtPackState } from './load-pack-state.ts';

export interface InstalledContainers {
  readonly containers: readonly Container[];
  /** For a person: what was left out, and why. */
  readonly problems: readonly string[];
}

/** A container that was not signed by this device's key is left out. `own` gets the trust that the administrator gave it here. */
export function lookAtInstalled(dataDir: string, ownUid: OwnUid, own: Container | null): InstalledContainers {
  const { ownTrust } = lookAtPackState(path.join(dataDir, 'packs', 'state.json'), ownUid);
  const ours = own === null ? [] : [{ ...own, manifest: { ...own.manifest, id: OWN_PACK, trust: ownTrust } }];
  const key = lookForDeviceKey(dataDir, ownUid);
  // Without a key no container can be believed; a device that never installed one has none.
  const signer = key ?? { keyId: '', sign: () => new Uint8Array(64), verify: () => false };
  const stored = new PackFolder(path.join(dataDir, 'packs'), signer, ownUid, () => 0).look();
  if (!stored.ok) return { containers: ours, problems: [stored.error.message] };
  return { containers: [...ours, ...stored.value.containers], problems: stored.value.problems };
}
