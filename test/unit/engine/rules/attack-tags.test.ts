import { expect, it } from 'vitest';
import { attackOf } from '../../../../electron/engine/rules/attack-tags.ts';

it('reads tactics in the words of every version, and techniques', () => {
  const tags = ['attack.defense-evasion', 'attack.defense_evasion', 'attack.stealth', 'attack.defense-impairment', 'attack.command-and-control', 'attack.t1059.004', 'attack.T1059.004', 'attack.g0016', 'attack.s0002', 'cve.2021-1', 'attack.constructor'];
  expect(attackOf(tags)).toEqual({
    tactics: [
      { id: 'TA0005', name: 'Defense Evasion' },
      { id: 'TA0005', name: 'Stealth' },
      { id: 'TA0112', name: 'Defense Impairment' },
      { id: 'TA0011', name: 'Command and Control' },
    ],
    techniques: ['T1059.004'],
  });
});
