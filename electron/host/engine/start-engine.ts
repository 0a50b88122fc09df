/** The steps before the engine is put together: its folders, its rules, its settings. Each that fails says why in words. */
import type { Clock } from '../../engine/ports.ts';
import { openSettings } from '../../engine/settings/settings-file.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { ensureFolder } from '../private-folder.ts';
import { EngineProcess, type EngineProcessOptions } from './engine-process.ts';
import { openPackService } from './pack-service.ts';
import { keptBookPlace, ruleBookAtStart } from './rule-book-at-start.ts';

const CLOCK: Clock = { nowMs: () => Date.now(), monotonicNs: () => process.hrtime.bigint() };

export async function startEngine(options: EngineProcessOptions): Promise<Result<EngineProcess>> {
  const { paths, resourcesDir } = options.host;
  for (const [folder, mode] of [[paths.dataDir, 0o700], [paths.runDir, 0o755], [paths.privateRunDir, 0o700]] as const) {
    const made = ensureFolder(folder, mode, options.uid);
    if (!made.ok) return made;
  }
  const book = ruleBookAtStart(resourcesDir, keptBookPlace());
  if (!book.ok) return book;
  const settings = openSettings(paths.dataDir, { ownUid: options.uid, nowMs: Date.now() });
  if (!settings.ok) return settings;
  const packs = openPackService({ dataDir: paths.dataDir, uid: options.uid, clock: CLOCK, scheduler: options.scheduler, log: options.log });
  if (!packs.ok) return packs;
  const engine = new EngineProcess(options, book.value, settings.value, packs.value);
  const opened = engine.openStore();
  if (!opened.ok) return opened;
  await engine.start();
  return ok(engine);
}
