import { describe, expect, it } from 'vitest';
import { ANN, ControlRig, ROOT } from './control-rig.ts';
import { VERSION } from './pack-rig.ts';

const START = { name: 'Sigma', version: VERSION, origin: '/home/ann/sigma.zip', licence: null };

describe('importing a pack', () => {
  it('joins the parts in the order they came, and names who imported', async () => {
    const rig = new ControlRig();
    const { token } = await rig.done('packImportBegin', START);
    for (const part of ['one,', 'two,', 'three']) await rig.done('packImportPart', { token, data: Buffer.from(part).toString('base64') });
    await rig.done('packImportEnd', { token, trust: 'suspend' });
    expect(rig.packs.imported).toHaveLength(1);
    expect(rig.packs.imported[0]).toMatchObject({ ...START, trust: 'suspend', by: 'root' });
    expect(rig.packs.imported[0]?.bytes.toString()).toBe('one,two,three');
  });

  it('ends once, and only what was begun', async () => {
    const rig = new ControlRig();
    const { token } = await rig.done('packImportBegin', START);
    await rig.done('packImportEnd', { token });
    for (const each of [token, 'nobody-began-this']) {
      expect(await rig.call('packImportEnd', { token: each })).toMatchObject({ ok: false, error: { code: 'no-upload' } });
      expect(await rig.call('packImportPart', { token: each, data: '' })).toMatchObject({ ok: false, error: { code: 'no-upload' } });
    }
  });

  it('is trusted with nothing when the caller says nothing', async () => {
    const rig = new ControlRig();
    const { token } = await rig.done('packImportBegin', START);
    await rig.done('packImportEnd', { token });
    expect(rig.packs.imported[0]?.trust).toBe('observe');
  });
});

describe('what is told', () => {
  it('to an account without rights: neither where packs came from nor which rules are silent', async () => {
    const rig = new ControlRig();
    const list = await rig.done('packsList', {}, ANN);
    expect(list.packs).toMatchObject([{ id: 'sigma', origin: '', by: '', muted: 0 }]);
    expect(list.muted).toEqual([]);
    expect((await rig.done('sigmaRules', {}, ANN)).rules).toMatchObject([{ muted: false }]);
  });

  it('to an administrator: all of it', async () => {
    const rig = new ControlRig();
    expect(await rig.done('packsList', {}, ROOT)).toMatchObject({ packs: [{ origin: '/home/ann/sigma.zip', muted: 1 }], muted: [{ rule: 'some-rule' }], sigmaActive: 1 });
    expect((await rig.done('sigmaRules', {}, ROOT)).rules).toMatchObject([{ muted: true }]);
  });
});
