/**
 * Which kinds of events the sensors of this version deliver to Sigma rules, and with which fields. The list of fields is the
 * very table by which they are read (`asr/start-fields.ts`), so a rule is told ready only for what is really filled.
 */
import { START_FIELDS } from '../asr/start-fields.ts';
import type { EventFeed } from '../packs/readiness.ts';
import { READINESS } from '../packs/readiness-words.ts';

export function linuxFeeds(privileged: boolean): readonly EventFeed[] {
  return [
    {
      sensor: privileged ? 'process-news' : 'process-list',
      logsource: { product: 'linux', category: 'process_creation', service: null },
      fields: START_FIELDS,
      silentUntil: privileged ? null : READINESS.rootNeeded,
    },
  ];
}
