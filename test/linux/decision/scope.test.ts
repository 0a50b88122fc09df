/** With a scope nothing outside it is marked, stopped or recorded; and some processes are never acted on anywhere. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Writable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DecisionStage, RAN, REFUSED, RESCUE } from '../../support/linux/decision-stage.ts';
import { exitOf } from '../../support/linux/exec-plan.ts';
import { run } from '../../support/linux/live-holdfast.ts';
import { PrivateTmpfs } from '../../support/linux/private-tmpfs.ts';
import { describeNeeds } from '../../support/requirement.ts';

/** What the starter ends with when a signal ended its child. */
const CHILD_KILLED = 90;
/** Asks for a rehearsal and holds its connection until its input ends. */
const ASKER = `
const socket = require('node:net').connect(process.argv[1]);
socket.write(JSON.stringify({ id: 1, call: 'rehearsalBegin', input: {} }) + '\\n');
socket.once('data', (answer) => require('node:fs').writeSync(3, JSON.parse(answer).ok ? 'begun\\n' : 'refused\\n'));
setTimeout(() => process.exit(), 10000);
process.stdin.resume().on('end', () => process.exit());`;

describeNeeds(['linux', 'root', 'exec-gate', 'process-news', 'mounts', 'c-compiler'], 'a scope', () => {
  let stage: DecisionStage;
  let starter: string;
  let outside: PrivateTmpfs;
  beforeAll(async () => {
    outside = new PrivateTmpfs();
    stage = await DecisionStage.open({ [RESCUE]: 'block' });
    starter = stage.starter();
  });
  afterAll(async () => {
    await stage.close();
    outside.remove();
  });

  it('is all that is marked', async () => {
    const { coverage, scope } = await stage.live.status();
    expect(scope).toEqual([stage.live.scope.path]);
    expect(coverage.map(({ mount }) => mount)).toEqual([stage.live.scope.path]);
  });

  it('leaves a forbidden start elsewhere alone', async () => {
    const tool = stage.tool('telinit', outside.path);
    expect(await run(stage.starter('starter', outside.path), ['spawn', tool, 'telinit', '1'], { cwd: '/' })).toBe(RAN);
    expect(await stage.quietSince(tool)).toEqual([]);
  });

  /** From a shell in the scope that was seen before it starts anything; its folder, and all that it starts, lie outside. */
  async function fromScope(how: string, tool: string): Promise<number | string> {
    const shell = stage.copy('/bin/sh', 'shell');
    const outer = stage.starter(`starter-${how}`, outside.path);
    return run(shell, ['-c', `sleep 0.3; "$0" "$1" "$2" telinit 1; exit $?`, outer, how, tool], { cwd: '/' });
  }

  it('holds what descends from a process in it, wherever that starts its programs', async () => {
    const tool = stage.tool('telinit', outside.path);
    expect(await fromScope('spawn', tool)).toBe(CHILD_KILLED);
    expect(await stage.entryOf(tool)).toMatchObject({ action: 'stopped' });
  });

  it('is not left by a process whose parent in it is gone', async () => {
    mkdirSync(outside.at('second'));
    const tool = stage.tool('telinit', outside.at('second'));
    expect(await fromScope('orphan', tool)).toBe(0);
    expect(await stage.entryOf(tool)).toMatchObject({ action: 'stopped' });
  });

  it('does not stop who runs a rehearsal, and says so', async () => {
    const tool = stage.tool();
    const folder = stage.folder();
    // One shell starts the asker, waits for its word, then becomes what is forbidden, by a way that can not be prevented.
    const line = '"$1" -e "$2" "$3" 3>&1 <&4 & read -r word <&5; exec "$4" private "$5" "$6" telinit 1';
    const shell = spawn('/bin/sh', ['-c', line, 'sh', process.execPath, ASKER, stage.live.paths.controlSocket, starter, folder, tool], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit', 'ignore', 'pipe', 'pipe'] });
    const [word] = (await once(shell.stdout!, 'data')) as [Buffer];
    expect(String(word)).toBe('begun\n');
    (shell.stdio as (Writable | null)[])[5]!.write('go\n');
    expect(await exitOf(shell)).toEqual({ code: RAN, signal: null });
    (shell.stdio as (Writable | null)[])[4]!.end();
    const entry = await stage.entryOf(path.join(folder, 'telinit'));
    expect(entry.action).toBe('audited');
    expect(entry.notes.join(' ')).toContain('It was not stopped: a rehearsal runs below it');
  });

  it('keeps refusing what it can prevent, also for who runs a rehearsal', async () => {
    const { token } = await stage.live.call('rehearsalBegin', {});
    const tool = stage.tool();
    expect(await run(starter, ['spawn', tool, 'telinit', '1'])).toBe(REFUSED);
    await stage.live.call('rehearsalEnd', { token });
  });
});
