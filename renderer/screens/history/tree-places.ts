/** Where each process stands in the drawing of a tree. Pure. */
import type { TreeNode } from '../../../shared/history/tree.ts';

/** Deeper ones are drawn at this depth: the names stay readable. */
const DEEPEST = 10;

export interface Place {
  readonly node: TreeNode;
  readonly depth: number;
  /** How many rows above it its parent stands. */
  readonly rowsBelowParent: number;
}

/** Every parent before its children; a node whose parent is not there is drawn at the top. A circle is cut where it closes. */
export function placesOf(nodes: readonly TreeNode[]): Place[] {
  const keys = new Set(nodes.map(({ key }) => key));
  const children = new Map<string | null, TreeNode[]>();
  for (const node of nodes) {
    const parent = node.parentKey !== null && keys.has(node.parentKey) ? node.parentKey : null;
    children.set(parent, [...(children.get(parent) ?? []), node]);
  }
  const places: Place[] = [];
  const drawn = new Set<string>();
  const draw = (node: TreeNode, depth: number, parentRow: number): void => {
    if (drawn.has(node.key)) return;
    drawn.add(node.key);
    const row = places.length;
    places.push({ node, depth: Math.min(depth, DEEPEST), rowsBelowParent: row - parentRow });
    for (const child of children.get(node.key) ?? []) draw(child, depth + 1, row);
  };
  for (const top of children.get(null) ?? []) draw(top, 0, places.length);
  for (const node of nodes) draw(node, 0, places.length);
  return places;
}
