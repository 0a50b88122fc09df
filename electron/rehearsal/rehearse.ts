/**
 * Performs harmless look-alikes of attacks and tells for each what Holdfast made of it, against what the present modes
 * promise. It runs in the process that asked, never in the engine, and leaves the machine as it was.
 */
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RuleInfo } from '../../shared/control/calls.ts';
import type { RehearsalResult } from '../../shared/rehearsal/result.ts';
import { fail, ok, type Result } from '../../shared/result.ts';
import type { Status } from '../../shared/status/status.ts';
import type { Behaviour, Performance, Stage } from './behaviour.ts';
import { conclude, expectedOutcome, isWithoutRights, type Conclusion, type Outcome } from './outcome.ts';
import { entriesAbout, type RehearsalEngine } from './record-watch.ts';
import { machineFor } from './stand-in-elf.ts';
import { quietProgram } from './stand-in-programs.ts';
import { randomName, Workplace } from './workplace.ts';

export interface RehearsalOptions {
  readonly engine: RehearsalEngine;
  readonly behaviours: readonly Behaviour[];
  readonly arch: string;
  /** Mount points of media that can be taken out, where this account may write. */
  readonly removableMedia: readonly string[];
  /** Ends the rehearsal, with what runs at the moment. */
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
  readonly onResult: (result: RehearsalResult) => void;
  readonly patience?: Patience;
}

export interface Patience {
  /** For the entry in the record. The engine writes it within milliseconds; the rest is for a machine under full load. */
  readonly entryMs: number;
  /** Where nothing should happen: this long an unexpected entry is given to appear. */
  readonly nothingMs: number;
  /** For what Holdfast finds out by looking from time to time. */
  readonly againMs: number;
}

const PATIENCE: Patience = { entryMs: 2_000, nothingMs: 300, againMs: 8_000 };

const AGAIN_PAUSE_MS = 250;
const WITHOUT_RIGHTS = 'Without administrator rights nothing is stopped.';
const NOT_SEEN_YET = 'Holdfast has not found the decoy yet; it looks for new files to guard from time to time.';

export interface Rehearsed {
  /** The engine only watches, so the rehearsal showed nothing of what the rules could do. */
  readonly withoutRights: boolean;
}

export async function rehearse(options: RehearsalOptions): Promise<Result<Rehearsed>> {
  const { engine } = options;
  const machine = machineFor(options.arch);
  if (machine === null) return fail('unsupported-machine', `Rehearsals need a 64-bit Intel, AMD or ARM processor; this is ${options.arch}.`);
  const begun = await engine.call('rehearsalBegin', {});
  if (!begun.ok) return begun;
  try {
    const facts = await readFacts(engine);
    if (!facts.ok) return facts;
    const { scope } = begun.value;
    const workplace = await Workplace.open(candidateFolders(scope, facts.value.status), machine);
    if (!workplace.ok) return workplace;
    const endRunning = (): void => workplace.value.endRunning();
    options.signal.addEventListener('abort', endRunning);
    try {
      const done = await performAll(options, facts.value, stageIn(workplace.value, scope, options));
      return done.ok ? ok({ withoutRights: isWithoutRights(facts.value.status) }) : done;
    } finally {
      options.signal.removeEventListener('abort', endRunning);
      await workplace.value.close();
    }
  } finally {
    await engine.call('rehearsalEnd', { token: begun.value.token });
  }
}

interface Facts {
  readonly status: Status;
  readonly rules: readonly RuleInfo[];
}

async function readFacts(engine: RehearsalEngine): Promise<Result<Facts>> {
  const status = await engine.call('status', {});
  if (!status.ok) return status;
  const rules = await engine.call('rulesList', {});
  return rules.ok ? ok({ status: status.value, rules: rules.value.rules }) : rules;
}

/** Where starts are judged before they happen comes first, so that a rehearsal shows what this device can do. */
function candidateFolders(scope: readonly string[], status: Status): string[] {
  if (scope.length === 0) return [os.tmpdir(), '/var/tmp', os.homedir(), '/dev/shm'];
  const judged = status.coverage.filter(({ prevent }) => prevent).map(({ mount }) => mount);
  return [...judged.filter((mount) => isIn(scope, mount)), ...scope];
}

function isIn(scope: readonly string[], folder: string): boolean {
  return scope.some((limit) => folder === limit || folder.startsWith(`${limit}/`));
}

function stageIn(workplace: Workplace, scope: readonly string[], options: RehearsalOptions): Stage {
  const [limit] = scope;
  return {
    workplace,
    shell: () => ({ path: limit === undefined ? '/bin/sh' : workplace.standIn('sh', quietProgram()), argv: ['sh', '-c', ':'] }),
    home: limit === undefined ? os.homedir() : path.join(limit, 'home', randomName()),
    removableMedia: options.removableMedia.filter((mount) => limit === undefined || isIn(scope, mount)),
  };
}

async function performAll(options: RehearsalOptions, facts: Facts, stage: Stage): Promise<Result<void>> {
  const isOver = (): boolean => options.signal.aborted;
  for (const behaviour of options.behaviours) {
    if (isOver()) break;
    const result = await performOne(options, facts, stage, behaviour);
    if (!result.ok) return result;
    // Cut short, it shows nothing but the interruption.
    if (!isOver()) options.onResult(result.value);
  }
  return ok(undefined);
}

async function performOne(options: RehearsalOptions, facts: Facts, stage: Stage, behaviour: Behaviour): Promise<Result<RehearsalResult>> {
  const { id, behaviour: words } = behaviour;
  const rule = facts.rules.find((candidate) => candidate.id.toLowerCase() === behaviour.rule);
  const base = { id, behaviour: words, rule: rule?.name ?? behaviour.rule, mode: rule?.mode ?? 'off', historyId: null };
  const skipped = (note: string): Result<RehearsalResult> => ok({ ...base, expected: 'skipped', happened: 'skipped', ok: true, note });
  if (rule === undefined) return skipped('This engine does not have the rule.');
  const end = performance.now() + (options.patience ?? PATIENCE).againMs;
  let perform: (() => Promise<Performance>) | undefined = () => behaviour.perform(stage);
  for (;;) {
    const sinceMs = options.nowMs() - 1;
    const performed: Performance = await perform();
    if (performed.kind === 'skipped') return skipped(performed.because);
    const result = await judge(options, { facts, rule, performed, sinceMs, base });
    perform = performed.again;
    if (!result.ok || result.value.ok || perform === undefined || result.value.happened !== 'allowed') return result;
    if (performance.now() > end || options.signal.aborted) return skipped(NOT_SEEN_YET);
    await delay(AGAIN_PAUSE_MS);
  }
}

interface Judged {
  readonly facts: Facts;
  readonly rule: RuleInfo;
  readonly performed: Extract<Performance, { kind: 'done' }>;
  readonly sinceMs: number;
  readonly base: Pick<RehearsalResult, 'id' | 'behaviour' | 'rule' | 'mode' | 'historyId'>;
}

async function judge(options: RehearsalOptions, { facts, rule, performed, sinceMs, base }: Judged): Promise<Result<RehearsalResult>> {
  const { run, target, object } = performed;
  const expected = expectedOutcome({ rule, status: facts.status, object });
  const pid = run.started.get(target);
  // The program that was to do it never got there: something else about it was refused.
  if (pid === undefined) return ok({ ...base, expected, happened: 'skipped', ok: false, note: `It could not be performed: ${describe(performed)}.` });
  const { entryMs, nothingMs } = options.patience ?? PATIENCE;
  const waitMs = expected === 'allowed' ? nothingMs : entryMs;
  const entries = await entriesAbout(options.engine, { pid, ruleId: rule.id, sinceMs, waitMs, signal: options.signal });
  if (!entries.ok) return entries;
  const conclusion = conclude(run.ending, entries.value, rule.id);
  const { happened, entry } = conclusion;
  const notes = [conclusion.note, remark(facts, rule)].filter((note) => note !== null);
  return ok({ ...base, expected, happened, ok: isAsPromised(facts, expected, conclusion), historyId: entry?.id ?? null, note: notes.length === 0 ? null : notes.join(' ') });
}

function isAsPromised({ status }: Facts, expected: Outcome, { happened, sound }: Conclusion): boolean {
  // It ran, as promised; that it was seen and recorded is more than that.
  const moreThanPromised = happened === 'audited' && isWithoutRights(status);
  return sound && (happened === expected || moreThanPromised);
}

function remark({ status }: Facts, rule: RuleInfo): string | null {
  if (isWithoutRights(status)) return WITHOUT_RIGHTS;
  return rule.downgradedBecause === null ? null : `The rule can do less here than asked: ${rule.downgradedBecause}`;
}

function describe({ run }: Judged['performed']): string {
  const { ending } = run;
  if (ending.kind === 'refused') return `the program that was to do it was refused (error ${ending.errno} of the system)`;
  return ending.kind === 'killed' ? `the program that was to do it was ended by signal ${ending.signal}` : 'the program that was to do it did not get so far';
}
