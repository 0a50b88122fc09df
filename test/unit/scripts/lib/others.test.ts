import { expect, it } from 'vitest';
import { isHoldfast } from '../../../../scripts/lib/others.mjs';

it.each([
  [['/x/electron', '--no-sandbox', '/clone/dist/main/main.cjs', '--', '--owned'], true],
  [['/usr/bin/node', '/clone/dist/host/node-main.js'], true],
  [['/opt/Holdfast/holdfast', '--no-sandbox', '--'], true],
  [['/x/electron', '--type=utility', '/clone/dist/main/main.cjs'], false],
  [['/usr/bin/node', 'scripts/test.mjs'], false],
  [['vim', '/clone/electron/main/main.ts'], false],
])('knows a running Holdfast by its arguments: %j', (argv, expected) => {
  expect(isHoldfast(argv)).toBe(expected);
});
