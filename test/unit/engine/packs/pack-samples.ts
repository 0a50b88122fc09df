/** Small packs for tests, and the way they are made ready: the thread's own work, done here. */
import type { Preparation } from '../../../../electron/engine/packs/pack-keeper.ts';
import { preparePacks, type Trial } from '../../../../electron/engine/packs/prepare-packs.ts';
import { decodePrepared, encodePrepared } from '../../../../electron/engine/packs/prepared-codec.ts';
import type { PackContent } from '../../../../electron/engine/packs/read-pack.ts';
import { linuxFeeds } from '../../../../electron/engine/sensors/event-feeds.ts';
import type { PackManifest } from '../../../../shared/packs/pack.ts';
import { ok, type Result } from '../../../../shared/result.ts';

export const NO_REST = (): Promise<void> => Promise.resolve();

export function manifestOf(id: string, version: string): PackManifest {
  const totals = { files: 0, rules: 0, filters: 0, correlations: 0, inactive: 0, refused: 0 };
  return { id, name: id, version, origin: '', importedAt: '2026-11-01T10:00:00.000Z', by: 'root', licence: null, trust: 'observe', totals };
}

export function ruleText(id: string, detection: string, logsource = 'product: linux, category: process_creation'): string {
  return `title: Rule ${id}\nid: ${id}\nlevel: high\nlogsource: {${logsource}}\ndetection:\n  s: {${detection}}\n  condition: s\n`;
}

export const LINUX = { feeds: linuxFeeds(true), system: 'linux' } as const;

export async function prepareHere(contents: readonly PackContent[], trial: Trial | null): Promise<Result<Preparation>> {
  const prepared = await decodePrepared(encodePrepared(await preparePacks(contents, trial, LINUX)), NO_REST);
  return prepared.ok ? ok({ ...prepared.value, keep: () => undefined }) : prepared;
}
