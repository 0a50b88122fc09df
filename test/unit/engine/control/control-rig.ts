/** The control service with everything around it that a test wants to see or break; settings, snapshot and compiler are the real ones. */
import { loadRuleBook, type RuleBook } from '../../../../electron/engine/asr/rule-book.ts';
import type { ControlDeps } from '../../../../electron/engine/control/deps.ts';
import { PolicyKeeper } from '../../../../electron/engine/control/policy-keeper.ts';
import { Rehearsals } from '../../../../electron/engine/control/rehearsals.ts';
import { createControlService, type Caller, type ControlService } from '../../../../electron/engine/control/service.ts';
import { ChangeSignal } from '../../../../electron/engine/control/change-signal.ts';
import { insertRow } from '../../../../electron/engine/edr/history-table.ts';
import { migrate } from '../../../../electron/engine/edr/migrations.ts';
import { Sqlite } from '../../../../electron/engine/edr/sqlite.ts';
import { LiveRing } from '../../../../electron/engine/pipeline/live-ring.ts';
import { packRig } from './pack-rig.ts';
import { FakeTime } from '../../../support/fake-time.ts';
import { defaultSettings, type Settings } from '../../../../electron/engine/settings/settings-schema.ts';
import type { CallInput, CallName, CallOutput } from '../../../../shared/control/calls.ts';
import type { HistoryEntry, HistoryProcess } from '../../../../shared/history/entry.ts';
import type { PolicySnapshot } from '../../../../shared/policy/snapshot.ts';
import { fail, ok, type Result } from '../../../../shared/result.ts';
import type { Status } from '../../../../shared/status/status.ts';

export const SHELL_RULE = 'aaaaaaaa-0000-4000-8000-000000000001';
export const NO_WARN_RULE = 'aaaaaaaa-0000-4000-8000-000000000002';
export const WINDOWS_RULE = 'aaaaaaaa-0000-4000-8000-000000000003';

export const ROOT: Caller = { uid: 0, pid: 100 };
export const ANN: Caller = { uid: 1000, pid: 200 };
export const BOB: Caller = { uid: 1001, pid: 300 };
const NAMES: Readonly<Record<number, string>> = { 0: 'root', 1000: 'ann', 1001: 'bob' };
const UIDS: Readonly<Record<string, number>> = { root: 0, ann: 1000, bob: 1001 };

function rule(id: string, number: number, modes: string, linux: string): string {
  return [
    `id: ${id}`,
    `number: ${number}`,
    `name: Rule ${number}`,
    'reason: It was about to do what the rule forbids.',
    'attack: [T1059]',
    `modes: [${modes}]`,
    'notices: [block]',
    'severity: informational',
    'falsepositives: [Own scripts.]',
    'systems:',
    `  linux: ${linux}`,
    '  windows: {unavailable: This is built later.}',
  ].join('\n');
}

function definition(id: string): string {
  return `{definitions: [{title: Shell, id: ${id}, level: high, tags: [attack.t1059], logsource: {product: linux, category: process_creation}, detection: {shell: {"Image|endswith": /sh}, condition: shell}, falsepositives: [Own scripts.]}]}`;
}

const PRESETS = `presets:
  - name: standard
    description: What suits most devices.
    modes:
      linux: {shell: block, no-warn: audit, windows-only: off}
      windows: {shell: off, no-warn: off, windows-only: off}
  - name: quiet
    description: Records only.
    modes:
      linux: {shell: audit, no-warn: audit, windows-only: off}
      windows: {shell: off, no-warn: off, windows-only: off}
`;

export function testBook(): RuleBook {
  const loaded = loadRuleBook([
    { path: 'shell.yml', text: rule(SHELL_RULE, 1, 'block, audit, warn', definition('bbbbbbbb-0000-4000-8000-000000000001')) },
    { path: 'no-warn.yml', text: rule(NO_WARN_RULE, 2, 'block, audit', definition('bbbbbbbb-0000-4000-8000-000000000002')) },
    { path: 'windows-only.yml', text: rule(WINDOWS_RULE, 3, 'block, audit, warn', '{unavailable: Linux has no such thing.}') },
    { path: 'presets.yml', text: PRESETS },
  ]);
  if (!loaded.ok) throw new Error(loaded.error.message);
  return loaded.value;
}

export function process(overrides: Partial<HistoryProcess> = {}): HistoryProcess {
  return { pid: 4242, startTime: '2026-11-01T10:00:00.000Z', image: '/home/ann/secret-plan/tool', commandLine: 'tool --password hunter2', user: 'ann', ...overrides };
}

export function entry(overrides: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    id: 'entry-1',
    time: '2026-11-01T10:00:00.000Z',
    action: 'prevented',
    severity: 'informational',
    rule: { id: SHELL_RULE, name: 'Rule 1', source: 'asr', mode: 'block', attack: ['T1059'] },
    reason: 'It was about to do what the rule forbids.',
    process: process(),
    ancestors: [process({ pid: 41, image: '/usr/bin/env', commandLine: 'env tool' }), process({ pid: 40, image: '/usr/bin/bash', commandLine: 'bash -i' })],
    count: 1,
    lastTime: '2026-11-01T10:00:00.000Z',
    definitionId: 'bbbbbbbb-0000-4000-8000-000000000001',
    matched: [{ field: 'CommandLine', value: 'tool --password hunter2', pattern: 'contains tool' }],
    notes: ['A note.'],
    ...overrides,
  };
}

export const STATUS: Status = {
  version: '0.1.0',
  instance: 'default',
  state: 'watchingOnly',
  reasons: [{ code: 'no-rule-acts', message: 'No rule acts.' }],
  engine: { pid: 1, restarts: 0 },
  sentinel: { pid: null, restarts: 0, decisions: 0, denied: 0, p50us: null, p99us: null },
  sensors: [],
  coverage: [],
  rules: { off: 3, audit: 0, warn: 0, block: 0, downgraded: 0 },
  gaps: [],
  pausedUntil: null,
  pause: null,
  scope: [],
};

export class ControlRig {
  readonly published: PolicySnapshot[] = [];
  readonly shielded = new Map<string, number>();
  readonly entries: HistoryEntry[] = [entry()];
  settings: Settings = defaultSettings();
  saves = 0;
  stops = 0;
  inFlight = 0;
  mostInFlight = 0;
  ids = 0;
  ownUid = 0;
  wallNowMs = Date.parse('2026-11-01T12:00:00.000Z');
  effectiveNowMs = this.wallNowMs;
  bootId: string | null = 'boot-a';
  content: string | null = 'build:abcdef';
  failSave: string | null = null;
  /** Replaced by a test to hold, refuse or break a publication. */
  publish: (snapshot: PolicySnapshot) => Promise<Result<void>> = () => Promise.resolve(ok(undefined));
  readonly book = testBook();
  readonly keeper: PolicyKeeper;
  readonly time = new FakeTime();
  readonly changes = new ChangeSignal(this.time);
  readonly live = new LiveRing();
  /** Null: somebody can be asked. */
  whyNobodyAsks: string | null = 'Nobody can be asked here.';
  askPerson: (caller: Caller) => Promise<Result<void>> = () => Promise.resolve(fail('ask-refused', 'Permission was not given.'));
  private database: Sqlite | null = null;
  readonly pauses: { event: string; who: string; reason: string }[] = [];
  readonly rehearsals = new Rehearsals(
    {
      addRehearsal: (token, pid) => {
        this.shielded.set(token, pid);
        return true;
      },
      endRehearsal: (token) => void this.shielded.delete(token),
    },
    this.time,
  );
  readonly packs = packRig();
  private made: ControlService | null = null;

  constructor() {
    this.keeper = new PolicyKeeper(
      {
        book: this.book,
        system: 'linux',
        settings: this.settingsStore(),
        publisher: { publish: (snapshot) => this.publishCounted(snapshot) },
        device: () => ({ systemTools: {}, guardedFiles: [] }),
        times: () => this.times(),
        clockMark: () => ({ highWaterMs: this.effectiveNowMs, wallMs: this.wallNowMs, bootId: this.bootId, monotonicMs: 0 }),
        bootId: this.bootId,
        onPolicy: () => undefined,
      },
      1,
    );
  }

  handle(call: string, input: unknown, caller: Caller = ROOT, ask = false): Promise<Result<unknown>> {
    this.made ??= createControlService(this.deps());
    return this.made.handle(call, input, caller, ask);
  }

  /** The same with the types of the table. */
  async call<N extends CallName>(name: N, input: CallInput<N>, caller: Caller = ROOT): Promise<Result<CallOutput<N>>> {
    return (await this.handle(name, input, caller)) as Result<CallOutput<N>>;
  }

  /** For calls that must succeed. */
  async done<N extends CallName>(name: N, input: CallInput<N>, caller: Caller = ROOT): Promise<CallOutput<N>> {
    const answer = await this.call(name, input, caller);
    if (!answer.ok) throw new Error(`${name}: ${answer.error.code}: ${answer.error.message}`);
    return answer.value;
  }

  times(): { effectiveNowMs: number; wallNowMs: number } {
    return { effectiveNowMs: this.effectiveNowMs, wallNowMs: this.wallNowMs };
  }

  pass(ms: number): void {
    this.wallNowMs += ms;
    this.effectiveNowMs += ms;
  }

  inForce(): PolicySnapshot {
    const last = this.published.at(-1);
    if (last === undefined) throw new Error('nothing was published');
    return last;
  }

  /** The real tables, with the entries of this rig in them. */
  sqlite(): Sqlite {
    if (this.database !== null) return this.database;
    const made = new Sqlite(':memory:');
    migrate(made);
    for (const one of [...this.entries].reverse()) insertRow(made, { entry: one, timeMs: Date.parse(one.lastTime), uid: UIDS[one.process.user] ?? null, groupKey: JSON.stringify([one.rule.id, one.action, one.process.image, one.process.commandLine]) });
    this.database = made;
    return made;
  }

  private settingsStore(): { readonly current: Settings; save(next: Settings): Result<void> } {
    const current = (): Settings => this.settings;
    return {
      get current() {
        return current();
      },
      save: (next) => {
        if (this.failSave !== null) return fail('disk-full', this.failSave);
        this.saves += 1;
        this.settings = next;
        return ok(undefined);
      },
    };
  }

  private async publishCounted(snapshot: PolicySnapshot): Promise<Result<void>> {
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    try {
      const outcome = await this.publish(snapshot);
      if (outcome.ok) this.published.push(snapshot);
      return outcome;
    } finally {
      this.inFlight -= 1;
    }
  }

  private deps(): ControlDeps {
    return {
      book: this.book,
      system: 'linux',
      settings: this.settingsStore(),
      keeper: this.keeper,
      recordPause: (event, pause, { name }) => {
        this.pauses.push({ event, who: name, reason: pause.reason });
        return Promise.resolve();
      },
      store: {
        history: (query) => {
          const found = this.entries.filter(({ id }) => query.id === undefined || id === query.id);
          return ok({ entries: found.slice(0, query.limit), more: found.length > query.limit });
        },
        counts: () => ({ prevented: 1, stopped: 2, audited: 3 }),
        view: (read) => ok(read(this.sqlite())),
      },
      packs: this.packs,
      rehearsals: this.rehearsals,
      status: () => STATUS,
      doctor: () => [{ id: 'rights', level: 'ok', message: 'Fine.', fix: null }],
      standing: () => ({ name: 'Rule', effective: 'block', downgradedBecause: null }),
      userName: (uid) => NAMES[uid] ?? String(uid),
      contentOf: () => ok(this.content),
      times: () => this.times(),
      bootId: this.bootId,
      newId: () => `id-${(this.ids += 1)}`,
      scope: ['/scope'],
      ownUid: this.ownUid,
      requestStop: () => {
        this.stops += 1;
      },
      changes: this.changes,
      live: this.live,
      authority: { whyNot: () => this.whyNobodyAsks, ask: (caller) => this.askPerson(caller) },
      family: () => [{ name: 'engine', pid: 1 }, { name: 'owner', pid: 2 }],
      useOf: (pid) => (pid === 1 ? { cpuMs: 10, memoryBytes: 50 * 1024 * 1024 } : null),
      monotonicMs: () => this.wallNowMs,
      hostFacts: () => ({ system: 'linux' }),
    };
  }
}
