/** Shell text taken apart: what starts, with which words, and what does not start at all. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandsIn } from '../../../../bench/sigma-hits/shell-text.ts';
import { startsOf, startsOfShellArgument } from '../../../../bench/sigma-hits/starts.ts';

const words = (text: string): readonly (readonly string[])[] => commandsIn(text).map((command) => command.words);
const started = (text: string): readonly (readonly string[] | null)[] => startsOf(text).map(({ argv }) => argv);

describe('commands in shell text', () => {
  it('takes quotes off and keeps what stands in them together', () => {
    expect(words(`grep -e 'a b' "c $x" d\\ e`)).toEqual([['grep', '-e', 'a b', 'c $x', 'd e']]);
  });

  it('parts at operators and reserved words, and drops comments', () => {
    expect(words('if test -f a; then cat a && rm a; fi # done')).toEqual([['test', '-f', 'a'], ['cat', 'a'], ['rm', 'a']]);
    expect(words('for f in a b; do wc $f; done')).toEqual([['wc', '$f']]);
  });

  it('keeps redirections out of the words and remembers where output goes', () => {
    expect(commandsIn('curl -s x 2>/dev/null > /tmp/x')).toMatchObject([{ words: ['curl', '-s', 'x'], outputFile: '/tmp/x' }]);
  });

  it('ties the two ends of a pipe together', () => {
    const [first, second] = commandsIn('curl x | sh');
    expect(first?.pipeOut).not.toBeNull();
    expect(second?.pipeIn).toBe(first?.pipeOut);
  });

  it('finds commands in substitutions', () => {
    expect(words('kill $(pidof cron)')).toEqual([['pidof', 'cron'], ['kill', '$(pidof cron)']]);
    expect(words('diff <(sort a) b')).toEqual([['sort', 'a'], ['diff', '<(sort a)', 'b']]);
  });

  it('ends for every text', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...Array.from('ab $(){}<>|&;\'"`\\\n#=')), maxLength: 60 }), (text) => Array.isArray(commandsIn(text))));
  });
});

describe('starts', () => {
  it('are none for what a shell does itself', () => {
    expect(started('cd /tmp; echo x > y; export A=1; history -c')).toEqual([]);
  });

  it('leave out assignments and follow a shell into its argument', () => {
    expect(started(`A=1 sudo sh -c 'cat /etc/shadow'`)).toEqual([['sudo', 'sh', '-c', 'cat /etc/shadow'], ['cat', '/etc/shadow']]);
  });

  it('of a text that is handed to a shell begin with that shell', () => {
    expect(startsOfShellArgument('id').map(({ argv }) => argv)).toEqual([['sh', '-c', 'id'], ['id']]);
  });
});
