import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInForce } from '../../../../electron/engine/asr/allows.ts';
import type { AsrRule, RuleBook } from '../../../../electron/engine/asr/rule-book.ts';
import { compilePolicy } from '../../../../electron/engine/asr/policy.ts';
import { allowsInForce, buildSnapshot, type SnapshotInput } from '../../../../electron/engine/settings/build-snapshot.ts';
import { presetDiff } from '../../../../electron/engine/settings/presets.ts';
import { ruleEffect, withMode, withModes } from '../../../../electron/engine/settings/rule-modes.ts';
import { defaultSettings, type Settings } from '../../../../electron/engine/settings/settings-schema.ts';
import { policySnapshotSchema, type Allow } from '../../../../shared/policy/snapshot.ts';

const T0 = 1_900_000_000_000;
const [FULL, NO_WARN, ELSEWHERE] = ['11111111-1111-4111-8111-11111111111a', '22222222-2222-4222-8222-222222222222', '33333333-3333-4333-8333-333333333333'] as const;
const definition = {
  title: 'x', id: '44444444-4444-4444-8444-444444444444', status: 'stable', level: 'high',
  logsource: { category: 'process_creation', product: 'linux' }, detection: { selection: { Image: '/bin/x' }, condition: 'selection' },
};

function rule(id: string, number: number, modes: AsrRule['modes'], available = true): AsrRule {
  const part = available ? ({ available, definitions: [definition], guardedFiles: [] } as const) : ({ available, reason: 'not on this system yet', prevention: null, recorded: [] } as const);
  return {
    id, number, modes, slug: `rule-${number}`, name: `Rule ${number}`, reason: 'why', attack: ['T1059'], notices: [], severity: 'informational', falsepositives: ['none'],
    systems: { linux: part, windows: part },
  };
}

const modes = new Map([[FULL, 'warn'], [NO_WARN, 'block'], [ELSEWHERE, 'off']] as const);
const book: RuleBook = {
  rules: [rule(FULL, 1, ['block', 'audit', 'warn']), rule(NO_WARN, 2, ['block', 'audit']), rule(ELSEWHERE, 3, ['block', 'audit', 'warn'], false)],
  presets: [{ name: 'standard', description: 'x', modes: { linux: modes, windows: modes } }],
};

function settingsWith(parts: Partial<Settings>): Settings {
  return { ...defaultSettings(), ...parts };
}

function input(parts: Partial<SnapshotInput> = {}): SnapshotInput {
  return { book, settings: defaultSettings(), systemTools: { 'build:b': '/b', 'build:a': '/a' }, guardedFiles: ['/z', '/a', '/z'], generation: 7, system: 'linux', bootId: 'boot', effectiveNowMs: T0, wallNowMs: T0, ...parts };
}

function allow(parts: Partial<Allow>): Allow {
  return { id: 'a', ruleId: FULL, image: '/x', content: null, commandLine: null, parentImage: null, expiresAtMs: T0 + 1, ends: 'time', bootId: null, reason: 'r', approver: 'root', createdAtMs: T0, ...parts };
}

describe('modes', () => {
  it('refuses a mode that the rule does not have and keeps the settings', () => {
    expect(withMode(defaultSettings(), book.rules[1]!, 'warn')).toMatchObject({ ok: false, error: { code: 'mode-not-offered' } });
    expect(withMode(defaultSettings(), book.rules[1]!, 'block')).toMatchObject({ value: { rules: { [NO_WARN]: 'block' } } });
    expect(withMode(settingsWith({ rules: { [NO_WARN]: 'block' } }), book.rules[1]!, 'notConfigured')).toMatchObject({ value: { rules: {} } });
  });

  it('says what a rule really does, and why it does less', () => {
    const settings = settingsWith({ rules: { [FULL]: 'audit', [NO_WARN]: 'warn', [ELSEWHERE]: 'block' } });
    expect(book.rules.map((one) => ruleEffect(one, settings, 'linux').effective)).toEqual(['audit', 'block', 'unavailable']);
    expect(ruleEffect(book.rules[1]!, settings, 'linux').downgradedBecause).toContain('can not be set to warn');
    expect(ruleEffect(book.rules[2]!, settings, 'linux').downgradedBecause).toBe('not on this system yet');
    expect(ruleEffect(book.rules[0]!, defaultSettings(), 'linux')).toEqual({ effective: 'off', downgradedBecause: null });
  });
});

describe('presetDiff', () => {
  it('lists what changes; applied, it touches nothing else', () => {
    const settings = settingsWith({ rules: { [FULL]: 'warn', 'of-another-book': 'block' } });
    const [preset] = book.presets;
    expect(presetDiff(preset!, settings, 'linux')).toEqual([
      { id: NO_WARN, from: 'notConfigured', to: 'block' },
      { id: ELSEWHERE, from: 'notConfigured', to: 'off' },
    ]);
    const after = withModes(settings, preset!.modes.linux);
    expect(after.rules).toEqual({ [FULL]: 'warn', [NO_WARN]: 'block', [ELSEWHERE]: 'off', 'of-another-book': 'block' });
    expect(presetDiff(preset!, after, 'linux')).toEqual([]);
  });
});

describe('buildSnapshot', () => {
  it('holds the rules that act, ready to compile, and nothing of the others', () => {
    const exclusions = { global: ['/opt/a', '/opt/a', '/*'], perRule: { [FULL]: ['/opt/b/'], [ELSEWHERE]: ['/opt/c'] } };
    const snapshot = buildSnapshot(input({ settings: settingsWith({ rules: { [FULL]: 'warn', [NO_WARN]: 'off', [ELSEWHERE]: 'block' }, exclusions }) }));
    expect(policySnapshotSchema.parse(snapshot)).toEqual(snapshot);
    expect(snapshot.rules.map(({ id, mode, exclusions: paths, definitions }) => [id, mode, paths, definitions.length])).toEqual([[FULL, 'warn', [{ path: '/opt/b/' }], 1]]);
    expect(snapshot.exclusions).toEqual([{ path: '/opt/a' }]);
    expect(compilePolicy(snapshot).ok).toBe(true);
  });

  it('is the same for the same input, in whatever order it comes', () => {
    const other = input({ systemTools: { 'build:a': '/a', 'build:b': '/b' }, guardedFiles: ['/a', '/z'] });
    expect(JSON.stringify(buildSnapshot(other))).toBe(JSON.stringify(buildSnapshot(input())));
  });

  it('leaves out what is over: pause, allows by time, allows of another boot', () => {
    const allows = [allow({ id: 'over', expiresAtMs: T0 }), allow({ id: 'runs' }), allow({ id: 'other', ends: 'boot', expiresAtMs: null, bootId: 'x' }), allow({ id: 'boot', ends: 'boot', expiresAtMs: null, bootId: 'boot' }), allow({ id: 'ever', ends: 'never', expiresAtMs: null })];
    const pause = { untilMs: T0, startedAtMs: T0 - 1, who: 'root', reason: 'r' };
    const snapshot = buildSnapshot(input({ settings: settingsWith({ allows, pause }) }));
    expect(snapshot.pausedUntilMs).toBeNull();
    expect(snapshot.allows.map(({ id }) => id)).toEqual(['runs', 'boot', 'ever']);
  });

  it('judges an expiry by the wall clock as the expiry clock does, however far the wall clock is behind', () => {
    const day = fc.integer({ min: 0, max: 86_400_000 });
    fc.assert(
      fc.property(day, day, day, (behind, lasts, later) => {
        const settings = settingsWith({ allows: [allow({ expiresAtMs: T0 + lasts })], pause: { untilMs: T0 + lasts, startedAtMs: T0, who: 'root', reason: 'r' } });
        const snapshot = buildSnapshot(input({ settings, wallNowMs: T0 - behind }));
        const wall = { nowMs: T0 - behind + later, bootId: 'boot' };
        const really = lasts > later;
        expect(snapshot.allows.some((one) => isInForce(one, wall))).toBe(really);
        expect(snapshot.pausedUntilMs !== null && snapshot.pausedUntilMs > wall.nowMs).toBe(really);
        expect(allowsInForce(settings, { effectiveNowMs: T0 + later, wallNowMs: wall.nowMs }, 'boot').length > 0).toBe(really);
      }),
    );
  });
});
