import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathPattern } from '../../../../electron/engine/asr/path-pattern.ts';
import { checkExclusion, refusedExclusions, withExclusion } from '../../../../electron/engine/settings/exclusions.ts';
import { defaultSettings } from '../../../../electron/engine/settings/settings-schema.ts';

const RULE = '01443614-cd74-433a-b99e-2ecdc07bfc25';

const refused = [
  '', '*', '**', '/', '/*', '/**', '//', '/?', '/*/', '/**/', '/**/python3', '/*/bash', '/*/*/bash', 'usr/bin/tool', './tool', '~/tool', '*.sh',
  '/usr/*', '/usr/**', '/usr/', '/usr/bin/', '/usr/bin/*', '/usr/bin/**', '/usr/b*/', '/usr/*/*', '/usr/li**', '/bin/*', '/bin/', '/usr/bin/*sh', '/usr/bin/??', '/usr/bin/????*',
  '/home/', '/home/*', '/home/**', '/home/ann/', '/home/ann/*', '/home/a*/', '/home/*/*', '/home/*/**', '/home/ann**', '/run/user/1000/', '/tmp/', '/tmp/*', '/var/tmp/**', '/dev/shm/*', '/root/*', '/opt/',
  '/opt/tool\0', '/opt/to\nol', '/opt/\u001b[1mtool', '/opt//tool', '/opt/../usr/bin/', '/opt/./tool', `/${'x'.repeat(5000)}`,
  '/usr/bin/env', '/usr/bin/sudo', '/usr/bin/env*', '/bin/busybox', '/lib64/ld-linux-x86-64.so.2',
];
const accepted = [
  '/usr/bin/python3', '/usr/bin/python3*', '/usr/bin/python3.??', '/opt/tool/', '/opt/tool/**', '/opt/tool/*', '/opt/tool-*/bin/run', '/home/ann/work/', '/home/ann/work/**', '/home/*/work/tool',
  '/home/*/work/', '/usr/lib/jvm/', '/usr/lib/jvm/**', '/usr/local/lib/app/*', '/tmp/build/', '/opt/x\udcff/tool', '/var/lib/docker/', '/nix/store/abc-tool/',
];

describe('checkExclusion', () => {
  for (const text of refused) it(`refuses ${JSON.stringify(text.slice(0, 40))} with a reason`, () => expect(checkExclusion(text)).toMatchObject({ ok: false, error: { code: 'bad-exclusion' } }));
  for (const text of accepted) it(`accepts ${text}`, () => expect(checkExclusion(text)).toEqual({ ok: true, value: text }));

  it('shows no control character of what was typed', () => {
    const answer = checkExclusion('/opt/\u001b[2Jx');
    // The reason goes to a terminal.
    expect(!answer.ok && /[\u0000-\u001f]/.test(answer.error.message)).toBe(false);
  });

  it('accepts nothing that lets a program of any name through where programs of all kinds lie', () => {
    const part = fc.constantFrom('usr', 'bin', 'home', 'ann', 'tmp', 'opt', 'lib', '*', '**', '?', 'b*', '*n', 'u?r', '', 'a**');
    const anywhere = ['/usr/bin', '/bin', '/usr/lib', '/tmp', '/home/ann', '/opt', '/usr', '/dev/shm'].map((folder) => `${folder}/zq9xk2`);
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
        const text = `/${parts.join('/')}`;
        if (!checkExclusion(text).ok) return;
        for (const program of anywhere) expect([text, program, pathPattern(text)(program)]).toEqual([text, program, false]);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('withExclusion', () => {
  it('adds once, for one rule or for all, and removes', () => {
    const one = withExclusion(defaultSettings(), RULE.toUpperCase(), '/opt/tool/', false);
    if (!one.ok) throw new Error(one.error.message);
    expect(one.value.exclusions).toEqual({ global: [], perRule: { [RULE]: ['/opt/tool/'] } });
    expect(withExclusion(one.value, RULE, '/opt/tool/', false)).toEqual(one);
    expect(withExclusion(one.value, RULE, '/opt/tool/', true)).toEqual({ ok: true, value: defaultSettings() });
    expect(withExclusion(defaultSettings(), null, '/opt/a', false)).toMatchObject({ value: { exclusions: { global: ['/opt/a'] } } });
    expect(withExclusion(defaultSettings(), null, '/opt/a', true)).toMatchObject({ error: { code: 'not-excluded' } });
    expect(withExclusion(defaultSettings(), null, '/*', false)).toMatchObject({ error: { code: 'bad-exclusion' } });
  });

  it('lets a bad one that stands in the file be named and removed', () => {
    const settings = { ...defaultSettings(), exclusions: { global: ['/*'], perRule: {} } };
    expect(refusedExclusions(settings)).toMatchObject([{ ruleId: null, path: '/*' }]);
    expect(withExclusion(settings, null, '/*', true)).toEqual({ ok: true, value: defaultSettings() });
  });
});
