/** Every call of the table with good, wrong and hostile input, with and without the right it needs. */
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { CALLS, type CallInput, type CallName } from '../../../../shared/control/calls.ts';
import { ANN, ControlRig, NO_WARN_RULE, ROOT, SHELL_RULE } from './control-rig.ts';
import { UPLOAD, VERSION } from './pack-rig.ts';

type Good = { readonly [N in CallName]: readonly CallInput<N>[] };

/** A new call without a line here does not compile. */
const GOOD: Good = {
  status: [{}],
  doctor: [{}],
  history: [{}, { limit: 1 }, { id: 'entry-1', limit: 1 }, { action: 'prevented', rule: SHELL_RULE, sinceMs: 0, pid: 4242, grouped: true }],
  rulesList: [{}],
  rulesSet: [{ rule: SHELL_RULE, mode: 'block' }, { rule: SHELL_RULE.toUpperCase(), mode: 'warn' }, { rule: NO_WARN_RULE, mode: 'notConfigured' }],
  rulesPreset: [{ preset: 'standard' }],
  rulesExclude: [{ rule: null, path: '/opt/tool/' }, { rule: SHELL_RULE, path: '/opt/tool/bin/run' }],
  exclusionsList: [{}],
  packsList: [{}],
  sigmaRules: [{}, { pack: 'own', readiness: 'canFire', level: 'high', text: 'shell', limit: 1, offset: 0 }],
  packImportBegin: [{ name: 'Sigma', version: VERSION, origin: '/home/ann/sigma.zip', licence: null }],
  packImportPart: [{ token: UPLOAD, data: 'aGVsbG8=' }],
  packImportEnd: [{ token: UPLOAD, trust: 'observe' }],
  packRemove: [{ pack: 'sigma' }],
  packTrust: [{ pack: 'sigma', trust: 'contain' }],
  ruleUnmute: [{ rule: 'some-rule' }],
  allowAdd: [
    { historyId: 'entry-1', for: 'once', reason: 'it is ours' },
    { historyId: 'entry-1', for: 'boot', reason: 'it is ours' },
    { historyId: 'entry-1', for: 'until', untilMs: Date.parse('2026-11-02T00:00:00.000Z'), reason: 'it is ours' },
    { historyId: 'entry-1', for: 'permanent', reason: 'it is ours', confirmPermanent: true },
  ],
  allowList: [{}],
  allowRevoke: [{ id: 'id-1' }],
  me: [{}],
  watch: [{ revision: null }, { revision: 0, waitMs: 0 }],
  noticeDone: [{ historyIds: ['entry-1'], outcome: 'delivered', detail: null }],
  historySearch: [{ filter: {} }, { filter: { text: 'tool', actions: ['prevented'], rules: [SHELL_RULE], severities: ['informational'], sinceMs: 0, untilMs: 4e12 }, limit: 10, cursor: '5' }],
  historyNewer: [{ than: null }, { than: 'entry-1' }],
  historySummary: [{}, { hours: 24, parts: 12 }],
  undecidedDismiss: [{ historyId: 'entry-1' }],
  historyDetail: [{ id: 'entry-1' }],
  allowPreview: [{ historyId: 'entry-1', parts: {} }, { historyId: 'entry-1', parts: { arguments: false, parent: false } }],
  liveEvents: [{ after: null }, { after: 0, limit: 5, text: 'tool' }],
  usage: [{}],
  engineSettings: [{}],
  engineSettingsSet: [{ fail: 'closed' }, { deadlineMs: 200 }],
  presetPreview: [{ preset: 'standard' }],
  supportBundle: [{}],
  pause: [{ minutes: 15, reason: 'installing a printer' }, { untilRestart: true, reason: 'a long build' }],
  resume: [{}],
  stop: [{}],
  rehearsalBegin: [{}],
  rehearsalEnd: [{ token: 'id-1' }],
};
const NAMES = Object.keys(CALLS) as CallName[];
const CHANGING = NAMES.filter((name) => CALLS[name].right === 'change');

/** As a socket hands it over: through JSON, so that `__proto__` is a key like any other. */
const HOSTILE = [
  '[]', '0', '"text"', 'true', '[{}]', '{"extra":1}', '{"__proto__":{"polluted":true}}', '{"constructor":{"prototype":{"polluted":true}}}',
  '{"rule":{"toString":"x"},"mode":"block"}', '{"rule":"__proto__","mode":"block"}', '{"rule":"constructor","mode":"block"}', '{"rule":null,"path":"__proto__","remove":true}',
  '{"preset":"__proto__"}', '{"preset":"constructor"}', '{"historyId":"\' OR 1=1 --","for":"once","reason":"x"}', '{"historyId":"entry-1","for":"forever","reason":"x"}',
  '{"historyId":"entry-1","for":"permanent","reason":""}', '{"id":"__proto__"}', '{"token":"__proto__"}', '{"minutes":1e308,"reason":"x"}', '{"minutes":-5,"reason":"x"}', '{"minutes":0.5,"reason":"x"}',
  '{"filter":{"text":"%_\' OR 1=1"}}', '{"filter":{},"cursor":"1 OR 1=1"}', '{"filter":{"rules":["__proto__"]}}', '{"revision":-1,"waitMs":0}', '{"historyIds":[],"outcome":"delivered","detail":null}',

  '{"pack":"../../etc/passwd"}', '{"pack":"__proto__"}', '{"pack":"sigma","trust":"root"}', '{"token":"none","data":"%%%"}', '{"readiness":"constructor"}', '{"limit":0}', '{"limit":1e9}', '{"limit":-1}', '{"sinceMs":"now"}', '{"pid":1.5}', '{"grouped":"yes"}', '{"before":{}}',
].map((text): unknown => JSON.parse(text));

let rig: ControlRig;
beforeEach(async () => {
  rig = new ControlRig();
  // Something for `allowRevoke` and the like to find.
  await rig.done('allowAdd', { historyId: 'entry-1', for: '24h', reason: 'it is ours' });
});

describe('every call', () => {
  it.each(NAMES)('%s answers good input with the promised shape', async (name) => {
    for (const input of GOOD[name]) {
      const answer = await rig.handle(name, input);
      expect(answer, JSON.stringify(input)).toMatchObject({ ok: true });
      const { output } = CALLS[name];
      if (answer.ok) expect(output.parse(answer.value)).toEqual(answer.value);
    }
  });

  it.each(NAMES)('%s can go over the wire as JSON and comes out the same', async (name) => {
    const [input] = GOOD[name];
    const answer = await rig.handle(name, input);
    expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
  });

  it.each(NAMES)('%s refuses or answers hostile input, in words that fit a screen, and never breaks', async (name) => {
    for (const input of HOSTILE) {
      const answer = await rig.handle(name, input);
      if (!answer.ok) {
        expect(answer.error.code).toMatch(/^[a-z-]+$/);
        expect(answer.error.message.length).toBeGreaterThan(10);
        expect(answer.error.message.length).toBeLessThan(2_000);
      }
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.getPrototypeOf(rig.settings.rules)).toBe(Object.prototype);
  });

  it.each(NAMES)('%s refuses a field that is not in the table', async (name) => {
    const [input] = GOOD[name];
    expect(await rig.handle(name, { ...input, admin: true })).toMatchObject({ ok: false, error: { code: 'bad-input' } });
  });

  it.each(NAMES)('%s refuses each of its fields with a value of another type', async (name) => {
    for (const input of GOOD[name]) {
      for (const key of Object.keys(input)) {
        const wrong = { ...input, [key]: { nested: [input] } };
        expect(await rig.handle(name, wrong), `${name}.${key}`).toMatchObject({ ok: false, error: { code: 'bad-input' } });
      }
    }
  });

  it('survives anything that JSON can hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...NAMES), fc.jsonValue(), fc.constantFrom(ROOT, ANN), async (name, input, caller) => {
        const answer = await rig.handle(name, input, caller);
        expect(typeof answer.ok).toBe('boolean');
      }),
      { numRuns: 300 },
    );
  });

  it('tells a text of a megabyte off in few words', async () => {
    const huge = 'x'.repeat(1_000_000);
    const inputs: readonly [CallName, unknown][] = [
      ['rulesSet', { rule: huge, mode: 'block' }], ['rulesPreset', { preset: huge }], ['rulesExclude', { rule: huge, path: '/opt/x' }], ['rulesExclude', { rule: null, path: huge }],
      ['rulesExclude', { rule: null, path: `/${huge}` }], ['rulesExclude', { rule: null, path: huge, remove: true }],
      ['allowAdd', { historyId: huge, for: 'once', reason: 'x' }], ['allowAdd', { historyId: 'entry-1', for: 'once', reason: huge }], ['allowRevoke', { id: huge }],
      ['packImportBegin', { name: huge, version: huge, origin: huge, licence: huge }], ['packImportPart', { token: UPLOAD, data: huge }], ['packRemove', { pack: huge }], ['ruleUnmute', { rule: huge }],
      ['pause', { minutes: 1, reason: huge }], ['status', { [huge]: 1 }], ['rulesSet', { rule: SHELL_RULE, mode: huge }],
    ];
    for (const [name, input] of inputs) {
      const answer = await rig.handle(name, input);
      expect(answer.ok, name).toBe(false);
      if (!answer.ok) expect(answer.error.message.length, `${name}: ${answer.error.code}`).toBeLessThan(6_000);
    }
  });
});

describe('rights', () => {
  it.each(CHANGING)('%s is refused to another account, and nothing changes', async (name) => {
    const before = JSON.stringify(rig.settings);
    const published = rig.published.length;
    for (const input of GOOD[name]) expect(await rig.handle(name, input, ANN)).toMatchObject({ ok: false, error: { code: 'no-right' } });
    expect(JSON.stringify(rig.settings)).toBe(before);
    expect(rig.published.length).toBe(published);
    expect(rig.stops).toBe(0);
  });

  it.each(CHANGING)('%s is refused for want of the right before its input is looked at', async (name) => {
    expect(await rig.handle(name, { nonsense: true }, ANN)).toMatchObject({ ok: false, error: { code: 'no-right' } });
  });

  it('the account the engine runs as may change it', async () => {
    const own = new ControlRig();
    own.ownUid = ANN.uid;
    expect(await own.handle('rulesSet', { rule: SHELL_RULE, mode: 'block' }, ANN)).toMatchObject({ ok: true });
    expect(await own.handle('rulesSet', { rule: SHELL_RULE, mode: 'off' }, { uid: 1001, pid: 1 })).toMatchObject({ ok: false, error: { code: 'no-right' } });
  });

  it('a caller is what the kernel says, whatever the message claims', async () => {
    expect(await rig.handle('stop', { uid: 0 }, ANN)).toMatchObject({ ok: false, error: { code: 'no-right' } });
    expect(await rig.handle('rulesList', { uid: 0, mayChange: true }, ANN)).toMatchObject({ ok: false, error: { code: 'bad-input' } });
  });
});

describe('names of calls', () => {
  it.each(['', 'STATUS', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'status ', 'x'.repeat(1_000_000)])('%.30s is no call', async (name) => {
    const answer = await rig.handle(name, {});
    expect(answer).toMatchObject({ ok: false, error: { code: 'unknown-call' } });
    if (!answer.ok) expect(answer.error.message.length).toBeLessThan(300);
  });
});
