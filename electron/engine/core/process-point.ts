/** One process as findings and verdicts name it, whether a recording told of it or the live tree did. */

export interface ProcessPoint {
  /** Tells this process from every other of the same run. */
  readonly key: string;
  /** As the recorder wrote it; null where it writes none. */
  readonly guid: string | null;
  readonly pid: number | null;
  readonly image: string | null;
  readonly commandLine: string | null;
  readonly parent: ProcessPoint | null;
}

/** Longer lines of descent are cut: nobody needs them, and a forged record must not make them endless. */
export const MOST_ANCESTORS = 32;

/** Nearest first. */
export function* ancestorsOf(point: ProcessPoint): Generator<ProcessPoint> {
  let parent = point.parent;
  for (let steps = 0; parent !== null && steps < MOST_ANCESTORS; steps += 1) {
    yield parent;
    parent = parent.parent;
  }
}
