import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProcessPoint } from '../../../../electron/engine/core/process-point.ts';
import { CaseBook } from '../../../../electron/engine/verdict/case-book.ts';
import { WEIGHTS, type Evidence, type EvidenceLevel } from '../../../../electron/engine/verdict/evidence.ts';
import { isRootProgram } from '../../../../electron/engine/verdict/roots.ts';

let keys = 0;

function process(image: string | null, parent: ProcessPoint | null = null): ProcessPoint {
  keys += 1;
  return { key: `k${keys}`, guid: `{${keys}}`, pid: keys, image, commandLine: null, parent };
}

function evidence(level: EvidenceLevel, changes: Partial<Evidence> = {}): Evidence {
  return { ruleId: `rule-${level}`, title: `A ${level} rule`, level, source: 'sigma', conviction: null, ...changes };
}

const explorer = (): ProcessPoint => process('C:\\Windows\\explorer.exe', process('C:\\Windows\\System32\\userinit.exe'));

describe('the culprit of a tree', () => {
  it('is the topmost process below the session\'s and the system\'s roots', () => {
    const book = new CaseBook();
    const word = process('C:\\Program Files\\Office\\winword.exe', explorer());
    const shell = process('C:\\Windows\\System32\\cmd.exe', word);
    expect(book.culpritOf(process('C:\\tool.exe', shell))).toBe(word);
    const service = process('C:\\Windows\\System32\\svchost.exe', process('C:\\Windows\\System32\\services.exe'));
    const child = process('C:\\x.exe', service);
    expect(book.culpritOf(child)).toBe(child);
  });

  it('is never above a program that nobody knows, nor above a trusted one', () => {
    const child = process('C:\\x.exe', process(null, process('C:\\y.exe')));
    expect(new CaseBook().culpritOf(child)).toBe(child);
    const deployer = process('C:\\deploy\\agent.exe');
    const below = process('C:\\x.exe', deployer);
    expect(new CaseBook((point) => point.image === 'C:\\deploy\\agent.exe').culpritOf(below)).toBe(below);
  });

  it('is not fooled by the name of a root at another place', () => {
    const fake = process('C:\\Users\\me\\explorer.exe', explorer());
    const child = process('C:\\x.exe', fake);
    expect(new CaseBook().culpritOf(child)).toBe(fake);
  });
});

describe('roots', () => {
  it('count where the system keeps them', () => {
    for (const image of ['C:\\Windows\\explorer.exe', 'c:\\windows\\system32\\SVCHOST.EXE', 'D:\\Windows\\System32\\wbem\\WmiPrvSE.exe', '\\Device\\HarddiskVolume3\\Windows\\System32\\services.exe', 'System', '/usr/lib/systemd/systemd', '/usr/sbin/sshd', '/sbin/init']) {
      expect(isRootProgram(image), image).toBe(true);
    }
    for (const image of ['C:\\Windows\\Temp\\svchost.exe', 'C:\\Users\\a\\Windows\\System32\\svchost.exe', 'C:\\Windows\\System32\\cmd.exe', 'svchost.exe', '/tmp/usr/lib/systemd', '/home/a/bin/sshd', '/usr/bin/bash']) {
      expect(isRootProgram(image), image).toBe(false);
    }
  });
});

describe('evidence', () => {
  it('below the mark says nothing, beyond it that the tree is to be watched, and only once', () => {
    const book = new CaseBook();
    const shell = process('C:\\cmd.exe', explorer());
    expect(book.add(shell, evidence('medium'))).toBeNull();
    expect(book.add(shell, evidence('high'))).toBeNull();
    const verdict = book.add(shell, evidence('high', { ruleId: 'another', title: 'Another' }));
    expect(verdict).toMatchObject({ decision: 'observe', was: null, reach: null, culprit: shell });
    expect(verdict?.score).toBeGreaterThanOrEqual(0.5);
    expect(verdict?.reasons).toEqual(['Sigma rule (high): A high rule, by C:\\cmd.exe', 'Sigma rule (high): Another, by C:\\cmd.exe', 'Sigma rule (medium): A medium rule, by C:\\cmd.exe']);
    expect(book.add(shell, evidence('critical'))).toBeNull();
  });

  it('never convicts by its level, however much there is of it', () => {
    const book = new CaseBook();
    const shell = process('C:\\cmd.exe');
    const verdicts = Array.from({ length: 50 }, (_, number) => book.add(shell, evidence('critical', { ruleId: `r${number}` })));
    expect(verdicts.filter((verdict) => verdict !== null).map(({ decision }) => decision)).toEqual(['observe']);
  });

  it('of the same rule again weighs half each time, so that a loop is no heap', () => {
    const book = new CaseBook();
    const shell = process('C:\\cmd.exe');
    const verdicts = Array.from({ length: 200 }, () => book.add(shell, evidence('medium')));
    expect(verdicts.every((verdict) => verdict === null)).toBe(true);
    expect(2 * WEIGHTS.medium).toBeLessThan(5);
  });

  it('of several processes of one tree comes together at the culprit, weaker from further below', () => {
    const book = new CaseBook();
    const shell = process('C:\\cmd.exe', explorer());
    expect(book.add(process('C:\\a.exe', shell), evidence('high', { ruleId: 'a' }))).toBeNull();
    expect(book.add(process('C:\\b.exe', shell), evidence('high', { ruleId: 'b' }))).toBeNull();
    const verdict = book.add(process('C:\\c.exe', shell), evidence('high', { ruleId: 'c' }));
    expect(verdict).toMatchObject({ decision: 'observe', culprit: shell });
  });

  it('of another tree is another case', () => {
    const book = new CaseBook();
    const desktop = explorer();
    expect(book.add(process('C:\\a.exe', desktop), evidence('high', { ruleId: 'a' }))).toBeNull();
    expect(book.add(process('C:\\b.exe', desktop), evidence('high', { ruleId: 'b' }))).toBeNull();
  });

  it('gives a score between 0 and 1 that never falls (property)', () => {
    const level = fc.constantFrom<EvidenceLevel>('informational', 'low', 'medium', 'high', 'critical');
    fc.assert(
      fc.property(fc.array(fc.record({ level, rule: fc.integer({ min: 0, max: 4 }), at: fc.integer({ min: 0, max: 2 }) }), { maxLength: 40 }), (found) => {
        const book = new CaseBook();
        const top = process('/opt/a');
        const line = [top, process('/opt/b', top), process('/opt/c', top)];
        const told = found.map(({ level: each, rule, at }) => book.add(line[at]!, evidence(each, { ruleId: `${rule}` }))).filter((verdict) => verdict !== null);
        expect(told.length).toBeLessThanOrEqual(1);
        const last = book.order({ by: 'somebody', process: top });
        expect(last!.score).toBeGreaterThan(0);
        expect(last!.score).toBeLessThan(1);
        expect(last!.score).toBeGreaterThanOrEqual(told[0]?.score ?? 0);
      }),
    );
  });
});

describe('a conviction', () => {
  it('contains at once, whatever its level, and says what convicted', () => {
    const shell = process('C:\\cmd.exe');
    const verdict = new CaseBook().add(shell, evidence('low', { source: 'asr', title: 'Keep office programs from starting others', conviction: 'asr-block' }));
    expect(verdict).toMatchObject({ decision: 'contain', was: null, reach: 'contain', culprit: shell });
    expect(verdict?.reasons).toEqual(['the attack surface reduction rule is set to block: Keep office programs from starting others, by C:\\cmd.exe']);
    expect(verdict?.score).toBeGreaterThan(0.8);
  });

  it('comes after a tree was watched, and once', () => {
    const book = new CaseBook();
    const shell = process('C:\\cmd.exe');
    expect(book.add(shell, evidence('critical'))).toMatchObject({ decision: 'observe' });
    expect(book.add(shell, evidence('low', { ruleId: 'b', conviction: 'pack-contain' }))).toMatchObject({ decision: 'contain', was: 'observe' });
    expect(book.add(shell, evidence('low', { ruleId: 'c', conviction: 'asr-block' }))).toBeNull();
  });

  it('to suspend can grow to one that contains, never shrink', () => {
    const book = new CaseBook();
    const shell = process('C:\\cmd.exe');
    expect(book.add(shell, evidence('low', { conviction: 'pack-suspend' }))).toMatchObject({ decision: 'contain', reach: 'suspend' });
    expect(book.add(shell, evidence('low', { ruleId: 'b', conviction: 'pack-contain' }))).toMatchObject({ decision: 'contain', was: 'contain', reach: 'contain' });
    expect(book.add(shell, evidence('low', { ruleId: 'c', conviction: 'pack-suspend' }))).toBeNull();
  });

  it('can be a person\'s order, without any finding', () => {
    const shell = process('C:\\cmd.exe');
    expect(new CaseBook().order({ by: 'alice', process: shell })).toMatchObject({ decision: 'contain', reach: 'contain', culprit: shell, reasons: ['ordered by alice'] });
  });

  it('of a root of the system does not spread to what hangs below it', () => {
    const services = process('C:\\Windows\\System32\\services.exe');
    expect(new CaseBook().add(services, evidence('high', { conviction: 'asr-block' }))).toMatchObject({ culprit: services, withDescendants: false });
    expect(new CaseBook().add(process('C:\\x.exe', services), evidence('high', { conviction: 'asr-block' }))).toMatchObject({ withDescendants: true });
  });

  it('without a process is told, with nothing to stop', () => {
    const book = new CaseBook();
    expect(book.add(null, evidence('high', { conviction: 'asr-block' }))).toMatchObject({ decision: 'contain', culprit: null });
    expect(book.add(null, evidence('high', { conviction: 'asr-block' }))).toBeNull();
  });
});

describe('a parent that is told of late', () => {
  it('does not split the case that is open', () => {
    const book = new CaseBook();
    const child = { ...process('C:\\child.exe'), parent: null as ProcessPoint | null };
    expect(book.add(child, evidence('critical'))).toMatchObject({ decision: 'observe', culprit: child });
    child.parent = process('C:\\parent.exe');
    expect(book.add(child, evidence('low', { ruleId: 'x', conviction: 'pack-contain' }))).toMatchObject({ was: 'observe', culprit: child });
  });
});
