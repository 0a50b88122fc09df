/** The few places outside that the window may open in a browser. Built here, never taken from a page. */
import type { z } from 'zod';
import type { linkSchema } from '../../shared/ipc/table.ts';

const ATTACK = 'https://attack.mitre.org/techniques/';
const ASR = 'https://learn.microsoft.com/defender-endpoint/attack-surface-reduction-rules-reference';
const PROJECT = 'https://github.com/holdfast-project/holdfast';

export function linkOf(link: z.output<typeof linkSchema>): string {
  if (link.kind === 'attack') return `${ATTACK}${link.technique.replace('.', '/')}/`;
  return link.kind === 'asr-rule' ? ASR : PROJECT;
}
