/** The processes around one entry of history, as they were when it happened. */
import { z } from 'zod';
import { historyProcessSchema } from './entry.ts';

export const treeNodeSchema = historyProcessSchema.extend({
  /** Unique within the tree. */
  key: z.string(),
  /** Null at the top. */
  parentKey: z.string().nullable(),
  /**
   * `subject`: what the entry is about. `culprit`: the topmost program that is to blame for it (it may be the subject itself, then
   * the subject carries the mark). `ended`: stopped together with the subject. `endedBefore`: below the subject, and ended by itself
   * before that.
   */
  roles: z.array(z.enum(['subject', 'culprit', 'ancestor', 'ended', 'endedBefore'])),
});
export type TreeNode = z.infer<typeof treeNodeSchema>;
