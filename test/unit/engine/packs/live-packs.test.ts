/** Rules of packs on live starts: what they may do by the trust of their pack, what they say, and when they fall silent. */
import { describe, expect, it } from 'vitest';
import type { Container } from '../../../../electron/engine/packs/container.ts';
import { packBody } from '../../../../electron/engine/packs/container.ts';
import { LiveRules } from '../../../../electron/engine/packs/live-rules.ts';
import { FLOOD, MuteBook } from '../../../../electron/engine/packs/mute-book.ts';
import { PackKeeper } from '../../../../electron/engine/packs/pack-keeper.ts';
import { PackWatcher } from '../../../../electron/engine/packs/pack-watcher.ts';
import { RecentStarts } from '../../../../electron/engine/packs/recent-starts.ts';
import type { TrustLevel } from '../../../../shared/packs/pack.ts';
import { ok } from '../../../../shared/result.ts';
import { Rig } from '../../../support/pipeline-rig.ts';
import { manifestOf, prepareHere } from './pack-samples.ts';

const rule = (id: string, more: string): string => `title: Rule ${id}\nid: ${id}\nauthor: Ann\ndescription: Words of ${id}\ntags: [attack.t1059.004]\nlogsource: {product: linux, category: process_creation}\n${more}\n`;
const EVIL = 'detection:\n  s: {CommandLine|contains: evil}\n  condition: s';

/** An engine with these packs. */
async function engineWith(packs: Readonly<Record<string, string>>, trust: TrustLevel = 'observe') {
  const mutes = new MuteBook([]);
  const recent = new RecentStarts();
  const live = new LiveRules({ mutes, onMuted: () => undefined, nowIso: () => '2026-11-25T10:00:00.000Z', nowMs: () => 0 });
  const keeper = new PackKeeper({
    storage: { install: () => ok(undefined), remove: () => ok(undefined), reject: () => [] },
    mutes, ownTrust: 'observe', saveState: () => ok(undefined), prepare: prepareHere,
    recent: () => recent.list(), use: (ready, trustOf) => { live.use(ready, trustOf); }, nowIso: () => '2026-11-25T10:00:00.000Z',
  });
  const stored: Container[] = [];
  for (const [id, text] of Object.entries(packs)) {
    const body = await packBody([{ path: `${id}.yml`, text }]);
    if (!body.ok) throw new Error(body.error.message);
    stored.push({ manifest: { ...manifestOf(id, body.value.version), trust }, body: body.value });
  }
  await keeper.open(null, stored, []);
  const rig = (await new Rig({ watcher: new PackWatcher(live, recent, () => 0) }).start()).withSentinel();
  const starts = async (...argv: readonly string[]): Promise<number> => {
    const process = rig.machine.spawn(1, '/usr/bin/tool', ['tool', ...argv]);
    rig.judged(process);
    rig.tell();
    await rig.time.pass(50);
    return process.pid;
  };
  return { rig, live, keeper, mutes, recent, starts };
}

describe('rules of packs on live starts', () => {
  it('write one line for what is at least high, and none for less', async () => {
    const { rig, starts, live } = await engineWith({ sigma: `${rule('grave', `level: high\n${EVIL}`)}---\n${rule('small', `level: medium\n${EVIL}`)}` });
    await starts('--evil');
    await starts('--good');
    expect(rig.history).toEqual(['observed /usr/bin/tool']);
    expect(live.describe('grave')).toEqual({ name: 'Rule grave', reason: 'Words of grave', severity: 'high', attack: ['T1059.004'], source: 'sigma', author: 'Ann' });
  });

  it('stop a program only where the rule asks and its pack is trusted that far', async () => {
    const text = rule('asks', `level: low\nresponse: contain\n${EVIL}`);
    for (const [trust, lives] of [['observe', true], ['suspend', true], ['contain', false]] as const) {
      const { rig, starts } = await engineWith({ sigma: text }, trust);
      const pid = await starts('--evil');
      await rig.time.pass(500);
      expect([trust, rig.machine.lives(pid)]).toEqual([trust, lives]);
    }
  });

  it('never stop by their level alone, however trusted the pack', async () => {
    const { rig, starts } = await engineWith({ sigma: rule('grave', `level: critical\n${EVIL}`) }, 'contain');
    const pid = await starts('--evil');
    await rig.time.pass(500);
    expect(rig.machine.lives(pid)).toBe(true);
    expect(rig.history).toEqual(['observed /usr/bin/tool']);
  });

  it('add no line of their own to a start that is stopped anyway', async () => {
    const { rig } = await engineWith({ sigma: rule('grave', `level: high\n${EVIL}`) });
    rig.judge.rule = ({ argv }) => (argv?.includes('--evil') === true ? 'block' : null);
    rig.machine.spawn(1, '/usr/bin/tool', ['tool', '--evil']);
    rig.tell();
    await rig.time.pass(1_000);
    expect(rig.history).toEqual(['stopped /usr/bin/tool']);
  });

  it('heed a filter of another pack', async () => {
    const filter = 'title: Ours\nid: ours\nlogsource: {product: linux, category: process_creation}\nfilter:\n  rules: [grave]\n  s: {CommandLine|contains: our-job}\n  condition: not s\n';
    const { rig, starts, live } = await engineWith({ sigma: rule('grave', `level: high\n${EVIL}`), tuning: `${filter}---\n${rule('other', `level: low\n${EVIL}`)}` });
    expect(live.problems).toEqual([]);
    await starts('--evil', 'our-job');
    expect(rig.history).toEqual([]);
    await starts('--evil');
    expect(rig.history).toEqual(['observed /usr/bin/tool']);
  });

  it('count what a correlation counts', async () => {
    const correlation = 'title: Often\nid: often\nlevel: high\ncorrelation:\n  type: event_count\n  rules: [small]\n  timespan: 1m\n  condition: {gte: 3}\n';
    const { rig, starts, keeper } = await engineWith({ sigma: `${rule('small', `level: medium\n${EVIL}`)}---\n${correlation}` });
    expect(keeper.rules({ limit: 9, offset: 0 }).rules.map(({ id, readiness }) => [id, readiness])).toEqual([['small', 'canFire'], ['often', 'canFire']]);
    await starts('--evil', '1');
    await starts('--evil', '2');
    expect(rig.history).toEqual([]);
    await starts('--evil', '3');
    expect(rig.history).toEqual(['observed /usr/bin/tool']);
  });

  it('fall silent by version when they match everything', async () => {
    const { starts, mutes } = await engineWith({ sigma: rule('loud', 'level: high\ndetection:\n  s: {Image|contains: tool}\n  condition: s') });
    for (let count = 0; count < FLOOD.leastMatches + 5; count += 1) await starts(String(count));
    expect(mutes.list()).toMatchObject([{ rule: 'loud', pack: 'sigma' }]);
  });

  it('that stop programs are not switched off by one account that runs into them, but by many', async () => {
    const { starts, mutes, rig } = await engineWith({ sigma: rule('grave', `response: contain\nlevel: high\n${EVIL}`) }, 'contain');
    for (let count = 0; count < FLOOD.leastMatches + 5; count += 1) await starts('--evil', String(count));
    expect(mutes.list()).toEqual([]);
    await starts('--evil', 'last');
    expect(rig.history.at(-1)).toBe('stopped /usr/bin/tool');
    const grave = { pack: 'sigma', rule: 'grave', title: 'Grave', version: 'v' };
    const book = new MuteBook([]);
    book.onStart(0);
    const match = (account: number): unknown => book.onMatch({ rule: grave, account, acts: true }, () => '2026-11-25T10:00:00.000Z');
    for (let count = 0; count < FLOOD.leastMatches; count += 1) expect(match(1000)).toBeNull();
    for (let count = 1; count < FLOOD.leastOfOthers; count += 1) expect(match(count % 2)).toBeNull();
    expect(match(0)).toMatchObject({ rule: 'grave' });
  });

  it('can be tried on what ran here lately', async () => {
    const { starts, recent } = await engineWith({ sigma: rule('grave', `level: high\n${EVIL}`) });
    await starts('--good');
    expect(recent.list().map(({ kinds }) => kinds[0]?.fields)).toEqual([expect.objectContaining({ Image: '/usr/bin/tool', CommandLine: 'tool --good', ParentImage: '/usr/lib/systemd/systemd' })]);
  });
});
