import { describe, expect, it } from 'vitest';
import { parseMappings } from '../../../../../electron/engine/sensors/mappings/mapping-file.ts';
import { mappingTable } from '../../../../support/mapping-table.ts';
import { shippedMappings } from './mapping-samples.ts';

function refusal(...texts: readonly string[]): string {
  const parsed = parseMappings(texts.map((text, index) => ({ path: `m${index}.yml`, text })));
  return parsed.ok ? 'accepted' : parsed.error.message;
}

const LOG = 'sources:\n  - {title: Log, product: windows, services: [x], channels: [Log]}\n';

describe('mapping files', () => {
  it('are what docs/mappings.md says', async () => {
    await expect(mappingTable(shippedMappings())).toMatchFileSnapshot('../../../../../docs/mappings.md');
  });

  it('are refused with the place of what is wrong', () => {
    expect(refusal(LOG)).toBe('accepted');
    expect(refusal(LOG.replace('title: Log, ', ''))).toMatch(/^m0\.yml:2:\d+: sources\.0\.title/);
    expect(refusal(`${LOG}    extra: 1\n`)).toMatch(/^m0\.yml:3/);
    expect(refusal(LOG.replace('services: [x]', 'services: [Big Name]'))).toContain('is written in small letters');
    expect(refusal(LOG.replace('}', ', events: [{ids: [1], categories: [], fields: {A: {from: [B], as: magic}}}]}'))).toContain('m0.yml:2');
  });

  it('may not claim the same log twice', () => {
    expect(refusal(LOG, LOG.replace('title: Log', 'title: Other').replace('[Log]', '[LOG]'))).toBe('m0.yml, m1.yml: the channel log belongs to "Log" and to "Other"');
  });
});
