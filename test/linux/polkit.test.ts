/** The right to change, asked of a real polkitd: what our class takes from its answers. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { waitUntil } from '../support/linux/wait-until.ts';
import { PolkitStage } from '../support/linux/polkit-stage.ts';
import { readUid } from '../../electron/platform/linux/proc.ts';
import { describeNeeds, itNeeds } from '../support/requirement.ts';

/** Accounts that every Linux has. */
const DAEMON = 1;
const BIN = 2;
const NOBODY = 65_534;

const RULES = `polkit.addRule(function(action, subject) {
  if (action.id != "org.holdfast.change") return polkit.Result.NOT_HANDLED;
  if (subject.user == "daemon") return polkit.Result.YES;
  if (subject.user == "bin") return polkit.Result.NO;
  return polkit.Result.NOT_HANDLED;
});`;

let stage: PolkitStage;
const started: ChildProcess[] = [];

/** A program of that account that waits: it asks for the change. */
async function callerOf(uid: number): Promise<{ uid: number; pid: number }> {
  const caller = spawn('sleep', ['60'], { uid, gid: uid, cwd: '/', stdio: 'ignore' });
  started.push(caller);
  await once(caller, 'spawn');
  const { pid = -1 } = caller;
  await waitUntil(() => readUid(pid) === uid);
  return { uid, pid };
}

describeNeeds(['linux', 'root', 'mounts', 'polkitd'], 'a real polkitd', () => {
  beforeAll(async () => {
    stage = await PolkitStage.open(RULES);
  }, 30_000);
  afterAll(() => stage.close());
  afterEach(() => {
    for (const caller of started.splice(0)) caller.kill('SIGKILL');
  });

  itNeeds([], 'knows the action of Holdfast, so somebody can be asked', () => {
    expect(stage.polkit.whyNot()).toBeNull();
  });

  itNeeds([], 'that allows gives the right', async () => {
    expect(await stage.polkit.ask(await callerOf(DAEMON))).toEqual({ ok: true, value: undefined });
  });

  itNeeds([], 'that denies gives none', async () => {
    expect(await stage.polkit.ask(await callerOf(BIN))).toMatchObject({ ok: false, error: { code: 'ask-refused' } });
  });

  itNeeds([], 'that wants an administrator and finds nobody to ask gives none', async () => {
    expect(await stage.polkit.ask(await callerOf(NOBODY))).toMatchObject({ ok: false, error: { code: 'ask-refused' } });
  });

  itNeeds([], 'is asked about each caller anew: a yes for one is none for another', async () => {
    const [allowed, other] = [await callerOf(DAEMON), await callerOf(NOBODY)];
    const answers = await Promise.all([stage.polkit.ask(allowed), stage.polkit.ask(other), stage.polkit.ask(allowed)]);
    expect(answers.map(({ ok }) => ok)).toEqual([true, false, true]);
  });

  itNeeds([], 'gives nothing to a process that is not the account’s it claims to be', async () => {
    const { pid } = await callerOf(NOBODY);
    expect(await stage.polkit.ask({ uid: DAEMON, pid })).toMatchObject({ ok: false });
  });

  itNeeds([], 'that is gone gives nothing', async () => {
    const lost = await PolkitStage.open(RULES);
    const caller = await callerOf(DAEMON);
    expect(await lost.polkit.ask(caller)).toMatchObject({ ok: true });
    lost.close();
    expect(await lost.polkit.ask(caller)).toMatchObject({ ok: false });
  });
});
