/** Packs of Sigma rules, put together for the engine: where they lie, by which key, on which sensors, and what judges by them. */
import path from 'node:path';
import type { PackControl } from '../../engine/control/pack-calls.ts';
import { pause, type Scheduler } from '../../engine/core/scheduler.ts';
import { Slices } from '../../engine/core/slices.ts';
import type { Container, Signer } from '../../engine/packs/container.ts';
import { diagnosePacks } from '../../engine/packs/diagnose-packs.ts';
import { LiveRules } from '../../engine/packs/live-rules.ts';
import { openDeviceKey } from '../../engine/packs/load-device-key.ts';
import { readOwnPack } from '../../engine/packs/load-own-pack.ts';
import { PackFolder } from '../../engine/packs/load-pack-folder.ts';
import { openPackState, savePackState, type PackState } from '../../engine/packs/load-pack-state.ts';
import { MuteBook } from '../../engine/packs/mute-book.ts';
import { PackKeeper } from '../../engine/packs/pack-keeper.ts';
import { PackWatcher } from '../../engine/packs/pack-watcher.ts';
import { RecentStarts } from '../../engine/packs/recent-starts.ts';
import { Uploads } from '../../engine/packs/uploads.ts';
import type { Clock } from '../../engine/ports.ts';
import type { RuleDescription } from '../../engine/edr/describe-rule.ts';
import { PACKS } from '../../engine/packs/words.ts';
import type { StartWatcher } from '../../engine/pipeline/start-watcher.ts';
import type { DoctorFinding } from '../../../shared/control/calls.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { Reason } from '../../../shared/status/status.ts';
import { ownIndexPlace, ownPackPlace } from '../own-pack.ts';
import { ensureFolder } from '../private-folder.ts';
import { PackPreparer } from './pack-preparer.ts';

export interface PackServiceOptions {
  readonly dataDir: string;
  readonly uid: number;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: (line: string) => void;
}

/** A machine that is too busy or short of memory at boot may not be so a minute later. */
const OPEN_AGAIN_MS = 60_000;
const MORE_OPENINGS = 10;

interface Parts {
  readonly storage: PackFolder;
  readonly signer: Signer;
  readonly state: PackState;
  readonly problems: readonly string[];
}

/** Fails only when the folder or the key can be neither used nor made. */
export function openPackService(options: PackServiceOptions): Result<PackService> {
  const { dataDir, uid, clock } = options;
  const folder = path.join(dataDir, 'packs');
  const made = ensureFolder(folder, 0o700, uid);
  if (!made.ok) return made;
  const key = openDeviceKey(dataDir, uid, clock.nowMs());
  if (!key.ok) return key;
  const state = openPackState(stateFile(dataDir), uid, clock.nowMs());
  if (!state.ok) return state;
  const problems = [key.value.problem, state.value.problem].filter((problem) => problem !== null);
  const { signer } = key.value;
  return ok(new PackService(options, { storage: new PackFolder(folder, signer, uid, () => clock.nowMs()), signer, state: state.value.state, problems }));
}

function stateFile(dataDir: string): string {
  return path.join(dataDir, 'packs', 'state.json');
}

export class PackService {
  private readonly options: PackServiceOptions;
  private readonly parts: Parts;
  private readonly recent = new RecentStarts();
  private readonly keeper: PackKeeper;
  private readonly live: LiveRules;
  readonly control: PackControl;
  readonly watcher: StartWatcher;

  constructor(options: PackServiceOptions, parts: Parts) {
    this.options = options;
    this.parts = parts;
    const { clock, dataDir } = options;
    const mutes = new MuteBook(parts.state.muted);
    const nowIso = (): string => new Date(clock.nowMs()).toISOString();
    const monotonicMs = (): number => Number(clock.monotonicNs() / 1_000_000n);
    this.live = new LiveRules({ mutes, onMuted: () => this.keeper.onMuted(), nowIso, nowMs: monotonicMs });
    const index = { file: path.join(dataDir, 'packs', 'rules.index'), ownUid: options.uid, signer: parts.signer, rest: this.rest() };
    const preparer = new PackPreparer({ index, ownIndex: ownIndexPlace(options.uid === 0), privileged: options.uid === 0, log: options.log });
    this.keeper = new PackKeeper({
      storage: parts.storage,
      mutes,
      ownTrust: parts.state.ownTrust,
      saveState: (state) => savePackState(stateFile(dataDir), state),
      prepare: (contents, trial) => preparer.prepare(contents, trial),
      recent: () => this.recent.list(),
      use: (ready, trustOf) => this.live.use(ready, trustOf),
      nowIso,
    });
    this.control = { uploads: new Uploads(monotonicMs), keeper: this.keeper, active: () => this.live.count };
    this.watcher = new PackWatcher(this.live, this.recent, () => clock.nowMs());
  }

  /** Rules are read beside this thread, or taken from what the last run left; until that is done the packs are not in force. */
  async start(): Promise<void> {
    const problems = [...this.parts.problems];
    const stored = this.parts.storage.load();
    if (!stored.ok) problems.push(stored.error.message);
    let ready = await this.keeper.open(this.ownPack(problems), stored.ok ? stored.value.containers : [], [...problems, ...(stored.ok ? stored.value.problems : [])]);
    for (const problem of this.keeper.problems()) this.options.log(problem);
    for (let more = MORE_OPENINGS; !ready && more > 0; more -= 1) {
      await pause(this.options.scheduler, OPEN_AGAIN_MS);
      ready = await this.keeper.openAgain();
    }
  }

  /** Words for history; null when no pack in force has the rule. */
  describe(ruleId: string): RuleDescription | null {
    return this.live.describe(ruleId);
  }

  doctor(): DoctorFinding[] {
    const { totals, missing } = this.keeper.readiness();
    const findings = diagnosePacks({ packs: this.keeper.list().length, totals, missing, muted: this.keeper.muted() });
    const [first] = this.live.problems;
    if (first === undefined) return findings;
    return [...findings, { id: 'sigma-links', level: 'note', message: PACKS.linkProblems(this.live.problems.length, `${first.place}: ${first.reason}`), fix: null }];
  }

  problems(): Reason[] {
    return this.keeper.problems().map((message) => ({ code: 'rule-packs', message }));
  }

  private ownPack(problems: string[]): Container | null {
    const place = ownPackPlace();
    if (place === null) return null;
    const own = readOwnPack(place.file, place.sha256);
    if (!own.ok) problems.push(own.error.message);
    return own.ok ? own.value : null;
  }

  private rest(): () => Promise<void> {
    const slices = new Slices(this.options.clock, this.options.scheduler);
    return () => slices.rest();
  }
}
