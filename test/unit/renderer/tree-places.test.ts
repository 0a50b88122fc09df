import fc from 'fast-check';
import { expect, it } from 'vitest';
import { placesOf } from '../../../renderer/screens/history/tree-places.ts';
import type { TreeNode } from '../../../shared/history/tree.ts';

const node = (key: string, parentKey: string | null): TreeNode => ({ key, parentKey, pid: 1, startTime: null, image: `/bin/${key}`, commandLine: key, user: 'ann', roles: [] });

it('draws each below its parent, children of one parent side by side', () => {
  const places = placesOf([node('top', null), node('a', 'top'), node('b', 'a'), node('c', 'a')]);
  expect(places.map(({ node: { key }, depth, rowsBelowParent }) => [key, depth, rowsBelowParent])).toEqual([['top', 0, 0], ['a', 1, 1], ['b', 2, 1], ['c', 2, 2]]);
});

it('draws every node once, whatever the parents: none, unknown, a circle', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  fc.assert(fc.property(fc.uniqueArray(fc.tuple(key, fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'nowhere'))), { selector: ([one]) => one }), (pairs) => {
    const nodes = pairs.map(([one, parent]) => node(one, parent));
    const places = placesOf(nodes);
    expect(places.map(({ node: drawn }) => drawn.key).sort()).toEqual(nodes.map((one) => one.key).sort());
    for (const [row, { rowsBelowParent }] of places.entries()) expect(rowsBelowParent).toBeLessThanOrEqual(row);
  }));
});
