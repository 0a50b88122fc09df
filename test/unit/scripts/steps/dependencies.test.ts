import { expect, it } from 'vitest';
import { holdsAll } from '../../../../scripts/steps/dependencies.mjs';

const wanted = { '': { version: '1.0.0' }, 'node_modules/a': { version: '1.2.3' }, 'node_modules/b': { version: '2.0.0', optional: true } };

it.each([
  ['all of it', { 'node_modules/a': { version: '1.2.3' }, 'node_modules/b': { version: '2.0.0' } }, true],
  ['all but what is for another system', { 'node_modules/a': { version: '1.2.3' } }, true],
  ['something in another version', { 'node_modules/a': { version: '1.2.4' } }, false],
  ['something optional in another version', { 'node_modules/a': { version: '1.2.3' }, 'node_modules/b': { version: '1.0.0' } }, false],
  ['nothing', {}, false],
])('compares the lockfile with what is installed: %s', (_, installed, expected) => {
  expect(holdsAll(wanted, installed)).toBe(expected);
});
