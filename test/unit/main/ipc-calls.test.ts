/** Every call of the window with good, wrong and hostile input: nothing but the form of the table gets through, in either direction. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appCall, engineCall, type AppHandlers } from '../../../electron/main/ipc-calls.ts';
import { APP_CALL_NAMES, ENGINE_CALL_NAMES, EVENT_NAMES } from '../../../shared/ipc/names.ts';
import { APP_CALLS, EVENTS, type AppState, type RehearsalState } from '../../../shared/ipc/table.ts';
import { CALLS } from '../../../shared/control/calls.ts';
import { ok } from '../../../shared/result.ts';

const STATE: AppState = { connection: 'connecting', reason: null, status: null, me: null };
const REHEARSAL: RehearsalState = { running: false, results: [], planned: 0, problem: null };
const SETTINGS = { settings: { theme: 'system' as const, notices: 'all' as const, firstRunDone: false }, problem: null };

function handlers(changes: Partial<AppHandlers> = {}): AppHandlers {
  return {
    appInfo: () => ok({ version: '1', role: 'ui', instance: 'default', platform: 'linux', user: 'ann', runtime: { electron: '', chrome: '', node: '' }, sandbox: { on: true, reason: null } }),
    appState: () => ok(STATE),
    windowSettings: () => ok(SETTINGS),
    windowSettingsSet: () => ok(SETTINGS),
    inbox: () => ok({ unread: 0 }),
    inboxSeen: () => ok({ unread: 0 }),
    rehearsalStart: () => ok(REHEARSAL),
    rehearsalCancel: () => ok(REHEARSAL),
    rehearsalState: () => ok(REHEARSAL),
    supportBundleSave: () => ok({ savedTo: null }),
    openLink: () => ok({ opened: true }),
    ...changes,
  };
}

const GOOD: Readonly<Record<(typeof APP_CALL_NAMES)[number], unknown>> = {
  appInfo: {}, appState: {}, windowSettings: {}, windowSettingsSet: { theme: 'dark' }, inbox: {}, inboxSeen: { throughId: 'e1' },
  rehearsalStart: {}, rehearsalCancel: {}, rehearsalState: {}, supportBundleSave: {}, openLink: { kind: 'attack', technique: 'T1059.004' },
};

const HOSTILE: readonly unknown[] = [
  null, 0, 'text', [], [{}], { extra: 1 }, JSON.parse('{"__proto__":{"polluted":true}}'), { theme: 'x'.repeat(1e6) }, { throughId: 'x'.repeat(1e6) }, { kind: 'attack', technique: '../..' },
  { kind: 'attack', technique: 'T1059?x=javascript:' }, { kind: 'url', url: 'https://example.org' }, { theme: { toString: 'x' } },
];

describe('the table', () => {
  it('has a form for every name, and only for those', () => {
    expect(Object.keys(APP_CALLS).sort()).toEqual([...APP_CALL_NAMES].sort());
    expect(Object.keys(EVENTS).sort()).toEqual([...EVENT_NAMES].sort());
    for (const name of ENGINE_CALL_NAMES) expect(CALLS[name]).toBeDefined();
  });

  it('leaves out what a window has no business with', () => {
    for (const name of ['stop', 'rehearsalBegin', 'rehearsalEnd', 'watch', 'noticeDone']) expect(ENGINE_CALL_NAMES).not.toContain(name);
  });
});

describe('calls that main answers', () => {
  it.each(APP_CALL_NAMES)('%s answers good input', async (name) => {
    expect(await appCall({ app: handlers() }, name, GOOD[name])).toMatchObject({ ok: true });
  });

  it.each(APP_CALL_NAMES)('%s gives nothing hostile to its handler', async (name) => {
    const seen: unknown[] = [];
    const spy = Object.fromEntries(APP_CALL_NAMES.map((one) => [one, (input: unknown) => { seen.push(input); return ok(undefined); }])) as unknown as AppHandlers;
    for (const input of HOSTILE) {
      const answer = await appCall({ app: spy }, name, input).catch(() => null);
      if (APP_CALLS[name].input.safeParse(input ?? {}).success) continue;
      expect(answer, JSON.stringify(input).slice(0, 80)).toMatchObject({ ok: false, error: { code: 'bad-input' } });
    }
    for (const input of seen) expect(APP_CALLS[name].input.safeParse(input).success).toBe(true);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('does not hand the page an answer of another form', async () => {
    const wrong = handlers({ inbox: () => ok({ unread: 'many' } as never) });
    await expect(appCall({ app: wrong }, 'inbox', {})).rejects.toThrow();
  });
});

describe('calls that go on to the engine', () => {
  const asked: unknown[] = [];
  const engine = (name: string, input: unknown, ask: boolean) => {
    asked.push([name, input, ask]);
    return Promise.resolve(ok({}));
  };

  it('go on as they were asked, with the word that the person agrees to be asked', async () => {
    asked.length = 0;
    await engineCall({ engine }, 'rulesSet', { input: { rule: 'r', mode: 'block' }, ask: true });
    expect(asked).toEqual([['rulesSet', { rule: 'r', mode: 'block' }, true]]);
  });

  it.each(ENGINE_CALL_NAMES)('%s refuses what is not in the table', async (name) => {
    asked.length = 0;
    for (const request of [null, 1, 'x', {}, { input: {} }, { input: {}, ask: 'yes' }, { input: { nonsense: 1 }, ask: false }, { input: [], ask: false }, { input: {}, ask: false, also: 1 }]) {
      expect(await engineCall({ engine }, name, request)).toMatchObject({ ok: false, error: { code: 'bad-input' } });
    }
    expect(asked).toEqual([]);
  });

  it('survive anything', async () => {
    await fc.assert(fc.asyncProperty(fc.constantFrom(...ENGINE_CALL_NAMES), fc.anything(), async (name, request) => {
      expect(typeof (await engineCall({ engine }, name, request)).ok).toBe('boolean');
    }), { numRuns: 300 });
  });
});
