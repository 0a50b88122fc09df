/** Imports a pack of one rule that never matches, as `holdfast rules import` would: the engine then has to read packs by itself. */
import { packBody } from '../../electron/engine/packs/container.ts';
import type { ControlClient } from '../../electron/host/control-client.ts';

const RULE = 'title: Other\nid: 11111111-2222-4333-8444-555555555555\nlogsource: {product: linux, category: process_creation}\ndetection: {s: {Image|endswith: /no-such-tool}, condition: s}\nlevel: low\n';

export async function importOneRule(client: ControlClient): Promise<void> {
  const body = await packBody([{ path: 'rule.yml', text: RULE }]);
  if (!body.ok) throw new Error(body.error.message);
  const begun = await client.call('packImportBegin', { name: 'other', origin: '', licence: null, version: body.value.version });
  if (!begun.ok) throw new Error(begun.error.message);
  const { token } = begun.value;
  const sent = await client.call('packImportPart', { token, data: body.value.bytes.toString('base64') });
  const ended = sent.ok ? await client.call('packImportEnd', { token, trust: 'observe' }) : sent;
  if (!ended.ok) throw new Error(ended.error.message);
}
