import { describe, expect, it } from 'vitest';
import { ProcessTree } from '../../../../electron/engine/core/process-tree.ts';
import { CaseBook } from '../../../../electron/engine/verdict/case-book.ts';
import { EventPipeline } from '../../../../electron/engine/pipeline/event-pipeline.ts';
import { liveStartEvent } from '../../../../electron/engine/pipeline/live-event.ts';
import type { SeenStart } from '../../../../electron/engine/pipeline/seen-start.ts';
import { NOT_READ, type FactReader, type StartFacts } from '../../../../shared/start/facts.ts';
import { sigmaJudge } from './plain-rules.ts';

const RULE = `
title: Shell of a web server reads accounts
id: 55555555-5555-4555-8555-555555555555
level: high
logsource: {product: linux, category: process_creation}
detection:
  selection: {Image|endswith: /cat, CommandLine|contains: /etc/shadow, ParentImage|endswith: /bash}
  condition: selection
response: contain
`;

function facts(known: Partial<StartFacts>, asked: string[] = []): FactReader {
  return <K extends keyof StartFacts>(name: K) => {
    asked.push(name);
    return name in known ? (known[name] as StartFacts[K]) : NOT_READ;
  };
}

function seen(tree: ProcessTree, pid: number, ppid: number | null, image: string | null, argv: readonly string[]): SeenStart {
  const life = tree.exec(pid, { startTicks: pid * 10, ppid, image: image ?? '', argv, argvComplete: true, uid: 0, atNs: 0n }, 0);
  return { pid, life, program: life.program, atNs: 0n, ppid, startTicks: pid * 10, image, argv, argvComplete: true, gone: false, uid: 0, currentDirectory: null, missedBecause: null };
}

const CAT = ['cat', '/etc/shadow'];

describe('a live start', () => {
  it('goes through the very pipeline of recordings, with the fields of the Linux feed and its place in the live tree', () => {
    const tree = new ProcessTree();
    seen(tree, 1, null, '/usr/lib/systemd/systemd', ['systemd']);
    seen(tree, 2, 1, '/usr/bin/bash', ['bash']);
    const start = seen(tree, 3, 2, '/usr/bin/cat', CAT);
    const known = facts({ image: '/usr/bin/cat', argv: CAT, script: null, ancestors: [{ pid: 2, startTicks: 20, image: '/usr/bin/bash' }] });
    const event = liveStartEvent({ number: 7, start, facts: known, timeMs: Date.UTC(2026, 0, 2) }, tree);
    const { findings, verdicts } = new EventPipeline([sigmaJudge(RULE, 'contain')], () => new CaseBook()).take(event!);
    expect(findings).toMatchObject([{ event: { time: '2026-01-02T00:00:00.000Z', process: { pid: 3, image: '/usr/bin/cat', commandLine: 'cat /etc/shadow' } } }]);
    expect(verdicts).toMatchObject([{ decision: 'contain', culprit: { pid: 2, image: '/usr/bin/bash' } }]);
  });

  it('is asked only for what a rule speaks about, and what would have to be waited for is no field', () => {
    const tree = new ProcessTree();
    const asked: string[] = [];
    const event = liveStartEvent({ number: 7, start: seen(tree, 3, null, '/usr/bin/cat', CAT), facts: facts({ image: '/usr/bin/cat', script: null, argv: CAT }, asked), timeMs: 0 }, tree)!;
    expect(asked).not.toContain('systemTool');
    expect(event.kinds[0]!.fields['SystemToolPath']).toBeUndefined();
    expect(asked).toContain('systemTool');
    expect(event.kinds[0]!.fields['CommandLine']).toBe('cat /etc/shadow');
  });

  it.each([
    ['a word in any field', "keywords: ['/etc/shadow']", true],
    ['a word that stands in none', "keywords: ['/etc/passwd']", false],
    ['what every object has', "keywords: {constructor|contains: 'LiveFields'}", false],
  ])('is asked for %s as a recording is', (_, selection, matches) => {
    const rule = `
title: Words
id: 66666666-6666-4666-8666-666666666666
logsource: {product: linux, category: process_creation}
detection:
  ${selection}
  condition: keywords
`;
    const tree = new ProcessTree();
    const event = liveStartEvent({ number: 7, start: seen(tree, 3, null, '/usr/bin/cat', CAT), facts: facts({ image: '/usr/bin/cat', script: null, argv: CAT, ancestors: [] }), timeMs: 0 }, tree)!;
    expect(new EventPipeline([sigmaJudge(rule)], () => new CaseBook()).take(event).findings).toHaveLength(matches ? 1 : 0);
  });

  it('is seen as the program that a loader carries, but not as what a wrapper starts a moment later', () => {
    const tree = new ProcessTree();
    const viaLoader = ['/lib64/ld-linux-x86-64.so.2', '/usr/bin/cat', '/etc/shadow'];
    const loader = liveStartEvent({ number: 7, start: seen(tree, 3, null, viaLoader[0]!, viaLoader), facts: facts({ image: viaLoader[0]!, argv: viaLoader, script: null, ancestors: [] }), timeMs: 0 }, tree)!;
    expect(loader.kinds.map(({ fields }) => fields['Image'])).toContain('/usr/bin/cat');
    const viaNohup = ['nohup', 'cat', '/etc/shadow'];
    const wrapper = liveStartEvent({ number: 7, start: seen(tree, 4, null, '/usr/bin/nohup', viaNohup), facts: facts({ image: '/usr/bin/nohup', argv: viaNohup, script: null, ancestors: [] }), timeMs: 0 }, tree)!;
    expect(wrapper.kinds.map(({ fields }) => fields['Image'])).toEqual(['/usr/bin/nohup']);
  });

  it('of which nothing is known is no event', () => {
    const tree = new ProcessTree();
    expect(liveStartEvent({ number: 7, start: seen(tree, 3, null, null, []), facts: facts({}), timeMs: 0 }, tree)).toBeNull();
  });
});
