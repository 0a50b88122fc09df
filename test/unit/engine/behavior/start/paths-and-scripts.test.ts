import fc from 'fast-check';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolvePath } from '../../../../../electron/engine/behavior/start/paths.ts';
import { scriptOf } from '../../../../../electron/engine/behavior/start/script.ts';
import type { StartView } from '../../../../../electron/engine/behavior/start/views.ts';
import { NOT_READ, type FactName, type FactReader } from '../../../../../shared/start/facts.ts';

it('resolvePath equals what POSIX means without links', () => {
  const part = fc.constantFrom('a', 'b', '.', '..', '', 'c d');
  const path = fc.array(part, { maxLength: 6 }).map((parts) => parts.join('/'));
  fc.assert(
    fc.property(path, path, fc.boolean(), (folder, relative, absolute) => {
      const given = absolute ? `/${relative}` : relative;
      const expected = posix.resolve(`/${folder}`, given);
      expect(resolvePath(`/${folder}`, given)).toBe(expected);
    }),
  );
});

describe('scriptOf', () => {
  const view = (image: string, ...args: string[]): StartView => ({ via: 'itself', image, argv: { state: 'known', values: [image, ...args] }, headerScript: null, sharesInput: true });
  const read = (facts: Partial<Record<FactName, unknown>>): FactReader => ((name: FactName) => facts[name] ?? null) as FactReader;

  it('resolves a relative script by the working folder', () => {
    expect(scriptOf(view('/usr/bin/bash', 'b/../x.sh'), read({ currentDirectory: '/home/ada' }))).toEqual({ path: '/home/ada/x.sh', missing: null, unknown: false });
    expect(scriptOf(view('/usr/bin/bash', '/x.sh'), read({ currentDirectory: NOT_READ }))).toEqual({ path: '/x.sh', missing: null, unknown: false });
    expect(scriptOf(view('/usr/bin/bash', 'x.sh'), read({ currentDirectory: NOT_READ }))).toMatchObject({ missing: 'currentDirectory' });
  });

  it('is the file itself when that has a header', () => {
    expect(scriptOf(view('/home/ada/x'), read({ script: { interpreter: '/bin/sh', argument: null } }))).toMatchObject({ path: '/home/ada/x' });
    expect(scriptOf(view('/usr/bin/ls'), read({}))).toMatchObject({ path: null });
    expect(scriptOf(view('/usr/bin/ls'), read({ script: NOT_READ }))).toMatchObject({ missing: 'script' });
  });

  it('is hidden by arguments that nobody can read', () => {
    expect(scriptOf({ ...view('/usr/bin/bash'), argv: { state: 'unknown' } }, read({}))).toMatchObject({ path: null, unknown: true });
    expect(scriptOf({ ...view('/usr/bin/bash'), argv: { state: 'unread' } }, read({}))).toMatchObject({ missing: 'argv' });
  });
});
