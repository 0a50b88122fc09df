import { describe, expect, it } from 'vitest';
import { copies, downloadOutputs } from '../../../../../electron/engine/behavior/detectors/downloads.ts';

describe('downloadOutputs', () => {
  it.each<[string, string[]]>([
    ['curl -o a http://x/b', ['/w/a']],
    ['curl -fsSLo /tmp/a http://x/b', ['/tmp/a']],
    ['curl -oa http://x/b', ['/w/a']],
    ['curl --output ../a http://x/b', ['/a']],
    ['curl --output=a http://x/b', ['/w/a']],
    ['curl -LO http://x/d/b?v=1', ['/w/b']],
    ['curl --remote-name --output-dir /d http://x/b', ['/d/b']],
    ['curl -H Accept:x -o a -d @f http://x/b', ['/w/a']],
    ['curl http://x/b', []],
    ['curl -o - http://x/b', []],
    ['wget http://x/d/b', ['/w/b']],
    ['wget -q -O a http://x/b', ['/w/a']],
    ['wget -qO- http://x/b', []],
    ['wget -qO /t/a http://x/b', ['/t/a']],
    ['wget -P /t http://x/b#f', ['/t/b']],
    ['wget --directory-prefix=/t https://x/b', ['/t/b']],
    ['wget http://x', []],
    ['aria2c -d /t -o a http://x/b', ['/t/a']],
    ['axel -o a http://x/b', ['/w/a']],
    ['scp host:/d/b .', ['/w', '/w/b']],
    ['scp -P 22 host:/d/b /t/a', ['/t/a', '/t/a/b']],
    ['scp a host:', []],
    ['rsync -a host:b/ c', ['/w/c', '/w/c/']],
  ])('%s', (line, expected) => {
    const argv = line.split(' ');
    expect(downloadOutputs(argv[0] ?? '', argv, '/w')).toEqual(expected);
  });

  it('is bounded', () => {
    const argv = ['wget', ...Array.from({ length: 500 }, (_, index) => `http://x/${index}`)];
    expect(downloadOutputs('wget', argv, '/w').length).toBeLessThanOrEqual(32);
  });
});

it('copies names source and possible targets', () => {
  expect(copies(['mv', '-f', 'a', '/t/b'], '/w')).toEqual([{ from: '/w/a', to: ['/t/b', '/t/b/a'] }]);
  expect(copies(['cp', 'a'], '/w')).toEqual([]);
});
