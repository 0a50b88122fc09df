/** Rules of packs as the path of live starts knows them: shown every start, they say what is worth a line, and what is to be stopped. */
import type { RecordedHit } from '../../../shared/link/messages.ts';
import type { FactReader } from '../../../shared/start/facts.ts';
import type { ProcessTree } from '../core/process-tree.ts';
import type { SeenStart } from './seen-start.ts';

export interface WatchedHit {
  readonly hit: RecordedHit;
  /** The rule's own word, by an administrator's trust in its pack: stop the program and what it started. */
  readonly stops: boolean;
  /** Sentences for the record. */
  readonly notes: readonly string[];
}

export interface StartWatcher {
  /** False while no rule of a pack judges. */
  readonly active: boolean;
  look(start: SeenStart, facts: FactReader, tree: ProcessTree): readonly WatchedHit[];
}

export const NO_WATCHER: StartWatcher = { active: false, look: () => [] };
