/** Rule files as text, and where they stand in their pack. */
import type { RefusedFile } from '../../../shared/packs/pack.ts';

export interface RuleText {
  /** Within its pack, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface RuleSource {
  readonly kind: 'zip' | 'folder' | 'file';
  readonly files: readonly RuleText[];
  readonly refused: readonly RefusedFile[];
  /** First line of a file called LICENSE, if there is one. */
  readonly licence: string | null;
}
