import { expect, it } from 'vitest';
import { ownArguments } from '../../../electron/main/own-arguments.ts';

it.each([
  ['a working copy', ['electron', '--no-sandbox', 'main.cjs', '--', '--scope', '/x'], false, ['--scope', '/x']],
  ['a working copy, as Electron’s own default app leaves it', ['electron', 'main.cjs', '--scope', '/x'], false, ['--scope', '/x']],
  ['a package', ['holdfast', '--no-sandbox', '--', '--instance', 'two'], true, ['--instance', 'two']],
  ['a package started by hand', ['holdfast', '--instance', 'two'], true, ['--instance', 'two']],
  ['a package with nothing to say', ['holdfast', '--no-sandbox', '--'], true, []],
])('finds our arguments in %s', (_, argv, packaged, expected) => {
  expect(ownArguments(argv, packaged)).toEqual(expected);
});
