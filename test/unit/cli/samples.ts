/** Answers of an engine, whole and plausible, to be changed where a test needs it. */
import type { RuleInfo } from '../../../shared/control/calls.ts';
import type { HistoryEntry } from '../../../shared/history/entry.ts';
import type { Allow } from '../../../shared/policy/snapshot.ts';
import type { Status } from '../../../shared/status/status.ts';

export const OFFICE_RULE = 'd4f940ab-401b-4efc-aadc-ad5f3c50688a';

export function status(changes: Partial<Status> = {}): Status {
  return {
    version: '0.1.0',
    instance: 'default',
    state: 'partlyProtected',
    reasons: [{ code: 'fuse', message: 'Starts on /mnt/stick are judged right after they happen.' }],
    engine: { pid: 100, restarts: 0 },
    sentinel: { pid: 101, restarts: 1, decisions: 12_345, denied: 6, p50us: 80, p99us: 420 },
    sensors: [{ id: 'process-news', state: 'running', lastEventAt: '2026-05-20T10:00:00.000Z', lost: 0, lagMs: 0.4, reason: null }],
    coverage: [
      { mount: '/', prevent: true, reason: null, cause: 'covered' },
      { mount: '/mnt/stick', prevent: false, reason: 'a program serves this file system', cause: 'notPossible' },
    ],
    rules: { off: 17, audit: 1, warn: 0, block: 1, downgraded: 1 },
    gaps: [{ from: '2026-05-20T09:00:00.000Z', to: '2026-05-20T09:00:01.000Z', reason: 'the sentinel was restarted' }],
    pausedUntil: null,
    pause: null,
    scope: [],
    ...changes,
  };
}

export function rule(changes: Partial<RuleInfo> = {}): RuleInfo {
  return {
    id: OFFICE_RULE,
    slug: 'office-child-processes',
    name: 'Block Office applications from creating child processes',
    reason: 'Office programs have no business starting shells.',
    mode: 'block',
    effective: 'block',
    downgradedBecause: null,
    allowedModes: ['off', 'block', 'audit', 'notConfigured', 'warn'],
    exclusions: [],
    attack: ['T1566.001'],
    counts: { prevented: 1_234, stopped: 0, audited: 2 },
    number: 4,
    falsepositives: ['Own scripts.'],
    notices: ['block'],
    lastAt: null,
    ...changes,
  };
}

export function entry(changes: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    id: 'e1',
    time: '2026-05-20T10:00:00.000Z',
    action: 'prevented',
    severity: 'informational',
    rule: { id: OFFICE_RULE, name: 'Block Office applications from creating child processes', source: 'asr', mode: 'block', attack: ['T1566.001'] },
    reason: 'An office program tried to start a shell.',
    process: { pid: 4711, startTime: '2026-05-20T09:59:59.000Z', image: '/usr/bin/dash', commandLine: 'sh -c id', user: 'ann' },
    ancestors: [
      { pid: 4700, startTime: null, image: '/opt/office/soffice.bin', commandLine: 'soffice.bin letter.odt', user: 'ann' },
      { pid: 1, startTime: null, image: '/usr/lib/systemd/systemd', commandLine: '/sbin/init', user: 'root' },
    ],
    count: 1,
    lastTime: '2026-05-20T10:00:00.000Z',
    definitionId: 'office-shell-linux',
    matched: [{ field: 'ParentImage', value: '/opt/office/soffice.bin', pattern: 'ends with /soffice.bin' }],
    notes: ['Started from a document.'],
    ...changes,
  };
}

export function allow(changes: Partial<Allow> = {}): Allow {
  return {
    id: 'a1',
    ruleId: OFFICE_RULE,
    image: '/usr/bin/dash',
    content: null,
    commandLine: 'sh -c id',
    parentImage: null,
    expiresAtMs: Date.UTC(2026, 4, 21),
    ends: 'time',
    bootId: null,
    reason: 'the yearly report',
    approver: 'root',
    createdAtMs: 0,
    ...changes,
  };
}
