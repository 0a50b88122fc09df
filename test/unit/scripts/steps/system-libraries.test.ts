import { expect, it } from 'vitest';
import { packageOf } from '../../../../scripts/steps/system-libraries.mjs';

it.each([
  ['libnss3.so', 'libnss3'],
  ['libnspr4.so', 'libnss3'],
  ['libatk-bridge-2.0.so.0', 'libatk-bridge2.0-0'],
  ['libasound.so.2', 'libasound2'],
  ['libcups.so.2', 'libcups2'],
  ['libgbm.so.1', 'libgbm1'],
  ['libdrm.so.2', 'libdrm2'],
  ['libgtk-3.so.0', 'libgtk-3-0'],
  ['libcairo.so.2', 'libgtk-3-0'],
])('knows which Debian package brings %s', (library, name) => {
  expect(packageOf(library).before).toBe(name);
});

it('knows the names since the 64-bit time change', () => {
  expect(packageOf('libgtk-3.so.0').since64BitTime).toBe('libgtk-3-0t64');
});
