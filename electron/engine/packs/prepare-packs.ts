/**
 * All that is long about putting packs in force: reading, checking, linking, indexing, trying a new pack on
 * recent starts. It goes on without a break, so it belongs beside the engine's own thread.
 */
import type { Result } from '../../../shared/result.ts';
import type { PipelineEvent } from '../pipeline/event-pipeline.ts';
import { SigmaSet } from '../rules/set/sigma-set.ts';
import { tryRules, type HealthReport } from './health.ts';
import { readPack, type PackContent, type ReadPack, type Surroundings } from './read-pack.ts';
import { judgingRules, makeReady, type ReadyRules } from './ready-rules.ts';

/** One of the packs is new and is tried before it judges. */
export interface Trial {
  /** Its place among the packs. */
  readonly pack: number;
  readonly recent: readonly PipelineEvent[];
}

export interface WorkedOut {
  readonly packs: readonly Result<ReadPack>[];
  readonly ready: ReadyRules<SigmaSet>;
  readonly health: HealthReport | null;
}

/** A pack that can not be used has its reason in its place and costs the others nothing. */
export async function preparePacks(contents: readonly PackContent[], trial: Trial | null, around: Surroundings): Promise<WorkedOut> {
  const packs: Result<ReadPack>[] = [];
  for (const content of contents) packs.push(await readPack(content, around));
  const ready = makeReady(packs.flatMap((pack) => (pack.ok ? pack.value.live : [])), (rules) => SigmaSet.build(rules));
  return { packs, ready, health: trial === null ? null : healthOf(packs[trial.pack], trial) };
}

/** Tried alone: of two packs with the same rule that of the first judges, but the new one is what is asked about. */
function healthOf(pack: Result<ReadPack> | undefined, { recent }: Trial): HealthReport | null {
  if (pack?.ok !== true) return null;
  return tryRules(judgingRules(makeReady(pack.value.live, (rules) => SigmaSet.build(rules)), () => 'observe'), recent);
}
