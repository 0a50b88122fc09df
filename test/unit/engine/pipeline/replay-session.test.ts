import { describe, expect, it } from 'vitest';
import { ReplaySession } from '../../../../electron/engine/pipeline/replay-session.ts';
import { findingLineSchema, verdictLineSchema } from '../../../../shared/replay/lines.ts';
import { record, SECURITY, shippedLogs } from '../sensors/mappings/mapping-samples.ts';
import { CONTAINING_RULE, sigmaJudge, WHOAMI_RULE } from './plain-rules.ts';

const logs = shippedLogs();

const SHELL = record(1, { UtcTime: '2026-03-04 05:06:01.000', ProcessGuid: '{S}', ProcessId: '10', Image: 'C:\\cmd.exe', CommandLine: 'cmd /c x', ParentProcessGuid: '{E}', ParentProcessId: '2', ParentImage: 'C:\\Windows\\explorer.exe', ParentCommandLine: 'explorer' });
const WHOAMI = record(1, { UtcTime: '2026-03-04 05:06:07.890', ProcessGuid: '{W}', ProcessId: '11', Image: 'C:\\whoami.exe', CommandLine: 'whoami', ParentProcessGuid: '{S}', ParentProcessId: '10', ParentImage: 'C:\\cmd.exe' });

function session(text: string): ReplaySession {
  const made = new ReplaySession(logs, [sigmaJudge(text, 'contain')]);
  made.begin('a.jsonl');
  return made;
}

describe('a replayed record', () => {
  it('gives the finding in the promised shape', () => {
    const replay = session(WHOAMI_RULE);
    expect(replay.take(SHELL)).toEqual([]);
    const lines = replay.take({ ...WHOAMI });
    expect(lines).toEqual([
      {
        type: 'finding', input: 'a.jsonl', group: null, eventIndex: 1, time: '2026-03-04T05:06:07.890Z',
        rule: { id: '11111111-1111-4111-8111-111111111111', title: 'Whoami', level: 'medium', author: 'An Author', source: 'sigma' },
        process: { guid: '{W}', pid: 11, image: 'C:\\whoami.exe', commandLine: 'whoami' },
      },
    ]);
    expect(findingLineSchema.strict().safeParse(lines[0]).success).toBe(true);
  });

  it('convicts the tree once, the culprit first', () => {
    const replay = session(CONTAINING_RULE);
    replay.take(SHELL);
    const [, verdict, ...more] = replay.take(WHOAMI);
    expect(verdict).toMatchObject({ type: 'verdict', input: 'a.jsonl', group: null, time: '2026-03-04T05:06:07.890Z', decision: 'contain', processes: ['{S}', '{W}'] });
    expect(more).toEqual([]);
    expect(verdictLineSchema.strict().safeParse(verdict).success).toBe(true);
    expect(replay.take(WHOAMI).map(({ type }) => type)).toEqual(['finding']);
  });

  it('of another group or input knows nothing of the one before, and is counted by input', () => {
    const replay = session(CONTAINING_RULE);
    expect(replay.take({ ...WHOAMI, group: 'a' })).toHaveLength(2);
    expect(replay.take({ ...WHOAMI, group: 'a' })).toHaveLength(1);
    const [finding, verdict] = replay.take({ ...WHOAMI, group: 'b' });
    expect([finding, verdict]).toMatchObject([{ type: 'finding', group: 'b', eventIndex: 2 }, { type: 'verdict', group: 'b' }]);
    replay.begin('b.jsonl');
    expect(replay.take({ ...WHOAMI, group: 'b' })).toMatchObject([{ input: 'b.jsonl', eventIndex: 0 }, { type: 'verdict' }]);
  });

  it('names its process also when it only carries that of the acting side, with the command line of its start', () => {
    const rule = `
title: Access
id: 33333333-3333-4333-8333-333333333333
level: high
logsource: {product: windows, category: process_access}
detection:
  selection: {TargetImage|endswith: '\\lsass.exe', SourceCommandLine|contains: '/c x'}
  condition: selection
`;
    const replay = session(rule);
    replay.take(SHELL);
    const lines = replay.take(record(10, { SourceProcessGUID: '{S}', SourceProcessId: '10', SourceImage: 'C:\\cmd.exe', TargetImage: 'C:\\Windows\\System32\\lsass.exe', GrantedAccess: '0x1fffff' }));
    expect(lines).toMatchObject([{ process: { guid: '{S}', pid: 10, image: 'C:\\cmd.exe', commandLine: 'cmd /c x' } }]);
  });

  it('of the Security log finds its parent by number, whose command line rules can ask for', () => {
    const rule = CONTAINING_RULE.replace("Image|endswith: '\\whoami.exe'", "Image|endswith: '\\whoami.exe', ParentCommandLine|contains: deploy, AncestorImages|endswith: '\\agent.exe'");
    const replay = session(rule);
    replay.take(record(4688, { NewProcessId: '0x10', NewProcessName: 'C:\\cmd.exe', ProcessId: '0x4', ParentProcessName: 'C:\\agent.exe', CommandLine: 'cmd /c deploy' }, SECURITY));
    const lines = replay.take(record(4688, { NewProcessId: '0x20', NewProcessName: 'C:\\whoami.exe', ProcessId: '0x10', ParentProcessName: 'C:\\cmd.exe', CommandLine: 'whoami' }, SECURITY));
    expect(lines).toMatchObject([{ process: { guid: null, pid: 32, image: 'C:\\whoami.exe' } }, { processes: ['pid:4', 'pid:16', 'pid:32'] }]);
  });

  it('without a process has a process of nulls', () => {
    const rule = `
title: Service
id: 44444444-4444-4444-8444-444444444444
logsource: {product: windows, service: system}
detection:
  selection: {EventID: 7045, Provider_Name: Service Control Manager}
  condition: selection
response: contain
`;
    const lines = session(rule).take(record(7045, { ServiceName: 'x' }, { channel: 'System', provider: 'Service Control Manager', time: null }));
    expect(lines).toMatchObject([{ time: null, process: { guid: null, pid: null, image: null, commandLine: null } }, { type: 'verdict', processes: [] }]);
  });

  it('that a correlation waits with is told when the recording ends, at the place of its event', () => {
    const rule = `${WHOAMI_RULE}---
title: One program and no more within an hour
id: 66666666-6666-4666-8666-666666666666
level: high
correlation:
  type: event_count
  rules: [11111111-1111-4111-8111-111111111111]
  group-by: [Computer]
  timespan: 1h
  condition: {lt: 2}
`;
    const replay = session(rule);
    expect(replay.take({ ...WHOAMI, group: 'a' })).toEqual([]);
    const [closed, ...more] = replay.take({ ...SHELL, group: 'b' });
    expect(closed).toMatchObject({ group: 'a', eventIndex: 0, rule: { title: 'One program and no more within an hour', level: 'high' }, process: { guid: '{W}' } });
    expect(more).toEqual([]);
    expect(replay.take({ ...WHOAMI, group: 'b' })).toEqual([]);
    expect(replay.finish()).toMatchObject([{ group: 'b', eventIndex: 2 }]);
    expect(replay.finish()).toEqual([]);
  });
});
