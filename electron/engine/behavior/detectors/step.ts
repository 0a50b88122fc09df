/**
 * All detectors, fed one start at a time. The same start may be fed again after more facts were read: what it adds is keyed
 * by what it is, so twice is once.
 */
import type { FactName, FactReader } from '../../../../shared/start/facts.ts';
import type { StartView } from '../start/views.ts';
import { DownloadState, stepDownloads } from './download-then-run.ts';
import { PipeFedState, stepPipeFed } from './pipe-fed-interpreter.ts';

/** Names that rules use in the field `Detectors`. */
export const DETECTOR_NAMES = ['pipe-fed-interpreter', 'download-then-run'] as const;
export type DetectorName = (typeof DETECTOR_NAMES)[number];

export interface DetectorState {
  readonly pipes: PipeFedState;
  readonly downloads: DownloadState;
}

export function newDetectorState(): DetectorState {
  return { pipes: new PipeFedState(), downloads: new DownloadState() };
}

export interface DetectorStep {
  readonly hits: readonly DetectorName[];
  /** Facts to read before the hits are complete. */
  readonly needs: readonly FactName[];
  /** True when a detector can not decide because something can not be read by anyone. */
  readonly hidden: boolean;
}

export function stepDetectors(state: DetectorState, views: readonly StartView[], read: FactReader, nowMs: number): DetectorStep {
  const hits: DetectorName[] = [];
  const needs: FactName[] = [];
  let hidden = false;
  const note = (name: DetectorName, found: boolean | FactName | 'hidden'): void => {
    if (found === 'hidden') hidden = true;
    else if (found === true && !hits.includes(name)) hits.push(name);
    else if (typeof found === 'string' && !needs.includes(found)) needs.push(found);
  };
  for (const view of views) {
    note('pipe-fed-interpreter', stepPipeFed(state.pipes, view, read, nowMs));
    note('download-then-run', stepDownloads(state.downloads, view, read, nowMs));
  }
  return { hits, needs, hidden };
}
