import { describe, expect, it } from 'vitest';
import { findAllow, indexAllows, isInForce, type AllowedStart } from '../../../../electron/engine/asr/allows.ts';
import type { Allow } from '../../../../shared/policy/snapshot.ts';
import { NOT_READ } from '../../../../shared/start/facts.ts';
import { allow } from './policies.ts';

const TIME = { nowMs: 1_000, bootId: 'this boot' };
const start: AllowedStart = { image: '/usr/bin/bash', commandLine: () => 'bash -c id', parentImage: () => '/opt/soffice.bin', content: () => 'build:ab' };

const ask = (given: Allow, of: AllowedStart = start, ruleId = 'R') => findAllow(indexAllows([given], ruleId), of, TIME);

describe('isInForce', () => {
  it.each<[string, Partial<Allow>, boolean]>([
    ['before its time is over', { ends: 'time', expiresAtMs: 1_001 }, true],
    ['at its time', { ends: 'time', expiresAtMs: 1_000 }, false],
    ['a timed allow without a time never holds', { ends: 'time', expiresAtMs: null }, false],
    ['this boot', { ends: 'boot', bootId: 'this boot', expiresAtMs: null }, true],
    ['another boot', { ends: 'boot', bootId: 'last boot', expiresAtMs: null }, false],
    ['a boot without name', { ends: 'boot', bootId: null, expiresAtMs: null }, false],
    ['once', { ends: 'once', expiresAtMs: null }, true],
    ['once, but too late', { ends: 'once', expiresAtMs: 10 }, false],
    ['for ever', { ends: 'never', expiresAtMs: null }, true],
  ])('%s', (_, parts, expected) => {
    expect(isInForce(allow(parts), TIME)).toBe(expected);
  });

  it('knows no boot when the kernel does not tell it', () => {
    expect(isInForce(allow({ ends: 'boot', bootId: null, expiresAtMs: null }), { nowMs: 0, bootId: null })).toBe(false);
  });
});

describe('findAllow', () => {
  it('compares every part that is named, and the rule by any case', () => {
    expect(ask(allow())).toEqual({ allowId: 'allow-1' });
    expect(ask(allow({ commandLine: 'bash -c id', parentImage: '/opt/soffice.bin', content: 'build:ab' }))).toEqual({ allowId: 'allow-1' });
  });

  it.each<Partial<Allow>>([{ ruleId: 'other' }, { image: '/usr/bin/dash' }, { commandLine: 'bash -c ls' }, { parentImage: '/usr/bin/bash' }, { content: 'build:cd' }, { expiresAtMs: 1 }])('does not fit with %j', (parts) => {
    expect(ask(allow(parts))).toBeNull();
  });

  it('does not hold once it was used, when it is for one use', () => {
    const index = indexAllows([allow({ ends: 'once', expiresAtMs: null })], allow().ruleId);
    expect(findAllow(index, start, { ...TIME, spent: new Set() })).toEqual({ allowId: 'allow-1' });
    expect(findAllow(index, start, { ...TIME, spent: new Set(['allow-1']) })).toBeNull();
  });

  it('asks for a part only when the allow names it and nothing else rules it out', () => {
    const unread: AllowedStart = { ...start, commandLine: () => NOT_READ, content: () => NOT_READ };
    expect(ask(allow({ content: 'build:ab', commandLine: 'bash -c id' }), unread)).toEqual({ needs: ['argv', 'content'] });
    expect(ask(allow({ content: 'build:ab', parentImage: '/usr/bin/bash' }), unread)).toBeNull();
    expect(ask(allow({ image: '/usr/bin/dash', content: 'x' }), { ...unread, content: () => expect.unreachable('content must not be read') })).toBeNull();
  });

  it('an unreadable part is no equal part', () => {
    expect(ask(allow({ commandLine: 'x' }), { ...start, commandLine: () => null })).toBeNull();
  });
});
