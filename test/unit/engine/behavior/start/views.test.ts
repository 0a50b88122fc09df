import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectiveParent, startViews, type StartView } from '../../../../../electron/engine/behavior/start/views.ts';
import { NOT_READ, type FactName, type FactReader, type StartFacts } from '../../../../../shared/start/facts.ts';

type Partly = Partial<{ [K in FactName]: StartFacts[K] | typeof NOT_READ }>;

function reader(facts: Partly): FactReader {
  const base: Partly = { script: null, currentDirectory: '/home/ada', ...facts };
  return ((name: FactName) => base[name]) as FactReader;
}

/** `via image argv` of each view. */
function seen(facts: Partly): string[] {
  return startViews(reader(facts)).views.map((view) => [view.via, view.image, ...words(view)].join(' '));
}

function words(view: StartView): readonly string[] {
  return 'values' in view.argv ? view.argv.values : [`<${view.argv.state}>`];
}

describe('startViews', () => {
  it('sees a plain program as itself', () => {
    expect(seen({ image: '/usr/bin/ls', argv: ['ls', '-l'] })).toEqual(['itself /usr/bin/ls ls -l']);
  });

  it('sees the interpreter of a script with the arguments the kernel gives it', () => {
    expect(seen({ image: '/home/ada/x.py', argv: ['./x.py', 'a'], script: { interpreter: '/usr/bin/python3', argument: '-u' } })).toEqual([
      'itself /home/ada/x.py ./x.py a',
      'header /usr/bin/python3 /usr/bin/python3 -u /home/ada/x.py a',
    ]);
  });

  it('follows env in a script header, also before the arguments are read', () => {
    const facts: Partly = { image: '/home/ada/x', argv: NOT_READ, script: { interpreter: '/usr/bin/env', argument: '-S bash -e' } };
    expect(seen(facts)).toEqual(['itself /home/ada/x <unread>', 'header /usr/bin/env /usr/bin/env -S bash -e /home/ada/x', 'wrapper $PATH/bash bash -e /home/ada/x']);
  });

  it('follows the loader, wherever it lies', () => {
    expect(seen({ image: '/lib64/ld-linux-x86-64.so.2', argv: ['ld', '--library-path', '/x', '--argv0', 'y', './prog', 'a'] })).toEqual([
      'itself /lib64/ld-linux-x86-64.so.2 ld --library-path /x --argv0 y ./prog a',
      'loader /home/ada/prog ./prog a',
    ]);
    expect(seen({ image: '/lib/ld-musl-x86_64.so.1', argv: ['ld', '--list', '/bin/ls'] })).toHaveLength(1);
  });

  it('sees applets under both ways of calling them', () => {
    expect(seen({ image: '/usr/bin/busybox', argv: ['busybox', 'sh', '-c', 'id'] })).toContain('applet /usr/bin/sh sh -c id');
    expect(seen({ image: '/usr/bin/busybox', argv: ['-ash'] })).toContain('applet /usr/bin/ash ash');
    expect(seen({ image: '/usr/bin/kmod', argv: ['/sbin/modprobe', 'x'] })).toContain('applet /usr/bin/modprobe modprobe x');
    expect(seen({ image: '/usr/bin/systemctl', argv: ['systemctl', 'status'] })).toHaveLength(1);
  });

  it('follows wrappers inside wrappers', () => {
    expect(seen({ image: '/usr/bin/sudo', argv: ['sudo', '-n', 'env', 'A=b', 'nohup', './run', '-x'] })).toEqual([
      'itself /usr/bin/sudo sudo -n env A=b nohup ./run -x',
      'wrapper $PATH/env env A=b nohup ./run -x',
      'wrapper $PATH/nohup nohup ./run -x',
      'wrapper /home/ada/run ./run -x',
    ]);
  });

  it('says what it can not see yet', () => {
    expect(startViews(reader({ image: '/usr/bin/env', argv: NOT_READ }))).toMatchObject({ missing: ['argv'], hidden: false });
    expect(startViews(reader({ image: '/usr/bin/env', argv: ['env', './x'], currentDirectory: NOT_READ }))).toMatchObject({ missing: ['currentDirectory'] });
    expect(startViews(reader({ image: '/usr/bin/ls', argv: NOT_READ }))).toMatchObject({ missing: [], hidden: false });
    expect(startViews(reader({ image: '/usr/bin/sudo', argv: null }))).toMatchObject({ missing: [], hidden: true });
    expect(startViews(reader({ image: '/usr/bin/ls', argv: null }))).toMatchObject({ hidden: false });
  });

  it('gives the program of xargs another input', () => {
    const { views } = startViews(reader({ image: '/usr/bin/xargs', argv: ['xargs', 'env', 'sh'] }));
    expect(views.map((view) => view.sharesInput)).toEqual([true, false, false]);
  });

  it('ends, with few views, for any nesting and any arguments', () => {
    const word = fc.oneof(fc.constantFrom('env', 'nohup', 'find', '-exec', ';', 'busybox', 'sh', '/lib64/ld-linux-x86-64.so.2', './x', '-S', 'sudo', '-n', '--', 'A=b', ''), fc.string({ maxLength: 6 }));
    const image = fc.constantFrom('/usr/bin/env', '/usr/bin/find', '/usr/bin/busybox', '/lib64/ld-linux-x86-64.so.2', '/usr/bin/xargs', '/x', '');
    fc.assert(
      fc.property(image, fc.array(word, { maxLength: 40 }), fc.option(fc.record({ interpreter: fc.constantFrom('/usr/bin/env', '/bin/busybox', '/x'), argument: fc.option(word) })), (path, argv, script) => {
        const { views } = startViews(reader({ image: path, argv, script }));
        expect(views.length).toBeGreaterThan(0);
        expect(views.length).toBeLessThanOrEqual(16);
      }),
      { numRuns: 3000 },
    );
    expect(seen({ image: '/usr/bin/env', argv: Array.from({ length: 50_000 }, () => 'env') }).length).toBeLessThanOrEqual(16);
  });
});

it('effectiveParent skips what only starts others', () => {
  const line = (...images: string[]) => images.map((image, index) => ({ pid: index, startTicks: 0, image }));
  expect(effectiveParent(line('/usr/bin/nohup', '/usr/bin/env', '/opt/office/soffice.bin', '/usr/bin/bash'))?.image).toBe('/opt/office/soffice.bin');
  expect(effectiveParent(line('/usr/bin/sudo'))).toBeNull();
});
