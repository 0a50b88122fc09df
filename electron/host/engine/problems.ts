/** What is wrong with this engine beyond rules and sensors: refused settings, a store that can not be written, readers that are stuck. */
import { refusedExclusions } from '../../engine/settings/exclusions.ts';
import type { OpenedSettings } from '../../engine/settings/settings-file.ts';
import { PROBLEMS } from '../../engine/status/words.ts';
import { lostBatchThreads } from '../../platform/linux/command-line-batch.ts';
import type { Reason } from '../../../shared/status/status.ts';

export interface ProblemSources {
  readonly settings: OpenedSettings;
  readonly store: { problem(): string | null } | null;
  readonly setAside: readonly string[];
  /** Rules look at starts, and the content of the system tools is not known yet. */
  readonly learningTools: boolean;
}

export function findProblems({ settings, store, setAside, learningTools }: ProblemSources): Reason[] {
  const unwritten = store?.problem() ?? null;
  return [
    ...refusedExclusions(settings.settings.current).map(({ path, reason }) => ({ code: 'exclusion-refused', message: PROBLEMS.exclusionRefused(path, reason) })),
    ...(lostBatchThreads() > 0 ? [{ code: 'stuck-reader', message: PROBLEMS.stuckReader }] : []),
    ...(settings.problem === null ? [] : [{ code: 'settings', message: settings.problem }]),
    ...(unwritten === null ? [] : [{ code: 'store', message: unwritten }]),
    ...(learningTools ? [{ code: 'learning-tools', message: PROBLEMS.learningTools }] : []),
    ...setAside.map((file) => ({ code: 'set-aside', message: PROBLEMS.setAside(file) })),
  ];
}
