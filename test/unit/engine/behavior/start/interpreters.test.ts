import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpreterName, programSource } from '../../../../../electron/engine/behavior/start/interpreters.ts';

describe('interpreterName', () => {
  it.each([
    ['/usr/bin/python3.11', 'python'],
    ['/usr/bin/python', 'python'],
    ['/usr/bin/perl5.36.0', 'perl'],
    ['/usr/bin/php8.2', 'php'],
    ['/bin/busybox/../sh', 'sh'],
    ['$PATH/bash', 'bash'],
    ['lua5.4', 'lua'],
    ['/usr/bin/pypy3', 'pypy'],
    ['/usr/bin/python3-config', null],
    ['/usr/bin/shasum', null],
    ['/usr/bin/bash-completion', null],
    ['', null],
  ])('%s is %s', (image, name) => {
    expect(interpreterName(image)).toBe(name);
  });
});

describe('programSource', () => {
  const cases: [string, string[], 'input' | 'arguments' | { script: string }][] = [
    ['sh', [], 'input'],
    ['sh', ['-'], 'input'],
    ['bash', ['-e', '-o', 'pipefail'], 'input'],
    ['bash', ['-eo', 'pipefail', 'x.sh', '-c'], { script: 'x.sh' }],
    ['bash', ['-lc', 'id'], 'arguments'],
    ['bash', ['-s', '--', '--yes'], 'input'],
    ['bash', ['+x', 'x.sh'], { script: 'x.sh' }],
    ['bash', ['--norc', '--rcfile', 'rc', 'x.sh'], { script: 'x.sh' }],
    ['bash', ['--', 'x.sh'], { script: 'x.sh' }],
    ['bash', ['/dev/stdin'], 'input'],
    ['sh', ['/proc/self/fd/0'], 'input'],
    ['python', ['-m', 'json.tool'], 'arguments'],
    ['python', ['-W', 'ignore', '-u', 'x.py'], { script: 'x.py' }],
    ['python', ['-Wignore', '-'], 'input'],
    ['python', ['-c', 'pass', 'x.py'], 'arguments'],
    ['perl', ['-ne', 'print'], 'arguments'],
    ['perl', ['-MMIME::Base64', '-w', 'x.pl'], { script: 'x.pl' }],
    ['perl', ['-i.bak', '-pe', 's/a/b/'], 'arguments'],
    ['perl', ['-I', 'lib', 'x.pl'], { script: 'x.pl' }],
    ['ruby', ['-rjson', 'x.rb'], { script: 'x.rb' }],
    ['node', ['--eval=1'], 'arguments'],
    ['node', ['--require', 'a', 'x.js'], { script: 'x.js' }],
    ['node', ['-r', 'a', '-'], 'input'],
    ['php', ['-d', 'x=1', '-f', 'x.php'], { script: 'x.php' }],
    ['php', ['-fx.php'], { script: 'x.php' }],
    ['php', ['-r', 'echo 1;'], 'arguments'],
    ['fish', ['-c', 'x'], 'arguments'],
    ['lua', ['-l', 'm', 'x.lua'], { script: 'x.lua' }],
  ];
  it.each(cases)('%s %j', (interpreter, args, expected) => {
    const source = programSource(interpreter, [interpreter, ...args]);
    expect(source).toEqual(typeof expected === 'string' ? { from: expected } : { from: 'script', path: expected.script });
  });

  it('answers for any arguments', () => {
    fc.assert(
      fc.property(fc.constantFrom('sh', 'python', 'perl', 'php', 'node', 'unknown'), fc.array(fc.string({ maxLength: 6 })), (name, args) => {
        const source = programSource(name, args);
        if (source.from === 'script') expect(args).toSatisfy((all: string[]) => all.some((one) => one.endsWith(source.path)));
      }),
    );
  });
});
