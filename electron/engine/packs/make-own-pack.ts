/**
 * The build's part of the own pack: the rule files of the sources, checked and packed into one container, and what an engine
 * would work out of them before it can judge by them. Not part of the program.
 */
import crypto from 'node:crypto';
import { fail, ok, type Result } from '../../../shared/result.ts';
import { OWN_PACK, type PackManifest } from '../../../shared/packs/pack.ts';
import { checkFiles } from './check-files.ts';
import { packBody, sealContainer } from './container.ts';
import { BUILD_SIGNER } from './load-own-pack.ts';
import { sealOwnIndex, type SealedIndex } from './load-own-index.ts';
import { readSource } from './load-source.ts';
import { workOut } from './work-out.ts';

/** No moment of building goes into it: the same sources give the same bytes. */
const MADE_AT = '2026-01-01T00:00:00.000Z';

export interface MadePack {
  readonly bytes: Buffer;
  readonly sha256: string;
  /** By the rights of the engine that takes it up: they decide what its sensors see, and so which rules can judge. */
  readonly privileged: SealedIndex;
  readonly ordinary: SealedIndex;
}

/** A rule that would be refused stops the build, with every reason. */
export async function makeOwnPack(folder: string, version: string): Promise<Result<MadePack>> {
  const source = await readSource(folder);
  if (!source.ok) return source;
  const checked = await checkFiles(source.value.files, () => Promise.resolve());
  const refused = [...source.value.refused, ...checked.refused];
  if (refused.length > 0) return fail('bad-rules', refused.map(({ file, line, column, reason }) => `${folder}/${file}:${line ?? 1}:${column ?? 1}: ${reason}`).join('\n'));
  const body = await packBody(source.value.files);
  if (!body.ok) return body;
  const manifest: PackManifest = { id: OWN_PACK, name: `Holdfast ${version}`, version: body.value.version, origin: '', importedAt: MADE_AT, by: '', licence: 'Apache-2.0', trust: 'observe', totals: checked.totals };
  const bytes = sealContainer(manifest, body.value, BUILD_SIGNER);
  const index = async (privileged: boolean): Promise<SealedIndex> => sealOwnIndex(await workOut([{ id: OWN_PACK, body: body.value }], null, privileged));
  return ok({ bytes, sha256: crypto.createHash('sha256').update(bytes).digest('hex'), privileged: await index(true), ordinary: await index(false) });
}
