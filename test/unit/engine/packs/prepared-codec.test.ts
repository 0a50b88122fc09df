/** What the thread hands over is what it worked out: the same rules, the same matches, the same correlations. */
import { describe, expect, it } from 'vitest';
import { packBody } from '../../../../electron/engine/packs/container.ts';
import { preparePacks } from '../../../../electron/engine/packs/prepare-packs.ts';
import { decodePrepared, encodePrepared } from '../../../../electron/engine/packs/prepared-codec.ts';
import type { PackContent } from '../../../../electron/engine/packs/read-pack.ts';
import { readSource } from '../../../../electron/engine/packs/load-source.ts';
import { judgingRules } from '../../../../electron/engine/packs/ready-rules.ts';
import type { PipelineEvent } from '../../../../electron/engine/pipeline/event-pipeline.ts';
import { LINUX, NO_REST, ruleText } from './pack-samples.ts';

const CORRELATION = `title: Often\nid: often\nlevel: critical\ncorrelation: {type: event_count, rules: [small], timespan: 1m, condition: {gte: 2}}\n`;
const FAR = ruleText('far', 'CommandLine: x', 'product: windows, category: process_creation');
const FILTER = 'title: Ours\nid: ours\nlogsource: {product: linux, category: process_creation}\nfilter:\n  rules: [grave]\n  s: {CommandLine|contains: our-job}\n  condition: not s\n';

async function contentOf(id: string, text: string): Promise<PackContent> {
  const body = await packBody([{ path: 'rules.yml', text }]);
  if (!body.ok) throw new Error(body.error.message);
  return { id, body: body.value };
}

function start(number: number, commandLine: string): PipelineEvent {
  const kind = { logsource: { product: 'linux', category: 'process_creation', service: null }, fields: { Image: '/usr/bin/tool', CommandLine: commandLine } };
  return { number, time: new Date(number).toISOString(), timeMs: number, kinds: [kind], process: null };
}

describe('packs handed over', () => {
  it('judge as they did, with filters and correlations of several packs', async () => {
    const first = await contentOf('a', `${ruleText('small', 'CommandLine|contains: evil')}---\n${CORRELATION}---\n${FAR}`);
    const second = await contentOf('b', `${ruleText('grave', 'CommandLine|re: "e+vil.*(x|our)"')}---\n${FILTER}`);
    const worked = await preparePacks([first, second], null, LINUX);
    const prepared = await decodePrepared(encodePrepared(worked), NO_REST);
    if (!prepared.ok) throw new Error(prepared.error.message);
    const { packs, ready } = prepared.value;
    expect(packs.map((pack) => pack.ok && pack.value.rules)).toEqual(worked.packs.map((pack) => pack.ok && pack.value.rules));
    expect(packs.map((pack) => pack.ok && pack.value.totals)).toEqual(worked.packs.map((pack) => pack.ok && pack.value.totals));
    expect([...ready.versions.keys()].sort()).toEqual(['grave', 'often', 'small']);
    const [before, after] = [worked.ready, ready].map((rules) => judgingRules(rules, () => 'contain').judge);
    const said = (judge: typeof before, event: PipelineEvent): unknown => judge?.judge(event).map((hit) => [hit.evidence, hit.explain()]);
    const events = [start(1, 'evil'), start(2, 'evil x'), start(3, 'evil our-job'), start(4, 'good'), start(5, 'EEVIL X')];
    const found = events.map((event) => said(after, event));
    expect(found).toEqual(events.map((event) => said(before, event)));
    expect(JSON.stringify(found)).toContain('often');
    expect(JSON.stringify(found[2])).not.toContain('grave');
  });

  it('are cut into parts, so that who takes them can rest', async () => {
    const source = await readSource('resources/rules/sigma');
    if (!source.ok) throw new Error(source.error.message);
    const body = await packBody(source.value.files);
    if (!body.ok) throw new Error(body.error.message);
    const bytes = encodePrepared(await preparePacks([{ id: 'own', body: body.value }], null, LINUX));
    let rests = 0;
    const prepared = await decodePrepared(bytes, () => Promise.resolve(void (rests += 1)));
    expect(prepared.ok && prepared.value.ready.rules.length).toBeGreaterThan(100);
    expect(rests).toBeGreaterThanOrEqual(4);
  });

  it('are refused when they are not whole', async () => {
    const bytes = encodePrepared(await preparePacks([await contentOf('a', ruleText('one', 'CommandLine: x'))], null, LINUX));
    for (const length of [0, 3, 4, 20, bytes.length - 1]) expect((await decodePrepared(bytes.subarray(0, length), NO_REST)).ok).toBe(false);
  });

  it('say of a new pack which of its rules match far too much', async () => {
    const quiet = await contentOf('a', ruleText('quiet', 'CommandLine: never'));
    const loud = await contentOf('b', ruleText('loud', 'CommandLine|contains: tool'));
    const recent = Array.from({ length: 300 }, (_, number) => start(number, `tool ${number}`));
    const prepared = await decodePrepared(encodePrepared(await preparePacks([quiet, loud], { pack: 1, recent }, LINUX)), NO_REST);
    expect(prepared.ok && prepared.value.health).toMatchObject({ health: { starts: 300, tested: true, noisy: [{ rule: 'loud', matches: 300 }] }, noisy: [{ rule: { pack: 'b', rule: 'loud' } }] });
  });
});
