/** Changes of packs: each is whole or leaves everything as it was, whatever the thread that reads them does. */
import { describe, expect, it } from 'vitest';
import { packBody, type Container } from '../../../../electron/engine/packs/container.ts';
import { MuteBook } from '../../../../electron/engine/packs/mute-book.ts';
import { PackKeeper, type PackKeeperDeps, type PackStorage } from '../../../../electron/engine/packs/pack-keeper.ts';
import type { ReadyRules } from '../../../../electron/engine/packs/ready-rules.ts';
import type { TrustLevel } from '../../../../shared/packs/pack.ts';
import { fail, ok } from '../../../../shared/result.ts';
import { manifestOf, prepareHere, ruleText } from './pack-samples.ts';

const DIED = fail('rules-thread', 'The thread died.');

async function containerOf(id: string, ...texts: readonly string[]): Promise<Container> {
  const body = await packBody(texts.map((text, index) => ({ path: `${index}.yml`, text })));
  if (!body.ok) throw new Error(body.error.message);
  return { manifest: manifestOf(id, body.value.version), body: body.value };
}

const rule = (id: string): string => ruleText(id, `CommandLine|contains: ${id}`);
const wanting = (id: string): string => `${rule(id)}response: contain\n`;

function request({ manifest: { id, version }, body }: Container) {
  return { name: id, version, origin: '', licence: null, bytes: body.bytes, trust: 'observe' as const, by: 'root' };
}

/** A keeper whose thread works until `dies` is set. */
function rig(storage: Partial<PackStorage> = {}, mutes = new MuteBook([])) {
  const state = { dies: false, prepared: 0, kept: 0, installed: [] as string[], ready: null as ReadyRules | null, trustOf: (() => 'observe') as (pack: string) => TrustLevel };
  const prepare: PackKeeperDeps['prepare'] = async (contents, trial) => {
    state.prepared += 1;
    const prepared = state.dies ? DIED : await prepareHere(contents, trial);
    return prepared.ok ? ok({ ...prepared.value, keep: () => void (state.kept += 1) }) : prepared;
  };
  const keeper = new PackKeeper({
    storage: { install: ({ manifest }) => ok(void state.installed.push(manifest.id)), remove: () => ok(undefined), reject: () => [], ...storage },
    mutes, ownTrust: 'observe', saveState: () => ok(undefined), prepare, recent: () => [],
    use: (ready, trustOf) => void Object.assign(state, { ready, trustOf }), nowIso: () => '2026-11-25T10:00:00.000Z',
  });
  const inForce = (): string[] => [...(state.ready?.versions.keys() ?? [])];
  return { keeper, state, inForce };
}

describe('changes of packs', () => {
  it('put all packs in force together, the own one first, and keep what was worked out', async () => {
    const { keeper, state, inForce } = rig();
    expect(await keeper.open(await containerOf('own', rule('ours')), [await containerOf('a', rule('one'))], [])).toBe(true);
    expect(inForce()).toEqual(['ours', 'one']);
    expect(keeper.list().map(({ id, totals }) => [id, totals.rules])).toEqual([['own', 1], ['a', 1]]);
    expect([state.prepared, state.kept, keeper.problems()]).toEqual([1, 1, []]);
  });

  it('stand in the order of their ids, however they came, so that a restart changes nothing', async () => {
    const { keeper, inForce } = rig();
    await keeper.open(await containerOf('own', rule('ours')), [await containerOf('m', rule('middle'))], []);
    expect((await keeper.import(request(await containerOf('z', rule('last'))))).ok).toBe(true);
    expect((await keeper.import(request(await containerOf('a', rule('first'))))).ok).toBe(true);
    expect(inForce()).toEqual(['ours', 'first', 'middle', 'last']);
  });

  it('keep rules apart that have no id and the same title', async () => {
    const { keeper, inForce } = rig();
    const nameless = (id: string): string => rule(id).replace(`id: ${id}\n`, '').replace(`Rule ${id}`, 'Same title');
    expect(await keeper.open(null, [await containerOf('a', nameless('one'), nameless('two')), await containerOf('b', nameless('three'))], [])).toBe(true);
    expect(inForce()).toEqual(['Same title', 'Same title (1.yml:1:1)']);
  });

  it('keep what was muted while a pack can not be read', async () => {
    const mutes = new MuteBook([{ pack: 'b', rule: 'two', title: 'Two', version: 'v', mutedAt: '2026-11-01T10:00:00.000Z', reason: 'loud' }]);
    const { keeper } = rig({}, mutes);
    await keeper.open(null, [await containerOf('a', rule('one'))], ['The folder of packs can not be read.']);
    expect(mutes.list()).toHaveLength(1);
  });

  it('leave everything as it was when the thread dies', async () => {
    const { keeper, state, inForce } = rig();
    await keeper.open(null, [await containerOf('a', rule('one'))], []);
    state.dies = true;
    expect(await keeper.import(request(await containerOf('b', rule('two'))))).toEqual(DIED);
    expect(await keeper.remove('a')).toEqual(DIED);
    expect([inForce(), keeper.list().map(({ id }) => id), state.installed, state.kept, keeper.problems()]).toEqual([['one'], ['a'], [], 1, []]);
    state.dies = false;
    expect((await keeper.import(request(await containerOf('b', rule('two'))))).ok).toBe(true);
    expect(inForce()).toEqual(['one', 'two']);
  });

  it('name the reason when nothing could be made ready at the start, let a pack be removed, and try again', async () => {
    const { keeper, state, inForce } = rig();
    state.dies = true;
    expect(await keeper.open(null, [await containerOf('a', rule('one')), await containerOf('b', rule('two'))], [])).toBe(false);
    expect([keeper.problems(), keeper.list().map(({ id }) => id), inForce()]).toEqual([['The thread died.'], ['a', 'b'], []]);
    expect(await keeper.openAgain()).toBe(false);
    state.dies = false;
    expect((await keeper.remove('a')).ok).toBe(true);
    expect([keeper.problems(), inForce()]).toEqual([[], ['two']]);
    expect(await keeper.openAgain()).toBe(true);
    expect(state.prepared).toBe(3);
  });

  it('cost nothing where only the trust changes', async () => {
    const { keeper, state } = rig();
    await keeper.open(null, [await containerOf('a', wanting('one'))], []);
    const before = state.ready;
    expect((await keeper.trust('a', 'contain')).ok).toBe(true);
    expect([state.prepared, state.trustOf('a'), state.trustOf('other'), state.ready === before]).toEqual([1, 'contain', 'observe', true]);
    expect(keeper.rules({ limit: 9, offset: 0 }).rules.map(({ response }) => response)).toEqual(['contain']);
  });

  it('refuse a pack of which nothing loads', async () => {
    const { keeper, inForce, state } = rig();
    await keeper.open(null, [await containerOf('a', rule('one'))], []);
    expect(await keeper.import(request(await containerOf('b', 'title: [')))).toMatchObject({ ok: false, error: { code: 'nothing-loads' } });
    expect([inForce(), state.installed]).toEqual([['one'], []]);
  });

  it('leave all as it was when the pack can not be saved', async () => {
    const { keeper, inForce, state } = rig({ install: () => fail('pack-not-saved', 'No room.') });
    await keeper.open(null, [await containerOf('a', rule('one'))], []);
    expect(await keeper.import(request(await containerOf('b', rule('two'))))).toMatchObject({ ok: false, error: { message: 'No room.' } });
    expect([inForce(), state.kept]).toEqual([['one'], 1]);
  });

  it('set a pack aside once, also when the thread dies before its last good version was read', async () => {
    const good = await containerOf('a', rule('older'));
    const rejected: string[] = [];
    const { keeper, state, inForce } = rig({ reject: (id) => (rejected.push(id), (state.dies = true), [good]) });
    expect(await keeper.open(null, [await containerOf('a', 'title: [')], [])).toBe(false);
    state.dies = false;
    expect([await keeper.openAgain(), rejected, inForce()]).toEqual([true, ['a'], ['older']]);
  });

  it('take the last good version of a pack that can not be used, and go on without one that has none', async () => {
    const good = await containerOf('a', rule('older'));
    const { keeper, inForce } = rig({ reject: (id, why, problems) => (problems.push(`${id}: ${why}`), id === 'a' ? [good] : []) });
    await keeper.open(null, [await containerOf('a', 'title: ['), await containerOf('b', 'title: ['), await containerOf('c', rule('three'))], []);
    expect(inForce()).toEqual(['older', 'three']);
    expect(keeper.list().map(({ id }) => id)).toEqual(['a', 'c']);
    expect(keeper.problems().map((problem) => problem.slice(0, 3))).toEqual(['a: ', 'b: ']);
  });
});
