import { describe, expect, it } from 'vitest';
import { allowFromEntry, type AllowChoice, type AllowRequest } from '../../../../electron/engine/settings/allow-from-entry.ts';
import { findAllow, indexAllows } from '../../../../electron/engine/asr/allows.ts';
import { allowSchema } from '../../../../shared/policy/snapshot.ts';
import type { HistoryEntry } from '../../../../shared/history/entry.ts';

const NOW = 1_900_000_000_000;
const DAY = 86_400_000;
const who = (pid: number, image: string) => ({ pid, startTime: null, image, commandLine: image, user: 'ann' });
const entry: HistoryEntry = {
  id: 'h1', time: new Date(NOW).toISOString(), action: 'prevented', severity: 'informational', rule: { id: 'r1', name: 'Rule', source: 'asr', mode: 'block', attack: [] }, reason: 'why',
  process: { ...who(9, '/opt/tool'), commandLine: 'tool --all' }, ancestors: [who(8, '/usr/bin/env'), who(7, '/usr/bin/sudo'), who(6, '/usr/bin/bash'), who(1, '/sbin/init')],
  count: 1, lastTime: new Date(NOW).toISOString(), definitionId: null, matched: [], notes: [],
};

function choose(end: AllowChoice['for'], untilMs?: number, confirmPermanent = false): AllowChoice {
  return { for: end, untilMs, reason: 'ours', confirmPermanent, parts: { arguments: true, parent: true } };
}

function request(parts: Partial<AllowRequest> = {}): AllowRequest {
  return { id: 'a1', entry, choice: choose('15m'), approver: 'root', content: 'build:1', bootId: 'boot', effectiveNowMs: NOW + 1000, wallNowMs: NOW, ...parts };
}

function made(parts: Partial<AllowRequest> = {}) {
  const answer = allowFromEntry(request(parts));
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value;
}

describe('allowFromEntry', () => {
  it('names rule, program, content, arguments and the parent that is more than a carrier', () => {
    expect(allowSchema.parse(made())).toMatchObject({ id: 'a1', ruleId: 'r1', image: '/opt/tool', content: 'build:1', commandLine: 'tool --all', parentImage: '/usr/bin/bash', approver: 'root', createdAtMs: NOW });
  });

  it('lets through that start, and no other', () => {
    const index = indexAllows([made()], 'r1');
    const start = (changed: object) => ({ image: '/opt/tool', commandLine: () => 'tool --all', parentImage: () => '/usr/bin/bash', content: () => 'build:1', ...changed });
    const time = { nowMs: NOW + 2000, bootId: 'boot' };
    expect(findAllow(index, start({}), time)).toEqual({ allowId: 'a1' });
    for (const changed of [{ commandLine: () => 'tool' }, { parentImage: () => '/usr/bin/zsh' }, { content: () => 'build:2' }, { image: '/opt/other' }]) expect(findAllow(index, start(changed), time)).toBeNull();
  });

  it('ends as chosen, by the expiry clock', () => {
    const end = (parts: Partial<AllowRequest>) => {
      const { ends, expiresAtMs, bootId } = made(parts);
      return [ends, expiresAtMs, bootId];
    };
    expect(end({ choice: choose('once') })).toEqual(['once', NOW + 1000 + DAY, null]);
    expect(end({ choice: choose('15m') })).toEqual(['time', NOW + 1000 + 900_000, null]);
    expect(end({ choice: choose('24h') })).toEqual(['time', NOW + 1000 + DAY, null]);
    expect(end({ choice: choose('boot') })).toEqual(['boot', null, 'boot']);
    expect(end({ choice: choose('until', NOW + DAY) })).toEqual(['time', NOW + DAY + 1000, null]);
    expect(end({ choice: choose('permanent', undefined, true) })).toEqual(['never', null, null]);
  });

  const refusals: [string, Partial<AllowRequest>, string][] = [
    ['a permanent allow without the second step', { choice: choose('permanent') }, 'needs-confirmation'],
    ['until nothing', { choice: choose('until') }, 'bad-date'],
    ['until a date that is no number', { choice: choose('until', NaN) }, 'bad-date'],
    ['until now', { choice: choose('until', NOW) }, 'bad-date'],
    ['until more than a year', { choice: choose('until', NOW + 366 * DAY + 1) }, 'bad-date'],
    ['until restart where boots have no name', { choice: choose('boot'), bootId: null }, 'no-boot-id'],
    ['unknown arguments', { entry: { ...entry, process: { ...entry.process, commandLine: '(the arguments could not be read)' } } }, 'not-allowable'],
    ['an unknown program', { entry: { ...entry, process: { ...entry.process, image: '' } } }, 'not-allowable'],
    ['a report that is no rule of a person', { entry: { ...entry, rule: { ...entry.rule, source: 'holdfast' } } }, 'not-allowable'],
  ];
  for (const [what, parts, code] of refusals) it(`refuses ${what}`, () => expect(allowFromEntry(request(parts))).toMatchObject({ ok: false, error: { code } }));
});
