import { describe, expect, it } from 'vitest';
import { Scope } from '../../../../electron/engine/response/scope.ts';

describe('scope', () => {
  it('is the whole machine without folders', () => {
    expect(new Scope([]).limited).toBe(false);
  });

  it('holds a folder and what lies below it, and no neighbour with a longer name', () => {
    const scope = new Scope(['/mnt/a', '/mnt/b/']);
    expect(scope.limited).toBe(true);
    expect(['/mnt/a', '/mnt/a/x', '/mnt/b', '/mnt/b/c/d'].every((path) => scope.holds(path))).toBe(true);
    expect(['/mnt', '/mnt/ab', '/mnt/c', '/', null].some((path) => scope.holds(path))).toBe(false);
  });

  it('takes the root folder for everything', () => {
    expect(new Scope(['/']).holds('/usr/bin/x')).toBe(true);
  });
});
