import { existsSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Behaviour } from '../../../electron/rehearsal/behaviour.ts';
import { BEHAVIOURS } from '../../../electron/rehearsal/behaviours/all.ts';
import { RULE_IDS } from '../../../electron/rehearsal/behaviours/rule-ids.ts';
import type { RehearsalEngine } from '../../../electron/rehearsal/record-watch.ts';
import { rehearse, type Rehearsed } from '../../../electron/rehearsal/rehearse.ts';
import { quietProgram, startingProgram, writingProgram } from '../../../electron/rehearsal/stand-in-programs.ts';
import { CALLS, type CallName, type RuleInfo } from '../../../shared/control/calls.ts';
import { rehearsalResultSchema, type RehearsalResult } from '../../../shared/rehearsal/result.ts';
import { fail, ok, type Result } from '../../../shared/result.ts';
import type { Status } from '../../../shared/status/status.ts';
import type { HistoryEntry } from '../../../shared/history/entry.ts';
import { describeNeeds } from '../../support/requirement.ts';
import { entry, rule, status } from '../cli/samples.ts';

let scope = '';
beforeEach(() => {
  scope = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'scope-')));
  mkdirSync(path.join(scope, 'home'));
});
afterEach(() => {
  rmSync(scope, { recursive: true });
});

class FakeEngine implements RehearsalEngine {
  readonly calls: string[] = [];
  private readonly effective: RuleInfo['effective'];
  private readonly history: (pid: number) => readonly HistoryEntry[];
  private readonly reasons: Status['reasons'];

  constructor(effective: RuleInfo['effective'] = 'off', history: (pid: number) => readonly HistoryEntry[] = () => [], reasons: Status['reasons'] = []) {
    this.reasons = reasons;
    this.effective = effective;
    this.history = history;
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- the interface is that of a socket
  async call(name: CallName, input: unknown): Promise<Result<never>> {
    this.calls.push(name);
    return ok(CALLS[name].output.parse(this.answer(name, input)) as never);
  }

  private answer(name: CallName, input: unknown): unknown {
    const mode = this.effective === 'unavailable' ? 'block' : this.effective;
    if (name === 'rehearsalBegin') return { token: 't', scope: [scope] };
    if (name === 'rehearsalEnd') return { ended: true };
    if (name === 'status') return status({ reasons: this.reasons, scope: [scope], coverage: [{ mount: scope, prevent: true, reason: null, cause: 'covered' }] });
    if (name === 'rulesList') return { rules: Object.values(RULE_IDS).map((id) => rule({ id, mode, effective: this.effective })), presets: [] };
    return { entries: this.history((input as { pid: number }).pid), more: false };
  }
}

interface Played {
  readonly outcome: Result<Rehearsed>;
  readonly results: readonly RehearsalResult[];
}

async function play(engine: RehearsalEngine, behaviours: readonly Behaviour[], signal = new AbortController().signal): Promise<Played> {
  const results: RehearsalResult[] = [];
  const outcome = await rehearse({ engine, behaviours, arch: process.arch, removableMedia: [], signal, nowMs: Date.now, patience: { entryMs: 300, nothingMs: 20, againMs: 1_500 }, onResult: (result) => results.push(rehearsalResultSchema.parse(result)) });
  return { outcome, results };
}

function tree(): string[] {
  return readdirSync(scope, { recursive: true }).map(String).sort();
}

/** Processes whose program or working folder lies in the scope. */
function processesHere(): string[] {
  const here = (link: string): boolean => {
    try {
      return readlinkSync(link).startsWith(scope);
    } catch {
      return false;
    }
  };
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && (here(`/proc/${pid}/exe`) || here(`/proc/${pid}/cwd`)));
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !condition(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
}

describeNeeds(['linux'], 'a rehearsal', () => {
  it('does at least twelve behaviours, and with all rules off leaves everything as it was', async () => {
    const before = tree();
    const { outcome, results } = await play(new FakeEngine(), BEHAVIOURS);
    expect(outcome.ok).toBe(true);
    expect(results.map(({ id }) => id)).toEqual(BEHAVIOURS.map(({ id }) => id));
    for (const result of results) expect(result).toMatchObject({ ok: true, expected: result.happened, historyId: null });
    expect(results.filter(({ happened }) => happened === 'allowed').length).toBeGreaterThanOrEqual(12);
    expect(tree()).toEqual(before);
    await until(() => processesHere().length === 0);
    expect(processesHere()).toEqual([]);
  }, 60_000);

  it('plays in a private folder, under names that say nothing', async () => {
    const seen: string[][] = [];
    const look: Behaviour = {
      id: 'look',
      behaviour: 'b',
      rule: RULE_IDS.officeChild,
      perform: async (stage) => {
        const { workplace } = stage;
        const parent = workplace.standIn('soffice.bin', startingProgram([stage.shell()]));
        seen.push(tree());
        return { kind: 'done', run: await workplace.run(parent), target: 0, object: parent };
      },
    };
    await play(new FakeEngine(), [look]);
    expect(seen[0]!.length).toBeGreaterThan(2);
    expect(seen[0]!.join('\n')).not.toMatch(/holdfast|rehears|test/i);
  });

  it('tells the engine where it begins and ends, whatever goes wrong in between', async () => {
    const engine = new FakeEngine();
    const broken: Behaviour = { id: 'x', behaviour: 'b', rule: RULE_IDS.officeChild, perform: () => Promise.reject(new Error('broken')) };
    await expect(play(engine, [broken])).rejects.toThrow('broken');
    expect(engine.calls.at(0)).toBe('rehearsalBegin');
    expect(engine.calls.at(-1)).toBe('rehearsalEnd');
    expect(tree()).toEqual(['home']);
  });

  it('holds what the record says of this very process against what was promised', async () => {
    const office = BEHAVIOURS.slice(0, 1);
    const audits = new FakeEngine('audit', (pid) => [entry({ id: `h${pid}`, action: 'audited', process: { ...entry().process, pid } })]);
    const { results } = await play(audits, office);
    expect(results).toMatchObject([{ id: 'office-shell', mode: 'audit', expected: 'audited', happened: 'audited', ok: true }]);
    expect(results[0]!.historyId).toMatch(/^h\d+$/);
    const silent = await play(new FakeEngine('block'), office);
    expect(silent.results).toMatchObject([{ expected: 'prevented', happened: 'allowed', ok: false, historyId: null }]);
  });

  it('promises and awaits nothing of an engine without rights', async () => {
    const watching = (history: (pid: number) => readonly HistoryEntry[]): RehearsalEngine => new FakeEngine('unavailable', history, [{ code: 'no-rights', message: 'm' }]);
    const some = BEHAVIOURS.filter(({ id }) => id === 'office-shell' || id === 'ssh-key-reading');
    const { outcome, results } = await play(watching(() => []), some);
    expect(outcome).toEqual(ok({ withoutRights: true }));
    for (const result of results) expect(result).toMatchObject({ expected: 'allowed', happened: 'allowed', ok: true, note: 'Without administrator rights nothing is stopped.' });
    const recorded = await play(watching(() => [entry({ action: 'audited' })]), some.slice(0, 1));
    expect(recorded.results).toMatchObject([{ expected: 'allowed', happened: 'audited', ok: true }]);
  });

  it('waits for what the engine finds only after a while, and not for ever', async () => {
    const keyReading = BEHAVIOURS.filter(({ id }) => id === 'ssh-key-reading');
    const readers: number[] = [];
    const late = new FakeEngine('audit', (pid) => {
      if (!readers.includes(pid)) readers.push(pid);
      return readers.length < 2 ? [] : [entry({ action: 'audited', rule: { ...entry().rule, id: RULE_IDS.credentials } })];
    });
    expect((await play(late, keyReading)).results).toMatchObject([{ happened: 'audited', ok: true }]);
    const never = await play(new FakeEngine('audit'), keyReading);
    expect(never.results).toMatchObject([{ happened: 'skipped', ok: true, note: expect.stringContaining('has not found the decoy') as string }]);
    expect(tree()).toEqual(['home']);
  }, 60_000);

  it('cleans up at once when it is interrupted', async () => {
    const abort = new AbortController();
    const slow: Behaviour = {
      id: 'slow',
      behaviour: 'b',
      rule: RULE_IDS.officeChild,
      perform: async ({ workplace }) => {
        const sleeper = workplace.standIn('sleeper', writingProgram('', { stayMs: 4_000 }));
        const run = workplace.run(workplace.standIn('parent', startingProgram([{ path: sleeper, argv: ['sleeper'] }])));
        await until(() => processesHere().length === 2);
        abort.abort();
        return { kind: 'done', run: await run, target: 0, object: sleeper };
      },
    };
    const from = performance.now();
    const { outcome, results } = await play(new FakeEngine(), [slow, ...BEHAVIOURS], abort.signal);
    expect(outcome.ok).toBe(true);
    expect(results).toEqual([]);
    expect(performance.now() - from).toBeLessThan(3_000);
    await until(() => processesHere().length === 0);
    expect(processesHere()).toEqual([]);
    expect(tree()).toEqual(['home']);
  });

  it('ends what does not end by itself', async () => {
    const stuck: Behaviour = {
      id: 'stuck',
      behaviour: 'b',
      rule: RULE_IDS.officeChild,
      perform: async ({ workplace }) => {
        const sleeper = workplace.standIn('sleeper', writingProgram('', { stayMs: 60_000 }));
        return { kind: 'done', run: await workplace.run(workplace.standIn('parent', startingProgram([{ path: sleeper, argv: ['sleeper'] }]))), target: 0, object: sleeper };
      },
    };
    const { results } = await play(new FakeEngine(), [stuck]);
    expect(results).toMatchObject([{ happened: 'skipped', ok: false, note: expect.stringContaining('did not end in time') as string }]);
    await until(() => processesHere().length === 0);
    expect(processesHere()).toEqual([]);
  }, 30_000);

  it('plays on a stick, and leaves it as it was', async () => {
    const stick = path.join(scope, 'stick');
    mkdirSync(stick);
    const results: RehearsalResult[] = [];
    const behaviours = BEHAVIOURS.filter(({ id }) => id === 'removable-media');
    const options = { engine: new FakeEngine(), behaviours, arch: process.arch, signal: new AbortController().signal, nowMs: Date.now, onResult: (result: RehearsalResult) => results.push(result) };
    await rehearse({ ...options, removableMedia: [stick] });
    await rehearse({ ...options, removableMedia: ['/somewhere/outside/the/scope'] });
    expect(results).toMatchObject([{ happened: 'allowed', ok: true }, { happened: 'skipped', ok: true }]);
    expect(tree()).toEqual(['home', 'stick']);
  });

  it('keeps what others put into a folder that it made', async () => {
    const shared = path.join(scope, 'home', 'someone');
    const shares: Behaviour = {
      id: 'shares',
      behaviour: 'b',
      rule: RULE_IDS.officeChild,
      perform: async ({ workplace }) => {
        workplace.decoy(path.join(shared, '.ssh', 'id_x'), 'decoy');
        mkdirSync(path.join(shared, 'theirs'));
        return { kind: 'done', run: await workplace.run(workplace.standIn('x', quietProgram())), target: 0, object: '' };
      },
    };
    await play(new FakeEngine(), [shares]);
    expect(existsSync(path.join(shared, 'theirs'))).toBe(true);
    expect(existsSync(path.join(shared, '.ssh'))).toBe(false);
  });

  it('says what hinders it', async () => {
    const engine = new FakeEngine();
    const options = { engine, behaviours: BEHAVIOURS, removableMedia: [], signal: new AbortController().signal, nowMs: Date.now, onResult: () => undefined };
    expect(await rehearse({ ...options, arch: 'mips' })).toMatchObject({ ok: false, error: { code: 'unsupported-machine' } });
    const refusing: RehearsalEngine = { call: () => Promise.resolve(fail('too-many', 'later')) };
    expect(await rehearse({ ...options, engine: refusing, arch: process.arch })).toMatchObject({ ok: false, error: { code: 'too-many' } });
  });
});

it('has rehearsals of different ids, each about a rule', () => {
  expect(new Set(BEHAVIOURS.map(({ id }) => id)).size).toBe(BEHAVIOURS.length);
  for (const { id, behaviour } of BEHAVIOURS) {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(behaviour).toMatch(/\.$/);
  }
});
