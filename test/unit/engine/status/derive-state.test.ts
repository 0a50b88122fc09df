import { describe, expect, it } from 'vitest';
import { deriveState, type RuleStanding, type StateInputs } from '../../../../electron/engine/status/derive-state.ts';
import { reasonSchema, stateSchema, type Coverage, type SensorStatus } from '../../../../shared/status/status.ts';

const BLOCKS: RuleStanding = { name: 'Office children', effective: 'block', downgradedBecause: null };
const WARNS: RuleStanding = { name: 'Mail children', effective: 'warn', downgradedBecause: null };
const AUDITS: RuleStanding = { name: 'Rare programs', effective: 'audit', downgradedBecause: null };
const OFF: RuleStanding = { name: 'Drivers', effective: 'off', downgradedBecause: null };
const UNAVAILABLE: RuleStanding = { name: 'Office injection', effective: 'unavailable', downgradedBecause: 'this system has no such thing' };

const RUNS: SensorStatus = { id: 'process-news', state: 'running', lastEventAt: null, lost: 0, lagMs: 0, reason: null };
const LIMPS: SensorStatus = { ...RUNS, state: 'degraded', lost: 12, reason: '12 events were lost' };
const COVERED: Coverage = { mount: '/', prevent: true, reason: null, cause: 'covered' };
const FUSE: Coverage = { mount: '/mnt/f', prevent: false, reason: 'its server could keep starts waiting', cause: 'notPossible' };
const FAILED: Coverage = { mount: '/data', prevent: false, reason: 'the kernel refused the mark', cause: 'failed' };
const BAD_SETTINGS = { code: 'settings', message: 'settings.json was set aside.' };

const WELL: StateInputs = {
  starting: false, failure: null, privileged: true, pause: null, rules: [BLOCKS, OFF], sentinelUp: true, sentinelFailure: null, sentinelNeeded: true, coverage: [COVERED], sensors: [RUNS], problems: [],
};

const TABLE: readonly [string, Partial<StateInputs>, string, readonly string[]][] = [
  ['all is well', {}, 'protected', []],
  ['a rule that warns protects as well', { rules: [WARNS] }, 'protected', []],
  ['a file system that never gets a mark is no fault', { coverage: [COVERED, FUSE] }, 'protected', []],
  ['no rule is set', { rules: [OFF] }, 'watchingOnly', ['no-rule-acts']],
  ['rules only record', { rules: [AUDITS, OFF] }, 'watchingOnly', ['no-rule-acts']],
  ['there are no rules at all', { rules: [] }, 'watchingOnly', ['no-rule-acts']],
  ['the only rules that are set can not act here', { rules: [UNAVAILABLE, OFF] }, 'watchingOnly', ['no-rule-acts', 'downgraded']],
  ['without rights', { privileged: false }, 'watchingOnly', ['no-rights']],
  ['without rights, with a problem', { privileged: false, problems: [BAD_SETTINGS] }, 'watchingOnly', ['no-rights', 'settings']],
  ['the sentinel is down', { sentinelUp: false }, 'partlyProtected', ['sentinel-down']],
  ['the sentinel can never work here', { sentinelUp: false, sentinelFailure: 'no kernel support' }, 'partlyProtected', ['sentinel-unavailable']],
  ['a rule can do less than asked', { rules: [BLOCKS, UNAVAILABLE] }, 'partlyProtected', ['downgraded']],
  ['a mount could not be marked', { coverage: [COVERED, FAILED] }, 'partlyProtected', ['mark-failed']],
  ['a sensor limps', { sensors: [LIMPS] }, 'partlyProtected', ['sensor']],
  ['settings were refused', { problems: [BAD_SETTINGS] }, 'partlyProtected', ['settings']],
  ['several things at once are all said', { sentinelUp: false, rules: [BLOCKS, UNAVAILABLE], coverage: [FAILED], sensors: [LIMPS], problems: [BAD_SETTINGS] }, 'partlyProtected', ['sentinel-down', 'downgraded', 'mark-failed', 'sensor', 'settings']],
  ['paused', { pause: { who: 'root', reason: 'installing' } }, 'paused', ['paused']],
  ['paused, with a problem', { pause: { who: 'root', reason: 'installing' }, problems: [BAD_SETTINGS] }, 'paused', ['paused', 'settings']],
  ['starting', { starting: true, sentinelUp: false, sensors: [] }, 'starting', ['starting']],
  ['failed goes before all', { failure: 'The data folder belongs to somebody else.', starting: true, pause: { who: 'x', reason: 'y' } }, 'failed', ['failed']],
];

describe('deriveState', () => {
  it.each(TABLE)('%s', (_, change, state, codes) => {
    const derived = deriveState({ ...WELL, ...change });
    expect(derived.state).toBe(state);
    expect(derived.reasons.map(({ code }) => code)).toEqual(codes);
  });

  it('never says protected while anything is amiss, and never says less without a reason', () => {
    const amiss: readonly Partial<StateInputs>[] = [
      { starting: true }, { failure: 'x' }, { privileged: false }, { pause: { who: 'x', reason: 'y' } }, { rules: [OFF] }, { rules: [BLOCKS, UNAVAILABLE] },
      { sentinelUp: false }, { coverage: [FAILED] }, { sensors: [LIMPS] }, { sensors: [{ ...RUNS, state: 'stopped' }] }, { sensors: [{ ...RUNS, state: 'unavailable' }] }, { problems: [BAD_SETTINGS] },
    ];
    for (let chosen = 1; chosen < 2 ** amiss.length; chosen += 1) {
      const inputs = amiss.reduce<StateInputs>((all, one, bit) => ((chosen & (1 << bit)) === 0 ? all : { ...all, ...one }), WELL);
      const { state, reasons } = deriveState(inputs);
      expect(stateSchema.parse(state)).not.toBe('protected');
      expect(reasons.length).toBeGreaterThan(0);
    }
  });

  it('says each reason in words of its own', () => {
    const { reasons } = deriveState({ ...WELL, sentinelUp: false, rules: [BLOCKS, UNAVAILABLE, UNAVAILABLE], coverage: [FAILED], sensors: [LIMPS], problems: [BAD_SETTINGS] });
    const words = reasons.map((reason) => reasonSchema.parse(reason).message).join('\n');
    for (const part of ['/data', 'the kernel refused the mark', 'process-news', '12 events were lost', 'Office injection', '2 rules', 'settings.json']) expect(words).toContain(part);
    expect(words).not.toContain('undefined');
  });

  it('names who paused and why', () => {
    expect(deriveState({ ...WELL, pause: { who: 'ann', reason: 'a printer' } }).reasons[0]?.message).toMatch(/ann.*a printer/);
  });
});
