import { describe, expect, it } from 'vitest';
import { controlSocketFor } from '../../../electron/host/engine-address.ts';
import { commandName, outputWidth } from '../../../electron/cli/io.ts';
import { findRule, modeFrom } from '../../../electron/cli/rule-lookup.ts';
import { parseSince, parseUntil } from '../../../electron/cli/time-input.ts';
import type { Result } from '../../../shared/result.ts';

function valueOf<T>(result: Result<T>): T | string {
  return result.ok ? result.value : result.error.code;
}

describe('rules', () => {
  const rules = [
    { id: 'd4f940ab-401b-4efc-aadc-ad5f3c50688a', slug: 'office-child-processes', name: 'Block Office applications from creating child processes' },
    { id: '26190899-1602-49e8-8b27-eb1d0a1ce869', slug: 'mail-child-processes', name: 'Block mail programs from creating child processes' },
    { id: '33ddedf1-c6e0-47cb-833e-de6133960387', slug: 'safe-mode-reboot', name: 'Block rebooting into rescue mode' },
  ];
  const found = (typed: string): unknown => {
    const rule = findRule(rules, typed);
    return rule.ok ? rules.indexOf(rule.value) : rule.error.code;
  };

  it.each([
    ['D4F940AB-401B-4EFC-AADC-AD5F3C50688A', 0],
    ['d4f9', 0],
    ['office', 0],
    ['safe-mode-reboot', 2],
    ['safe-mode', 2],
    ['block-rebooting-into-rescue-mode', 2],
    ['Rescue Mode', 2],
    ['mail programs', 1],
    ['creating child', 'ambiguous-rule'],
    ['d4', 'unknown-rule'],
    ['', 'unknown-rule'],
    ['---', 'unknown-rule'],
    ['nothing like it', 'unknown-rule'],
  ])('are found by what is typed: %j', (typed, expected) => {
    expect(found(typed)).toBe(expected);
  });

  it('names the candidates when there are several', () => {
    const rule = findRule(rules, 'creating child');
    expect(!rule.ok && rule.error.message).toContain('mail-child-processes');
  });
});

describe('modes', () => {
  it.each([
    ['block', 'block'],
    ['BLOCK', 'block'],
    ['0', 'off'],
    ['1', 'block'],
    ['2', 'audit'],
    ['5', 'notConfigured'],
    ['6', 'warn'],
    ['not-configured', 'notConfigured'],
    ['3', 'unknown-mode'],
    ['deny', 'unknown-mode'],
  ])('take names and Defender\'s numbers: %s', (typed, expected) => {
    expect(valueOf(modeFrom(typed))).toBe(expected);
  });
});

describe('times', () => {
  const now = new Date(2026, 4, 20, 12, 0, 0).getTime();
  const hour = 3_600_000;

  it.each([
    ['90s', now - 90_000],
    ['15m', now - hour / 4],
    ['2h', now - 2 * hour],
    ['3d', now - 72 * hour],
    ['1w', now - 168 * hour],
    ['11:30', now - hour / 2],
    ['2026-05-20', new Date(2026, 4, 20).getTime()],
    ['2026-05-20 10:00', now - 2 * hour],
    ['2026-05-20T10:00:00Z', Date.UTC(2026, 4, 20, 10)],
    ['yesterday', 'bad-time'],
    ['2026-13-45', 'bad-time'],
    ['', 'bad-time'],
    ['-5m', 'bad-time'],
  ])('since %s', (typed, expected) => {
    expect(valueOf(parseSince(typed, now))).toBe(expected);
  });

  it.each([
    ['2h', now + 2 * hour],
    ['18:00', now + 6 * hour],
    ['2026-05-21', new Date(2026, 4, 21).getTime()],
    ['2026-05-19', 'bad-time'],
    ['soon', 'bad-time'],
  ])('until %s', (typed, expected) => {
    expect(valueOf(parseUntil(typed, now))).toBe(expected);
  });

  it('takes a clock time that has passed for tomorrow', () => {
    expect(valueOf(parseUntil('09:00', now))).toBe(new Date(2026, 4, 21, 9).getTime());
  });
});

describe('which engine', () => {
  const base = { dataDir: undefined, instance: 'default', uid: 1000, env: { XDG_RUNTIME_DIR: '/run/user/1000' }, homeDir: '/home/u' };

  it('is the machine\'s when it runs, else the account\'s own', () => {
    expect(valueOf(controlSocketFor(base, () => true))).toBe('/run/holdfast/control.sock');
    expect(valueOf(controlSocketFor(base, () => false))).toBe('/run/user/1000/holdfast/control.sock');
  });

  it('is always the machine\'s for root', () => {
    expect(valueOf(controlSocketFor({ ...base, uid: 0 }, () => false))).toBe('/run/holdfast/control.sock');
  });

  it('is the one that the options name', () => {
    expect(valueOf(controlSocketFor({ ...base, dataDir: '/tmp/x' }, () => true))).toBe('/tmp/x/run/control.sock');
    expect(valueOf(controlSocketFor({ ...base, instance: 'two' }, () => false))).toBe('/run/user/1000/holdfast/instances/two/control.sock');
    expect(valueOf(controlSocketFor({ ...base, instance: 'two' }, () => true))).toBe('/run/holdfast/instances/two/control.sock');
    expect(valueOf(controlSocketFor({ ...base, instance: '../up' }, () => true))).toBe('bad-instance');
  });
});

describe('surroundings', () => {
  it('name the command as it is typed here', () => {
    expect(commandName({ npm_command: 'exec' })).toBe('npx holdfast');
    expect(commandName({ npm_command: 'run-script' })).toBe('holdfast');
    expect(commandName({})).toBe('holdfast');
  });

  it('give a width also without a terminal', () => {
    expect(outputWidth({ columns: null })).toBe(100);
    expect(outputWidth({ columns: 10 })).toBe(40);
    expect(outputWidth({ columns: 132 })).toBe(132);
  });
});
