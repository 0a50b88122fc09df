/** Holdfast's own rules as one container beside the built program, and their index. The hashes of the results are compiled into the program. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from './run-tool.mjs';

const root = join(import.meta.dirname, '..');
const SOURCES = join(root, 'resources', 'rules', 'sigma');

/**
 * @param {string} outDir
 * @returns {Promise<{ pack: string, privileged: string, ordinary: string } | null>} SHA-256 of each file; null when the sources hold no own rules
 */
export async function buildOwnPack(outDir) {
  if (!existsSync(SOURCES)) return null;
  return runTool(outDir, 'own-pack', 'electron/engine/packs/make-own-pack.ts', async ({ makeOwnPack }, rulesDir) => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const made = await makeOwnPack(SOURCES, version);
    if (!made.ok) throw new Error(made.error.message);
    const { bytes, sha256, privileged, ordinary } = made.value;
    writeFileSync(join(rulesDir, 'own.hfpack'), bytes);
    writeFileSync(join(rulesDir, 'own-privileged.index'), privileged.bytes);
    writeFileSync(join(rulesDir, 'own-ordinary.index'), ordinary.bytes);
    return { pack: sha256, privileged: privileged.sha256, ordinary: ordinary.sha256 };
  });
}
