import { describe, expect, it } from 'vitest';
import { dishonestSkips, forgottenFiles, readReport } from '../../../scripts/test-report.mjs';

const probes = { here: () => null, gone: () => 'it is not installed' };
const skip = (need: string | null): { name: string; missing: { need: string; reason: string } | null } => ({
  name: 'some test',
  missing: need === null ? null : { need, reason: 'as it said' },
});

describe('dishonestSkips', () => {
  it('accepts a skip whose need is still missing', () => {
    expect(dishonestSkips([skip('gone')], probes)).toEqual([]);
  });

  it.each([
    ['a need that is here', 'here', /which this machine has/],
    ['no need at all', null, /without naming what it needs/],
    ['a need nobody can check', 'unknown', /nobody can check/],
  ])('refuses a skip for %s', (_, need, expected) => {
    expect(dishonestSkips([skip(need)], probes).join()).toMatch(expected);
  });
});

describe('readReport', () => {
  const file = (status: string, tests: object[]): object => ({ name: '/root/test/a.test.ts', status, assertionResults: tests });

  it('counts each kind and keeps why a test stayed out', () => {
    const missing = { need: 'gone', reason: 'it is not installed' };
    const tests = [{ status: 'passed', fullName: 'a' }, { status: 'failed', fullName: 'b' }, { status: 'skipped', fullName: 'c', meta: { missing } }, { status: 'todo', fullName: 'd', meta: {} }];
    const report = readReport({ testResults: [file('failed', tests)] }, '/root');
    expect(report).toEqual({ passed: 1, failed: 1, skipped: [{ name: 'test/a.test.ts > c', missing }, { name: 'test/a.test.ts > d', missing: null }], files: ['test/a.test.ts'], secondTry: [] });
  });

  it('names a test that passed only when it was tried again, and what its first try said', () => {
    const tests = [{ status: 'passed', fullName: 'a', failureMessages: ['Error: late\n  at here'] }, { status: 'passed', fullName: 'b', failureMessages: [] }];
    expect(readReport({ testResults: [file('passed', tests)] }, '/root')).toMatchObject({ passed: 2, secondTry: [{ name: 'test/a.test.ts > a', failure: 'Error: late\n  at here' }] });
  });

  it('counts a file that could not be loaded as a failure', () => {
    expect(readReport({ testResults: [file('failed', [])] }, '/root').failed).toBe(1);
  });

  it('finds nothing in a report that was never written', () => {
    expect(readReport({}, '/root')).toEqual({ passed: 0, failed: 0, skipped: [], files: [], secondTry: [] });
  });
});

describe('forgottenFiles', () => {
  it('names a test file that no project runs', () => {
    expect(forgottenFiles(['test/a.test.ts', 'test/b.test.ts'], ['test/a.test.ts']).join()).toMatch(/test\/b\.test\.ts belongs to no test project/);
  });
});
