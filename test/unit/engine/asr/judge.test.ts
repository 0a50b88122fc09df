import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePolicy, judgeOpen, judgeStart, newDetectorState, type CompiledPolicy, type JudgeContext, type Judgement } from '../../../../electron/engine/asr/judge.ts';
import { NOT_READ, type FactName, type FactReader, type OpenFactReader } from '../../../../shared/start/facts.ts';
import { startFacts, type FactsForm } from './facts-form.ts';
import { allow, CURL_LINE, definition, policy, rule, SHELL_FROM_OFFICE, snapshot } from './policies.ts';

const OFFICE_SHELL: FactsForm = { image: '/usr/bin/bash', run: 'bash -c id', parents: ['/opt/soffice.bin'] };
const EVIL_CURL: FactsForm = { image: '/usr/bin/curl', run: 'curl evil' };

const context = (more: Partial<JudgeContext> = {}): JudgeContext => ({ nowMs: 1_000, bootId: 'b', detectors: newDetectorState(), ...more });

function judge(of: CompiledPolicy, form: FactsForm, unread: readonly FactName[] = [], unknown: readonly FactName[] = []): Judgement {
  return judgeStart(of, reader(form, unread, unknown), context());
}

function reader(form: FactsForm, unread: readonly FactName[] = [], unknown: readonly FactName[] = []): FactReader {
  const facts = startFacts(form);
  return ((name: FactName) => (unknown.includes(name) ? null : unread.includes(name) ? NOT_READ : facts[name])) as FactReader;
}

const ALLOW = { verdict: 'allow', audits: [], allowId: null, unjudged: false };

describe('modes', () => {
  it.each(['block', 'warn'] as const)('%s denies and says why', (mode) => {
    expect(judge(policy([rule('r', [SHELL_FROM_OFFICE], { mode })]), OFFICE_SHELL)).toEqual({
      verdict: 'deny',
      audits: [],
      hit: {
        ruleId: 'r',
        ruleName: 'Rule r',
        definitionId: 'office',
        mode,
        reason: 'Because.',
        severity: 'informational',
        attack: ['T1059'],
        matched: [
          { field: 'Image', value: '/usr/bin/bash', pattern: '*/bash' },
          { field: 'ParentImage', value: '/opt/soffice.bin', pattern: '*/soffice.bin' },
        ],
      },
    });
  });

  it('audit records and lets through', () => {
    expect(judge(policy([rule('r', [SHELL_FROM_OFFICE], { mode: 'audit' })]), OFFICE_SHELL)).toMatchObject({ verdict: 'allow', audits: [{ ruleId: 'r', mode: 'audit' }] });
  });

  it.each(['off', 'notConfigured'] as const)('%s does nothing', (mode) => {
    const of = policy([rule('r', [SHELL_FROM_OFFICE], { mode })]);
    expect(judge(of, OFFICE_SHELL)).toEqual(ALLOW);
    expect(of.testsStarts).toBe(false);
  });

  it('a denial also carries what other rules only record', () => {
    const rules = [rule('a', [SHELL_FROM_OFFICE], { mode: 'audit' }), rule('b', [SHELL_FROM_OFFICE])];
    expect(judge(policy(rules), OFFICE_SHELL)).toMatchObject({ verdict: 'deny', hit: { ruleId: 'b' }, audits: [{ ruleId: 'a', mode: 'audit' }] });
  });

  it('while paused, everything is recorded and nothing is denied; afterwards it is again', () => {
    const paused = policy([rule('r', [SHELL_FROM_OFFICE])], { pausedUntilMs: 2_000 });
    expect(judge(paused, OFFICE_SHELL)).toMatchObject({ verdict: 'allow', audits: [{ ruleId: 'r', mode: 'audit' }] });
    expect(judgeStart(paused, reader(OFFICE_SHELL), context({ nowMs: 2_000 }))).toMatchObject({ verdict: 'deny' });
  });

  it('names the most telling of several rules, block before warn', () => {
    const general = definition('general', { s: { 'Image|endswith': '/bash' }, condition: 's' }, 'process_creation', 'medium');
    expect(judge(policy([rule('a', [general]), rule('b', [SHELL_FROM_OFFICE])]), OFFICE_SHELL)).toMatchObject({ hit: { ruleId: 'b' } });
    expect(judge(policy([rule('a', [general]), rule('b', [SHELL_FROM_OFFICE], { mode: 'warn' })]), OFFICE_SHELL)).toMatchObject({ hit: { ruleId: 'a' } });
  });
});

describe('facts that are not read', () => {
  it('are read for what a detector has to remember, though no rule asks for them', () => {
    const downloaded = definition('downloaded', { shell: { 'Image|endswith': '/bash' }, found: { Detectors: 'download-then-run' }, condition: 'shell and found' });
    const form: FactsForm = { image: '/usr/bin/curl', run: 'curl -o /tmp/x https://example.org/x' };
    expect(judge(policy([rule('r', [downloaded])]), form, ['argv'])).toEqual({ verdict: 'needs', facts: ['argv'] });
    expect(judge(policy([rule('r', [downloaded])]), form)).toEqual(ALLOW);
    expect(judge(policy([rule('r', [SHELL_FROM_OFFICE])]), form, ['argv'])).toEqual(ALLOW);
  });

  const both = policy([rule('r', [SHELL_FROM_OFFICE, CURL_LINE])]);

  it('are asked for only when they matter', () => {
    expect(judge(both, { image: '/usr/bin/ls' }, ['argv', 'ancestors', 'currentDirectory', 'systemTool'])).toEqual(ALLOW);
    expect(judge(both, EVIL_CURL, ['argv'])).toEqual({ verdict: 'needs', facts: ['argv'] });
    expect(judge(both, OFFICE_SHELL, ['ancestors'])).toEqual({ verdict: 'needs', facts: ['ancestors'] });
  });

  it('are asked for when a carrier may hide another program', () => {
    expect(judge(both, { image: '/usr/bin/env', run: 'env curl evil' }, ['argv'])).toEqual({ verdict: 'needs', facts: ['argv'] });
    expect(judge(both, { image: '/usr/bin/env', run: 'env curl evil' })).toMatchObject({ verdict: 'deny', hit: { definitionId: 'curl' } });
  });

  it('do not hold up a denial that stands already', () => {
    expect(judge(both, { ...OFFICE_SHELL, script: null }, ['argv', 'currentDirectory'])).toMatchObject({ verdict: 'deny' });
  });

  it('and can not be read by anyone leave it unjudged', () => {
    expect(judge(both, EVIL_CURL, [], ['argv'])).toEqual({ ...ALLOW, unjudged: true });
    expect(judge(both, { image: '/usr/bin/ls' }, [], ['argv'])).toEqual(ALLOW);
    expect(judge(both, { image: '/usr/bin/env' }, [], ['argv'])).toEqual({ ...ALLOW, unjudged: true });
    expect(judge(both, OFFICE_SHELL, [], ['argv'])).toMatchObject({ verdict: 'deny' });
  });
});

describe('exclusions', () => {
  const excluded = (path: string, form: FactsForm) => [judge(policy([rule('r', [SHELL_FROM_OFFICE], { exclusions: [{ path }] })]), form).verdict, judge(policy([rule('r', [SHELL_FROM_OFFICE])], { exclusions: [{ path }] }), form).verdict];

  it.each<[string, string, FactsForm]>([
    ['the program', '/usr/bin/bash', OFFICE_SHELL],
    ['its folder', '/usr/bin/', OFFICE_SHELL],
    ['a pattern', '/usr/*/ba?h', OFFICE_SHELL],
    ['the script as argument', '/home/ada/ok.sh', { ...OFFICE_SHELL, run: 'bash -e ok.sh' }],
    ['the script with a header', '/srv/scripts/', { ...OFFICE_SHELL, image: '/srv/scripts/a', run: './a', script: '/bin/bash' }],
    ['the program inside a wrapper', '/opt/tools/bash', { ...OFFICE_SHELL, image: '/usr/bin/nohup', run: 'nohup /opt/tools/bash x' }],
    ['a system program that a wrapper names without folder', '/usr/bin/bash', { ...OFFICE_SHELL, image: '/usr/bin/env', run: 'env bash x' }],
  ])('take out %s', (_, path, form) => {
    expect(excluded(path, form)).toEqual(['allow', 'allow']);
  });

  it.each<[string, string, FactsForm]>([
    ['another program', '/usr/bin/dash', OFFICE_SHELL],
    ['a program that begins alike', '/usr/bin/bas', OFFICE_SHELL],
    ['a script that is only named', '/home/ada/ok.sh', { ...OFFICE_SHELL, run: 'bash -c id /home/ada/ok.sh' }],
  ])('do not take out %s', (_, path, form) => {
    expect(excluded(path, form)).toEqual(['deny', 'deny']);
  });

  it('leave no record, also in audit', () => {
    expect(judge(policy([rule('r', [SHELL_FROM_OFFICE], { mode: 'audit', exclusions: [{ path: '/usr/bin/' }] })]), OFFICE_SHELL)).toEqual(ALLOW);
  });

  it('hold for their rule only', () => {
    const rules = [rule('a', [SHELL_FROM_OFFICE], { exclusions: [{ path: '/usr/bin/' }] }), rule('b', [SHELL_FROM_OFFICE])];
    expect(judge(policy(rules), OFFICE_SHELL)).toMatchObject({ verdict: 'deny', hit: { ruleId: 'b' } });
  });

  it('are waited for when the script is not known yet', () => {
    expect(judge(policy([rule('r', [SHELL_FROM_OFFICE])], { exclusions: [{ path: '/home/ada/ok.sh' }] }), OFFICE_SHELL, ['argv'])).toEqual({ verdict: 'needs', facts: ['argv'] });
  });
});

describe('allows', () => {
  const withAllow = (parts: Parameters<typeof allow>[0], mode: 'block' | 'audit' = 'block') => policy([rule('r', [SHELL_FROM_OFFICE], { mode })], { allows: [allow(parts)] });

  it('let through and are named, so that a single use can be spent', () => {
    expect(judge(withAllow({ ends: 'once', expiresAtMs: null, commandLine: 'bash -c id', parentImage: '/opt/soffice.bin' }), OFFICE_SHELL)).toEqual({ ...ALLOW, allowId: 'allow-1' });
  });

  it('do not let through what differs', () => {
    expect(judge(withAllow({ commandLine: 'bash -c ls' }), OFFICE_SHELL).verdict).toBe('deny');
    expect(judge(withAllow({ expiresAtMs: 999 }), OFFICE_SHELL).verdict).toBe('deny');
  });

  it('ask for the content only when they name it', () => {
    expect(judge(withAllow({ content: 'build:1' }), OFFICE_SHELL, ['content'])).toEqual({ verdict: 'needs', facts: ['content'] });
    expect(judge(withAllow({ content: 'build:1' }), { ...OFFICE_SHELL, content: 'build:1' })).toMatchObject({ allowId: 'allow-1' });
    expect(judge(withAllow({ content: 'build:1' }), { ...OFFICE_SHELL, content: 'build:2' }).verdict).toBe('deny');
    expect(judge(withAllow({}), OFFICE_SHELL, ['content'])).toMatchObject({ verdict: 'allow' });
  });
});

describe('openings', () => {
  const keys = definition('keys', { target: { 'TargetFilename|endswith': '/id_rsa' }, filter: { Image: '/usr/bin/ssh' }, line: { 'CommandLine|contains': 'ok' }, condition: 'target and not filter and not line' }, 'file_access');
  const of = policy([rule('r', [keys])], { exclusions: [{ path: '/opt/backup/' }] });
  const open = (image: string, argv: readonly string[] | null | typeof NOT_READ = ['x']): Judgement => {
    const facts = { targetFilename: '/home/ada/.ssh/id_rsa', image, argv, uid: 1000, userName: 'ada', ancestors: [], sharesRoot: true };
    return judgeOpen(of, ((name: keyof typeof facts) => facts[name]) as OpenFactReader, context());
  };

  it('are judged by their own definitions', () => {
    expect(open('/usr/bin/cat')).toMatchObject({ verdict: 'deny', hit: { definitionId: 'keys' } });
    expect(open('/usr/bin/ssh', NOT_READ)).toEqual(ALLOW);
    expect(open('/usr/bin/cat', NOT_READ)).toEqual({ verdict: 'needs', facts: ['argv'] });
    expect(open('/usr/bin/cat', null)).toEqual({ ...ALLOW, unjudged: true });
    expect(open('/opt/backup/agent')).toEqual(ALLOW);
  });

  it('do not mix with starts', () => {
    expect(of.testsStarts).toBe(false);
    expect(of.testsOpens).toBe(true);
    expect(judge(of, OFFICE_SHELL)).toEqual(ALLOW);
  });
});

describe('compilePolicy', () => {
  it.each<[string, unknown, RegExp]>([
    ['a definition that is no rule', { id: 'x' }, /rule r, definition 1/],
    ['an unknown field', definition('x', { s: { Imgae: 'x' }, condition: 's' }), /field "Imgae" is not known/],
    ['a category that nothing delivers', definition('x', { s: { Image: 'x' }, condition: 's' }, 'dns_query'), /category "dns_query"/],
  ])('refuses %s and says which', (_, bad, message) => {
    expect(compilePolicy(snapshot([rule('r', [bad])]))).toMatchObject({ ok: false, error: { message: expect.stringMatching(message) as string } });
  });

  it('does not look at rules that do not act', () => {
    expect(compilePolicy(snapshot([rule('r', [{}], { mode: 'off' })])).ok).toBe(true);
  });

  it('knows the system tools by path', () => {
    const of = policy([], { systemTools: { 'build:1': '/usr/bin/curl', 'entry:2': '/usr/bin/curl' } });
    expect([...of.systemToolPaths]).toEqual(['/usr/bin/curl']);
    expect(of.effectiveParent([{ pid: 5, startTicks: 1, image: '/usr/bin/sudo' }, { pid: 4, startTicks: 1, image: '/usr/bin/zsh' }])?.pid).toBe(4);
  });
});

it('reading facts step by step leads to the same answer as knowing them all', () => {
  const of = policy([rule('r', [SHELL_FROM_OFFICE, CURL_LINE]), rule('q', [definition('script', { s: { 'ScriptPath|startswith': '/tmp/' }, condition: 's' })], { mode: 'audit' })], { exclusions: [{ path: '/home/ada/ok.sh' }] });
  const forms: readonly FactsForm[] = [OFFICE_SHELL, EVIL_CURL, { image: '/usr/bin/ls' }, { image: '/usr/bin/env', run: 'env -i bash /tmp/x.sh' }, { image: '/tmp/x', script: '/bin/bash' }, { ...OFFICE_SHELL, run: 'bash ok.sh' }, { image: '/usr/bin/busybox', run: 'busybox sh x.sh', cwd: '/tmp' }];
  const names: FactName[] = ['argv', 'script', 'currentDirectory', 'ancestors', 'parentArgv', 'systemTool', 'sharesRoot'];
  fc.assert(
    fc.property(fc.constantFrom(...forms), fc.subarray(names), (form, hidden) => {
      const unread = new Set(hidden);
      let judgement = judge(of, form, [...unread]);
      for (let round = 0; judgement.verdict === 'needs'; round += 1) {
        expect(round).toBeLessThan(5);
        for (const fact of judgement.facts) expect(unread.delete(fact)).toBe(true);
        judgement = judge(of, form, [...unread]);
      }
      expect(judgement.verdict).toEqual(judge(of, form).verdict);
    }),
    { numRuns: 1500 },
  );
});
