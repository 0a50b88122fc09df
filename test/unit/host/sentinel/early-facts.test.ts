import { expect, it } from 'vitest';
import { EarlyFacts } from '../../../../electron/host/sentinel/early-facts.ts';
import type { FactName } from '../../../../shared/start/facts.ts';

const SHELL = '/bin/sh';

/** Some starts of the shell; each says what it was judged by when that is asked. Returns what was read ahead of each. */
function starts(early: EarlyFacts, count: number, judgedBy: readonly FactName[]): (readonly FactName[] | null)[] {
  return Array.from({ length: count }, () => {
    const ahead = early.of(SHELL);
    early.learn(SHELL, () => judgedBy);
    return ahead;
  });
}

it('knows nothing of a program that was judged without its arguments so far', () => {
  expect(new EarlyFacts().of(SHELL)).toBeNull();
});

it('reads ahead what the start before was judged by', () => {
  const early = new EarlyFacts();
  early.needsArguments(SHELL);
  expect(starts(early, 3, ['volume', 'systemTool'])).toEqual([['runningImage'], ['volume', 'systemTool'], ['volume', 'systemTool']]);
});

it('gives up what a later start did without, and never comes to read more', () => {
  const early = new EarlyFacts();
  early.needsArguments(SHELL);
  starts(early, 1, ['volume', 'ancestors', 'systemTool']);
  const after = starts(early, 100, ['volume', 'systemTool', 'currentDirectory']);
  expect(after[0]).toEqual(['volume', 'ancestors', 'systemTool']);
  expect(after.at(-1)).toEqual(['volume', 'systemTool']);
});

it('looks again rarely once a program has been seen often', () => {
  const early = new EarlyFacts();
  early.needsArguments(SHELL);
  const bare = starts(early, 10_000, ['volume']).filter((ahead) => ahead?.includes('runningImage') === true);
  expect(bare.length).toBeGreaterThan(10);
  expect(bare.length).toBeLessThan(40);
});

it('forgets all when other rules are in force', () => {
  const early = new EarlyFacts();
  early.needsArguments(SHELL);
  early.forget();
  expect(early.of(SHELL)).toBeNull();
});
