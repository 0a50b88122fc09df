/** JSON from outside as an object that may be walked through without fear. */

/** Events nest a handful; who walks deeper by recursion could run out of stack. */
const DEEPEST = 64;

/** Null for what is no JSON, no object, or nested deeper than any event. */
export function parseObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && isShallow(value, DEEPEST) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isShallow(value: object, left: number): boolean {
  if (left === 0) return false;
  for (const inner of Object.values(value) as unknown[]) {
    if (typeof inner === 'object' && inner !== null && !isShallow(inner, left - 1)) return false;
  }
  return true;
}
