import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RULE_IDS } from '../../../electron/rehearsal/behaviours/rule-ids.ts';
import { rehearsalResultSchema } from '../../../shared/rehearsal/result.ts';
import { describeNeeds } from '../../support/requirement.ts';
import { fakeEngine, type FakeEngine, type Handlers } from './fake-engine.ts';
import { lines, runCli, type Ran } from './run-cli.ts';
import { entry, rule, status } from './samples.ts';

let scope = '';
let engine: FakeEngine | null = null;
beforeEach(() => {
  scope = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'scope-')));
});
afterEach(async () => {
  await engine?.close();
  engine = null;
  rmSync(scope, { recursive: true });
});

const office = rule({ id: RULE_IDS.officeChild, mode: 'audit', effective: 'audit' });
const mail = rule({ id: RULE_IDS.mailChild, name: 'Mail rule', mode: 'off', effective: 'off' });

/** The rule on office programs records, the one on mail programs is off. */
const handlers = (recorded: boolean): Handlers => ({
  rehearsalBegin: () => ({ token: 't', scope: [scope] }),
  rehearsalEnd: () => ({ ended: true }),
  status: () => status({ scope: [scope] }),
  rulesList: () => ({ rules: [office, mail], presets: [] }),
  history: ({ pid }: { pid: number }) => ({ entries: recorded ? [entry({ id: 'h1', action: 'audited', process: { ...entry().process, pid }, rule: { ...entry().rule, id: office.id } })] : [], more: false }),
});

async function cli(given: Handlers, argv: readonly string[], changes: Parameters<typeof runCli>[1] = {}): Promise<Ran> {
  engine = await fakeEngine(given);
  return runCli(['rehearse', ...argv, '--data-dir', engine.dataDir], { nowMs: Date.now, ...changes });
}

describe('rehearse, without performing', () => {
  it('lists what it would do, and needs no engine for it', async () => {
    const { exit, out } = await runCli(['rehearse', '--list']);
    expect(exit).toBe(0);
    expect(out).toContain('office-shell');
    expect(lines((await runCli(['rehearse', '--list', '--json', '--only', 'office-shell'])).out)).toMatchObject([{ id: 'office-shell', rule: RULE_IDS.officeChild }]);
  });

  it('does not know what is not there', async () => {
    expect(await runCli(['rehearse', '--only', 'nothing\x1b'])).toMatchObject({ exit: 2, out: '' });
  });

  it('says where it can not be done', async () => {
    const ran = await runCli(['rehearse'], { platform: 'win32' });
    expect(ran.exit).toBe(1);
    expect(ran.err).toContain('Linux');
  });
});

describeNeeds(['linux'], 'rehearse', () => {
  it('is one promised line for each behaviour with --json', async () => {
    const ran = await cli(handlers(false), ['--json', '--only', 'mail-interpreter', '--only', 'ssh-key-reading']);
    expect(ran).toMatchObject({ exit: 0, err: '' });
    const [first, second] = lines(ran.out).map((line) => rehearsalResultSchema.parse(line));
    expect(first).toMatchObject({ id: 'mail-interpreter', rule: 'Mail rule', mode: 'off', expected: 'allowed', happened: 'allowed', ok: true });
    expect(second).toMatchObject({ id: 'ssh-key-reading', happened: 'skipped', ok: true });
    expect(readdirSync(scope)).toEqual([]);
  });

  it('ends with 4 when something did not go as promised, and says where to look', async () => {
    const ran = await cli(handlers(false), ['--only', 'office-shell']);
    expect(ran.exit).toBe(4);
    expect(ran.out).toMatch(/NOT OK +office-shell +allowed, where the present modes promise audited/);
    expect(ran.out).toContain('0 as promised, 1 not as promised, 0 not possible here.');
  });

  it('tells a person what came of it', async () => {
    const good = await cli(handlers(true), ['--only', 'office-shell'], { columns: 80 });
    expect(good.exit).toBe(0);
    expect(good.out).toMatch(/ok {7}office-shell {2}audited\n {9}An office program/);
    expect(good.out.split('\n').every((line) => line.length <= 80)).toBe(true);
  });

  it('ends with 130 when interrupted, with nothing left behind', async () => {
    let listening = false;
    const interrupted = await cli(handlers(true), [], {
      onInterrupt: (listener) => {
        listening = true;
        setTimeout(listener, 300);
        return () => {
          listening = false;
        };
      },
    });
    expect(interrupted.exit).toBe(130);
    expect(interrupted.err).toContain('Interrupted');
    expect(listening).toBe(false);
    expect(readdirSync(scope)).toEqual([]);
    expect(engine?.calls.at(-1)?.call).toBe('rehearsalEnd');
  });
});
