import { describe, expect, it } from 'vitest';
import { conclude, expectedOutcome } from '../../../electron/rehearsal/outcome.ts';
import type { Status } from '../../../shared/status/status.ts';
import { entry, OFFICE_RULE, rule } from '../cli/samples.ts';

const everywhere: Pick<Status, 'coverage' | 'pausedUntil' | 'reasons'> = { coverage: [{ mount: '/', prevent: true, reason: null, cause: 'covered' }], pausedUntil: null, reasons: [] };

describe('what the present modes promise', () => {
  const expected = (effective: ReturnType<typeof rule>['effective'], changes: object = {}, object = '/x/sh'): string =>
    expectedOutcome({ rule: rule({ effective }), status: { ...everywhere, ...changes }, object });

  it.each([
    ['off', 'allowed'],
    ['unavailable', 'allowed'],
    ['audit', 'audited'],
    ['block', 'prevented'],
    ['warn', 'prevented'],
  ] as const)('%s: %s', (effective, outcome) => {
    expect(expected(effective)).toBe(outcome);
  });

  it('is nothing where the engine has no rights', () => {
    for (const effective of ['block', 'audit', 'unavailable'] as const) expect(expected(effective, { reasons: [{ code: 'no-rights', message: 'm' }] })).toBe('allowed');
  });

  it('is only recording while paused', () => {
    expect(expected('block', { pausedUntil: '2026-05-20T10:00:00Z' })).toBe('audited');
    expect(expected('off', { pausedUntil: '2026-05-20T10:00:00Z' })).toBe('allowed');
  });

  it('is stopping after the start where starts are not asked about, by the nearest mount', () => {
    const coverage = [...everywhere.coverage, { mount: '/x', prevent: false, reason: 'FUSE', cause: 'notPossible' }, { mount: '/x/y', prevent: true, reason: null, cause: 'covered' }];
    expect(expected('block', { coverage })).toBe('stopped');
    expect(expected('block', { coverage }, '/x/y/sh')).toBe('prevented');
    expect(expected('block', { coverage }, '/xy/sh')).toBe('prevented');
    expect(expected('block', { coverage: [] })).toBe('stopped');
  });
});

describe('what happened', () => {
  const other = { ...entry().rule, id: 'another', name: 'Another rule' };
  const ran = { kind: 'ran', exitCode: 0 } as const;
  const refused = { kind: 'refused', errno: 1 } as const;
  const killed = { kind: 'killed', signal: 9 } as const;

  it.each([
    ['refused and recorded', refused, [entry()], 'prevented', true],
    ['refused and not recorded', refused, [], 'prevented', false],
    ['refused by another rule', refused, [entry({ rule: other })], 'prevented', false],
    ['refused by another rule while the meant one only records', refused, [entry({ action: 'audited' }), entry({ rule: other })], 'prevented', false],
    ['refused for a reason of the system', { kind: 'refused', errno: 13 } as const, [], 'skipped', false],
    ['ended and recorded', killed, [entry({ action: 'stopped' })], 'stopped', true],
    ['ended and not recorded', killed, [], 'stopped', false],
    ['faster than it could be stopped', ran, [entry({ action: 'stopped' })], 'stopped', true],
    ['run and recorded', ran, [entry({ action: 'audited' })], 'audited', true],
    ['run and recorded by another rule', ran, [entry({ action: 'audited', rule: other })], 'allowed', true],
    ['run', ran, [], 'allowed', true],
    ['run, against the record', ran, [entry()], 'allowed', false],
    ['stuck', { kind: 'timeout' } as const, [], 'skipped', false],
  ] as const)('%s', (_, ending, entries, happened, sound) => {
    expect(conclude(ending, entries, OFFICE_RULE.toUpperCase())).toMatchObject({ happened, sound });
  });
});
