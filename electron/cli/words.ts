/** Every text the command line shows of its own, in one place. Texts of the engine (reasons, rules) come as they are. */
import type { Action, HistoryEntry } from '../../shared/history/entry.ts';
import type { RuleInfo } from '../../shared/control/calls.ts';
import type { Allow } from '../../shared/policy/snapshot.ts';
import { count } from './output/times.ts';

export const HELP = {
  program: 'Holdfast watches what programs do, stops the ones that behave like an attack, and says why.',
  json: 'for programs: JSON on the standard output, failures as JSON on the error output',
  dataDir: 'speak to the Holdfast that keeps its things in this folder',
  instance: 'speak to the Holdfast of this name',
  version: 'show the version of this command',
  after: [
    '',
    'Ends with:',
    '  0    done',
    '  1    refused by the engine or for want of rights, or doctor or rules check found a problem',
    '  2    not understood: unknown command, option, rule, preset, mode, path or time; or replay could read nothing of an input',
    '  3    no engine answered',
    '  4    a rehearsal did not go as promised',
    '  130  interrupted (141: whoever read the output has gone)',
  ].join('\n'),
  status: 'is this device protected, and if not, why',
  doctor: 'look for what keeps Holdfast from protecting, with what to do about it',
  history: 'what was stopped, what would have been, and why',
  historyOptions: {
    limit: 'at most this many entries',
    since: 'only what happened since: 15m, 2h, 3d, 18:30, 2026-12-01',
    rule: 'only this rule: its short name, its id, or part of its name',
    action: 'only what was prevented, suspended, stopped, remediated, audited or observed',
    before: 'entries older than this one',
    id: 'one entry with everything known about it',
    group: 'the same again (rule, program, arguments, parent) as one entry with a count',
  },
  rules: 'attack surface reduction rules, and packs of Sigma rules',
  rulesList: 'every rule, its mode, and what it did',
  rulesSet: 'set a rule to off, block, audit, warn or notConfigured (Defender\'s 0, 1, 2, 6, 5)',
  rulesSetRule: 'its short name, its id, or part of its name',
  rulesSetMode: 'off, block, audit, warn, notConfigured, or Defender\'s number',
  rulesPreset: 'set all rules as a preset has them',
  rulesPresetName: 'standard or strict',
  rulesExclude: 'let programs in a path pass; without a path, list what is excluded',
  rulesExcludePath: 'a file, a folder (ends with /), or a pattern with * and ?',
  rulesExcludeRule: 'for this rule only, not for all',
  rulesExcludeRemove: 'take the exclusion back',
  rulesCheck: 'check rule files without an engine: file, line and reason of what is wrong',
  rulesCheckPath: 'a rule file, a folder or a zip of them',
  allow: 'let one program through one rule, for a while',
  allowAdd: 'allow what a history entry shows',
  allowAddId: 'id of the history entry',
  allowAddFor: 'once, 15m, 24h, boot (until restart), until <time>, or permanent (required)',
  allowAddReason: 'why; kept with the allow (required)',
  allowAddConfirm: 'the second step for one that never ends',
  allowAddAnyArguments: 'whatever its arguments; wider, so it needs --confirm-wider',
  allowAddAnyParent: 'whatever starts it; wider, so it needs --confirm-wider',
  allowAddConfirmWider: 'the second step for one that names less',
  allowList: 'what is allowed, by whom, and until when',
  allowRevoke: 'end an allow now',
  allowRevokeId: 'id of the allow',
  pause: 'let rules only record for some minutes',
  pauseMinutes: 'how long, 1 to 1440',
  pauseUntilRestart: 'until this device is started again, in place of minutes',
  pauseReason: 'why; kept in the record (required)',
  resume: 'end a pause',
  settings: 'settings of the engine',
  settingsList: 'every setting, its value and what it means',
  settingsSet: 'change one',
  settingsName: 'fail or deadlineMs',
  settingsValue: 'open or closed; 5 to 400',
  support: 'save what helps a maintainer: state and settings, without names, paths of yours or arguments',
  supportOut: 'the file to make (holdfast-support.json in this folder when left out)',
  stop: 'stop Holdfast: nothing is protected until it is started again',
  rehearse: 'do harmless look-alikes of attacks and show what Holdfast makes of each',
  rehearseOnly: 'only this one; may be given several times',
  rehearseList: 'show what would be done, and do nothing',
} as const;

export const ACTION_MEANS: Readonly<Record<Action, string>> = {
  prevented: 'never ran',
  suspended: 'ran, is halted',
  stopped: 'ran, was ended',
  remediated: 'its changes were undone',
  audited: 'ran; would have been stopped',
  observed: 'ran; is watched',
};

export const MODE_WORDS = { off: 'off', block: 'block', audit: 'audit', warn: 'warn', notConfigured: 'not set', unavailable: 'can not act' } as const;

export const OUTPUT = {
  notWritten: (why: string) => `The output could not be written: ${why}`,
} as const;

export const STATUS = {
  version: (version: string, instance: string) => `Holdfast ${version}${instance === 'default' ? '' : `, instance ${instance}`}`,
  engine: 'Engine',
  sentinel: 'Sentinel',
  rules: 'Rules',
  scope: 'Limited to',
  window: 'Window',
  sandboxed: 'runs in Chromium’s sandbox',
  unsandboxed: 'runs without Chromium’s sandbox.',
  running: (pid: number, restarts: number) => `running as process ${pid}${restarts === 0 ? '' : `, restarted ${times(restarts)}`}`,
  noSentinel: 'not running: nothing is stopped before it starts',
  decisions: (decisions: number, denied: number) => `${count(decisions)} starts judged, ${count(denied)} refused`,
  latency: (p50: number, p99: number) => `half of them within ${count(p50)} µs, 99 of 100 within ${count(p99)} µs`,
  ruleCounts: (rules: { block: number; warn: number; audit: number; off: number; downgraded: number }) =>
    `${rules.block} block, ${rules.warn} warn, ${rules.audit} audit, ${rules.off} off${rules.downgraded === 0 ? '' : `; ${rules.downgraded} can do less here than asked`}`,
  sensors: 'Signals',
  sensorColumns: ['Signal', 'State', 'Lost', 'Behind', 'Last event, remarks'],
  lostUnknown: 'unknown',
  coverage: 'Where starts are judged',
  coverageColumns: ['Before they run', 'Mount, remarks'],
  yes: 'yes',
  no: 'no',
  gaps: 'Gaps in the protection',
  gap: (from: string, to: string | null, reason: string) => `${from} to ${to ?? 'now'}: ${reason}`,
  next: 'Next:',
  moreGaps: (more: number) => `and ${more} earlier; --json shows all`,
} as const;

export const DOCTOR = {
  levels: { ok: 'ok', note: 'note', problem: 'PROBLEM' },
  fix: 'What to do: ',
  allWell: 'No problem found.',
  problems: (number: number) => `${number} ${number === 1 ? 'problem' : 'problems'} found.`,
  engineUnreachable: (socketPath: string) => `Looked for the engine at ${socketPath}.`,
} as const;

export const HISTORY = {
  none: 'Nothing in the record.',
  noneFits: 'Nothing in the record fits.',
  times: (number: number) => `, ${count(number)} times`,
  more: (command: string) => `Older entries: ${command}`,
  detail: (command: string) => `All about one: ${command}`,
  unknownId: (id: string) => `The record has no entry ${id}.`,
  fields: {
    id: 'Entry',
    action: 'Action',
    rule: 'Rule',
    mode: 'Mode of the rule',
    why: 'Why',
    severity: 'Severity',
    attack: 'ATT&CK',
    first: 'First',
    last: 'Latest',
    count: 'Times',
    pause: 'Pause',
    program: 'Program',
    commandLine: 'Command line',
    user: 'User',
    process: 'Process',
    definition: 'Definition',
  },
  startedAt: (pid: number, time: string | null) => (time === null ? `${pid}` : `${pid}, started ${time}`),
  matched: 'What matched',
  matchedColumns: ['Field', 'Value, and what it was compared with'],
  matchedAgainst: (value: string, pattern: string) => `${value} · ${pattern}`,
  family: 'Started by',
  this: 'this program',
  before: (programs: string) => `before: ${programs}`,
  notes: 'Remarks',
  cut: (more: number) => ` … (${count(more)} more characters; --json has all)`,
  allow: (command: string) => `If it was meant to run: ${command}`,
  below: 'Started by it, and ended',
  belowOutcome: { stopped: 'stopped with it', ended: 'had ended by itself' },
  pauseEvents: { begun: 'paused', ended: 'pause ended', expired: 'pause expired' },
  pauseMeans: { begun: 'rules only record until it ends', ended: 'rules act again', expired: 'rules act again' },
  pause: ({ event, who, reason, until, untilRestart }: NonNullable<HistoryEntry['pause']>) => {
    const end = untilRestart ? 'until this device is started again' : until === null ? '' : `until ${until}`;
    return event === 'begun' ? `by ${who}, ${end}: ${reason}` : event === 'ended' ? `by ${who}; it would have held ${end}: ${reason}` : `it held ${end}, by ${who}: ${reason}`;
  },
} as const;

export const RULES = {
  columns: ['Set to', 'Acts as', 'Prevented', 'Stopped', 'Audited', 'Rule'],
  downgraded: (reason: string) => `here: ${reason}`,
  excluded: (number: number) => `${number} ${number === 1 ? 'exclusion' : 'exclusions'}`,
  presets: (presets: readonly string[], command: string) => `Presets: ${presets.join(', ')}. Choose one: ${command}`,
  set: (rule: RuleInfo) => `${rule.name}: ${MODE_WORDS[rule.mode]}, in force.`,
  setUnavailable: (rule: RuleInfo) => `${rule.name}: set to ${MODE_WORDS[rule.mode]}, but it can not act here${rule.downgradedBecause === null ? '' : `: ${withoutStop(rule.downgradedBecause)}`}.`,
  setDowngraded: (rule: RuleInfo) =>
    `${rule.name}: set to ${MODE_WORDS[rule.mode]}, but here it acts as ${MODE_WORDS[rule.effective]}${rule.downgradedBecause === null ? '' : `, because ${withoutStop(rule.downgradedBecause)}`}.`,
  preset: (name: string, changed: number) => (changed === 0 ? `Preset ${name}: nothing had to be changed.` : `Preset ${name} is in force; ${changed} ${changed === 1 ? 'rule' : 'rules'} changed:`),
  presetColumns: ['Was', 'Is', 'Rule'],
  excludedNow: (path: string, rule: string | null) => `${path} is excluded from ${rule ?? 'all rules'}, in force.`,
  includedNow: (path: string, rule: string | null) => `${path} is no longer excluded from ${rule ?? 'all rules'}, in force.`,
  excludedFromHere: (typed: string, path: string) => `"${typed}" was taken from the present folder: ${path}.`,
  nothingThere: 'Nothing lies there yet.',
  blankPath: 'The path is empty. Say which: rules exclude <path>.',
  noExclusions: 'Nothing is excluded.',
  exclusionsGlobal: 'From all rules',
  checked: (files: number) => `${count(files)} ${files === 1 ? 'file' : 'files'} checked: nothing is wrong.`,
  refused: (number: number) => `${number} refused. An engine keeps its last good rules.`,
  tooManyFiles: (path: string, most: number) => `${path} holds more than ${count(most)} rule files.`,
  noFiles: (path: string) => `${path} holds no rule files (names that end with .yml or .yaml).`,
  unreadable: (path: string, reason: string) => `${path} can not be read: ${reason}.`,
  unreadableBecause: { ENOENT: 'nothing lies there', ENOTDIR: 'nothing lies there', EACCES: 'this account may not', EPERM: 'this account may not', ELOOP: 'its links lead round in a circle', EISDIR: 'it is a folder' },
  shouldBe: (expected: string, found: string) => `this should be ${expected}, but it is ${found}`,
  shapes: {
    object: 'a group of named fields (id, name, …)',
    record: 'a group of named fields',
    map: 'a group of named fields',
    array: 'a list',
    string: 'text',
    number: 'a number',
    boolean: 'true or false',
    null: 'empty',
    undefined: 'missing',
  },
  removeNeedsPath: 'Say which path: rules exclude <path> --remove.',
} as const;

export const ALLOW = {
  columns: ['Id', 'Until', 'By', 'What may run, and why'],
  none: 'Nothing is allowed.',
  added: (image: string, rule: string, until: string) => `${image} may pass "${rule}" ${until}. In force; start it again.`,
  /** An allow is narrower than its first sentence sounds. */
  holdsFor: ({ commandLine, parentImage }: Pick<Allow, 'commandLine' | 'parentImage'>) =>
    `It holds for this program ${commandLine === null ? 'with any arguments' : `with the same arguments (${commandLine})`}, started by ${parentImage === null ? 'anything' : `the same parent (${parentImage})`}; anything else is stopped as before.`,
  already: (id: string, until: string) => `That is allowed already ${until}, by ${id}; nothing was added.`,
  replaced: (id: string, until: string) => `It takes the place of ${id}, which held ${until}.`,
  stillAllowed: (id: string, until: string) => `The same is still let through ${until}, by ${id}.`,
  startedBy: (parentImage: string | null) => (parentImage === null ? 'started by anything' : `started by ${parentImage}`),
  anyArguments: '(any arguments)',
  through: (rule: string) => `past "${rule}"`,
  because: (reason: string) => `why: ${reason}`,
  until: { once: 'once', boot: 'until this device restarts', never: 'for ever', expired: 'ended' },
  untilTime: (time: string) => `until ${time}`,
  revoked: (id: string) => `${id} is no longer allowed, in force.`,
  for: (typed: string) =>
    `--for ${typed === '' ? 'needs a time' : `does not know "${typed}"`}. It takes: once, 15m, 24h, boot, permanent, or until <time>, such as until 18:30, until "2026-12-01 18:30", until 2h. The id of the entry stands before it.`,
  confirmPermanent: 'A permanent allow never ends. If that is what you want, repeat the command with --confirm-permanent.',
  confirmWider: (count: number, least: boolean) =>
    `That names less than the start it comes from. So far it would have let through ${least ? 'at least ' : ''}${count === 1 ? 'this start only' : `${count} starts`}. If that is what you want, repeat the command with --confirm-wider.`,
  revoke: (command: string) => `End it sooner: ${command}`,
} as const;

export const SETTINGS = {
  columns: ['Setting', 'Value', 'What it means'],
  means: (name: string, value: string | number) =>
    name === 'fail'
      ? value === 'open' ? 'a start that can not be judged in time runs, and is judged again right after' : 'a start that can not be judged in time is refused'
      : `a start is held for ${value} ms at most`,
  locked: 'set by the policy of this device',
  change: (command: string) => `Change one: ${command}`,
  set: (name: string, value: string) => `${name} is ${value}, in force.`,
  unknown: (name: string) => `There is no setting "${name}". There are: fail, deadlineMs.`,
  badValue: {
    fail: (value: string) => `fail can not be "${value}": it is open or closed.`,
    deadlineMs: (value: string) => `deadlineMs can not be "${value}": it is a whole number of milliseconds, 5 to 400.`,
  },
} as const;

export const SUPPORT = {
  saved: (file: string) => `Saved as ${file}.`,
  look: 'It has no account names, no paths of yours and no arguments. Look at it before you pass it on.',
  notWritten: (file: string, code: string) => (code === 'EEXIST' ? `${file} is there already, and nothing is written over. Name another: --out <file>.` : `${file} could not be written (${code}). Name another: --out <file>.`),
} as const;

export const PAUSE = {
  minutes: 'Say how long in whole minutes, 1 to 1440.',
  pausedUntilRestart: 'Paused until this device is started again: rules only record.',
  paused: (until: string) => `Paused until ${until}: rules only record.`,
  resume: (command: string) => `End it sooner: ${command}`,
  resumed: 'Rules act again.',
  noPause: 'There was no pause.',
  stopping: 'Holdfast is stopping. Nothing is protected until it is started again.',
} as const;

export const REHEARSE = {
  intro: (number: number) => `Rehearsing ${number} ${number === 1 ? 'behaviour' : 'behaviours'}. All are harmless: small programs of our own stand in for the real ones.`,
  good: 'ok',
  bad: 'NOT OK',
  skipped: 'skipped',
  instead: (happened: string, expected: string) => `${happened}, where the present modes promise ${expected}`,
  byRule: (rule: string, mode: string) => `Rule: ${rule} (${mode})`,
  summary: (good: number, bad: number, skipped: number) => `${good} as promised, ${bad} not as promised, ${skipped} not possible here.`,
  allAllowed: (command: string) => `No rule that was rehearsed acts yet, so all was allowed, as promised. Let rules act: ${command}`,
  withoutRights: 'The engine runs without administrator rights, so nothing was stopped. Start it as root, then rehearse again.',
  why: (command: string) => `More: ${command}`,
  unknown: (id: string, command: string) => `There is no rehearsal "${id}". This shows them all: ${command}`,
  linuxOnly: 'Rehearsals run on Linux only in this version.',
  interrupted: 'Interrupted; everything it made is removed.',
  listColumns: ['Id', 'Behaviour'],
} as const;

function times(number: number): string {
  return number === 1 ? 'once' : `${count(number)} times`;
}

/** Reasons come as whole sentences; inside one of ours they end without their own full stop. */
function withoutStop(reason: string): string {
  return reason.replace(/\.+$/, '');
}
