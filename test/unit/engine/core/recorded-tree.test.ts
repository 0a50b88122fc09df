import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ancestorsOf, MOST_ANCESTORS, type ProcessPoint } from '../../../../electron/engine/core/process-point.ts';
import { RecordedTree, type Mention, type StartMention } from '../../../../electron/engine/core/recorded-tree.ts';

function mention(changes: Partial<Mention>): Mention {
  return { computer: 'PC1', guid: null, pid: null, image: null, recordedMs: 1_000, ...changes };
}

function start(changes: Partial<StartMention>): StartMention {
  return { ...mention(changes), commandLine: changes.commandLine ?? null, parent: changes.parent ?? null };
}

function images(point: ProcessPoint): (string | null)[] {
  return [...ancestorsOf(point)].map(({ image }) => image);
}

describe('processes by GUID', () => {
  it('form a tree, also from parents that ran before the recording', () => {
    const tree = new RecordedTree();
    tree.start(start({ guid: '{B}', pid: 20, image: 'C:\\cmd.exe', commandLine: 'cmd', parent: { ...mention({ guid: '{A}', pid: 10, image: 'C:\\explorer.exe' }), commandLine: 'explorer' } }));
    const child = tree.start(start({ guid: '{C}', pid: 30, image: 'C:\\whoami.exe', parent: { ...mention({ guid: '{B}', pid: 20 }), commandLine: null } }));
    expect(images(child)).toEqual(['C:\\cmd.exe', 'C:\\explorer.exe']);
    expect(child.parent?.commandLine).toBe('cmd');
    expect(child.parent?.parent?.commandLine).toBe('explorer');
  });

  it('are the same in any case and with or without braces, and keep the form that came first', () => {
    const tree = new RecordedTree();
    const started = tree.start(start({ guid: '{ab-1}', image: 'x' }));
    expect(tree.actor(mention({ guid: 'AB-1' }))).toBe(started);
    expect(started.guid).toBe('{ab-1}');
  });

  it('may be told of late: deeds first, the start after', () => {
    const tree = new RecordedTree();
    const actor = tree.actor(mention({ guid: '{A}', pid: 1, image: 'C:\\a.exe' }));
    const started = tree.start(start({ guid: '{A}', pid: 1, image: 'C:\\a.exe', commandLine: 'a -x' }));
    expect(started).toBe(actor);
    expect(actor?.commandLine).toBe('a -x');
  });

  it('never become their own ancestors, whatever a record claims', () => {
    const tree = new RecordedTree();
    const parentOf = (guid: string): StartMention['parent'] => ({ ...mention({ guid }), commandLine: null });
    tree.start(start({ guid: '{A}', parent: parentOf('{B}') }));
    tree.start(start({ guid: '{B}', parent: parentOf('{C}') }));
    const last = tree.start(start({ guid: '{C}', parent: parentOf('{A}') }));
    const own = tree.start(start({ guid: '{D}', parent: parentOf('{D}') }));
    expect(last.parent).toBeNull();
    expect(own.parent).toBeNull();
  });
});

describe('processes by number', () => {
  it('belong to one computer', () => {
    const tree = new RecordedTree();
    const here = tree.start(start({ pid: 5, image: 'a' }));
    expect(tree.actor(mention({ pid: 5, computer: 'PC2' }))).not.toBe(here);
    expect(tree.actor(mention({ pid: 5, computer: 'pc1' }))).toBe(here);
  });

  it('are others when the number was given to another program, or the first had ended', () => {
    const tree = new RecordedTree();
    const first = tree.start(start({ pid: 5, image: 'C:\\a.exe' }));
    expect(tree.actor(mention({ pid: 5, image: 'C:\\b.exe' }))).not.toBe(first);
    const second = tree.start(start({ pid: 6, image: 'C:\\a.exe', recordedMs: 10_000 }));
    tree.end(mention({ pid: 6, recordedMs: 20_000 }));
    expect(tree.actor(mention({ pid: 6, image: 'C:\\a.exe', recordedMs: 21_000 }))).toBe(second);
    expect(tree.actor(mention({ pid: 6, image: 'C:\\a.exe', recordedMs: 90_000 }))).not.toBe(second);
  });

  it('are the same start when two logs tell it at nearly the same time', () => {
    const tree = new RecordedTree();
    const security = tree.start(start({ pid: 7, image: 'C:\\a.exe', recordedMs: 5_000 }));
    const sysmon = tree.start(start({ pid: 7, guid: '{A}', image: '\\device\\harddiskvolume1\\A.EXE', recordedMs: 5_040 }));
    expect(sysmon).toBe(security);
    expect(sysmon.guid).toBe('{A}');
    expect(tree.start(start({ pid: 7, image: 'C:\\a.exe', recordedMs: 99_000 }))).not.toBe(security);
  });

  it('are nobody when the event names none', () => {
    expect(new RecordedTree().actor(mention({ image: 'C:\\a.exe' }))).toBeNull();
  });
});

describe('a long recording', () => {
  it('is kept within bounds: what was not mentioned for longest goes', () => {
    const tree = new RecordedTree(3);
    const root = tree.start(start({ guid: '{0}', image: 'root' }));
    for (let number = 1; number <= 10; number += 1) {
      tree.start(start({ guid: `{${number}}`, image: `${number}`, parent: { ...mention({ guid: '{0}' }), commandLine: null } }));
    }
    expect(tree.size).toBe(3);
    expect(tree.actor(mention({ guid: '{0}' }))).toBe(root);
    expect(tree.family(root, 100).map(({ image }) => image)).toEqual(['root', '9', '10']);
  });

  it('holds no endless line of forgotten ancestors', () => {
    const tree = new RecordedTree(4);
    let last: ProcessPoint | null = null;
    for (let number = 1; number <= 100; number += 1) {
      last = tree.start(start({ guid: `{${number}}`, image: `${number}`, parent: { ...mention({ guid: `{${number - 1}}` }), commandLine: null } }));
    }
    expect(images(last!).length).toBeLessThanOrEqual(4);
  });

  it('keeps lines of descent finite for any records (property)', () => {
    const guid = fc.integer({ min: 1, max: 6 }).map((number) => `{${number}}`);
    fc.assert(
      fc.property(fc.array(fc.record({ guid, parent: guid, pid: fc.integer({ min: 1, max: 4 }), end: fc.boolean() }), { maxLength: 60 }), (records) => {
        const tree = new RecordedTree(5);
        for (const { guid: own, parent, pid, end } of records) {
          const point = tree.start(start({ guid: own, pid, image: own, parent: { ...mention({ guid: parent }), commandLine: null } }));
          if (end) tree.end(mention({ guid: own, pid }));
          const line = [...ancestorsOf(point)];
          expect(line.length).toBeLessThan(MOST_ANCESTORS);
          expect(line).not.toContain(point);
          expect(tree.size).toBeLessThanOrEqual(5);
          const family = tree.family(point, 50);
          expect(new Set(family).size).toBe(family.length);
        }
      }),
    );
  });
});
