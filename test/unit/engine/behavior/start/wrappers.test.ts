import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWrapper, wrappedCommands } from '../../../../../electron/engine/behavior/start/wrappers.ts';

const COMMAND = ['bash', '-c', 'id'];

describe('wrappedCommands', () => {
  it.each([
    'env', 'env A=b C=d', 'env -i -u X --', 'env -uX --chdir=/', 'env -C /tmp', 'env -',
    'nohup', 'timeout 5', 'timeout -k 5 -s KILL 10s', 'timeout --signal=TERM 3', 'nice', 'nice -n 5', 'nice -10', 'nice --adjustment 5',
    'ionice -c 2 -n 7', 'ionice -c2', 'setsid', 'setsid -f', 'stdbuf -oL -e 0', 'xargs', 'xargs -0 -n 1 -P 4', 'xargs -I {}', 'xargs -I{}',
    'sudo', 'sudo -E -u www-data', 'sudo -n PATH=/bin', 'sudo --user=root --', 'doas -u root', 'time -f %e -o x', 'chrt -f 10', 'chrt --idle 0',
    'taskset 0x3', 'taskset -c 0,1', 'unshare -r', 'unshare -Ur --map-root-user', 'chroot /srv/x', 'chroot --userspec=a:b /srv/x',
    'strace -f -o log', 'systemd-run --user --scope -p X=y', 'flock -n /tmp/l', 'runuser -u ada --', 'nsenter -t 1 -m', 'pkexec --user root', 'setpriv --reuid 1000', 'gosu ada',
  ])('%s', (wrapper) => {
    const words = wrapper.split(' ');
    expect(wrappedCommands(words[0] ?? '', [...words, ...COMMAND])).toEqual([COMMAND]);
  });

  it.each(['ionice -c 3 -p 12', 'taskset -cp 0 12', 'chrt -p 10 12', 'sudo -l', 'sudo -v', 'sudoedit x', 'env', 'env A=b', 'timeout 5', 'strace -p 12', 'ls bash'])('%s starts nothing', (line) => {
    const words = line.split(' ');
    expect(wrappedCommands(words[0] ?? '', words)).toEqual([]);
  });

  it('opens the one argument of env -S, as script headers use it', () => {
    expect(wrappedCommands('env', ['env', '-S bash -e', '/x.sh'])).toEqual([['bash', '-e', '/x.sh']]);
    expect(wrappedCommands('env', ['env', '-S', 'A=1 node --x', '/x.js'])).toEqual([['node', '--x', '/x.js']]);
    expect(wrappedCommands('env', ['env', '--split-string=perl -w', '/x.pl'])).toEqual([['perl', '-w', '/x.pl']]);
  });

  it('finds the commands of find', () => {
    expect(wrappedCommands('find', ['find', '/', '-exec', 'bash', '-c', 'id', ';', '-name', 'x', '-execdir', 'rm', '{}', '+'])).toEqual([COMMAND, ['rm', '{}']]);
    expect(wrappedCommands('find', ['find', '/', '-name', '-exec'])).toEqual([]);
  });

  it('answers for any arguments, and never with more than was given', () => {
    fc.assert(
      fc.property(fc.constantFrom('env', 'find', 'sudo', 'timeout', 'xargs', 'nice', 'ls', 'constructor', '__proto__'), fc.array(fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom('-S', '-exec', ';', '--', '-', '-u', 'A=b')), { maxLength: 12 }), (name, args) => {
        for (const command of wrappedCommands(name, [name, ...args])) expect(command.length).toBeGreaterThan(0);
      }),
      { numRuns: 3000 },
    );
  });
});

it('knows wrappers by name only', () => {
  expect(isWrapper('sudo')).toBe(true);
  expect(isWrapper('toString')).toBe(false);
});
