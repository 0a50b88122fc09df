/** Without its engine the sentinel goes on by the last rules it had, and what it did is on record when the engine is back. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { takeFileLock } from '../../../electron/platform/linux/file-lock.ts';
import { exitOf } from '../../support/linux/exec-plan.ts';
import { knownProcess, lives, signal, type KnownProcess } from '../../support/linux/known-process.ts';
import { spawnFromMemory } from '../../support/linux/memory-program.ts';
import { isProtecting, manyStartsOf, startOf, startProtected, type Protected } from '../../support/linux/protected-holdfast.ts';
import { waitUntil } from '../../support/linux/wait-until.ts';
import { describeNeeds } from '../../support/requirement.ts';

const BACK_MS = 4_000;
const TIMES = 20;

describeNeeds(['linux', 'root', 'exec-gate', 'process-news', 'mounts'], 'the sentinel without its engine', () => {
  let held: Protected;
  let owner: KnownProcess;
  let engine: KnownProcess;

  beforeEach(async () => {
    held = await startProtected();
    owner = knownProcess(held.live.owner.pid ?? -1);
    engine = knownProcess((await held.live.status()).engine.pid);
  });
  afterEach(async () => {
    signal(owner, 'SIGCONT');
    await held.live.remove();
  });

  /** Its owner is not there to start it again. */
  async function killEngineForLong(): Promise<void> {
    signal(owner, 'SIGSTOP');
    signal(engine, 'SIGKILL');
    await waitUntil(() => !lives(engine));
  }

  async function engineBack(): Promise<void> {
    signal(owner, 'SIGCONT');
    await held.live.until((status) => isProtecting(status) && status.engine.pid !== engine.pid);
  }

  it('refuses and lets pass by the last rules; every refusal appears later, once', async () => {
    await killEngineForLong();
    expect(new Set(await manyStartsOf(held.programs.forbidden, TIMES))).toEqual(new Set(['EPERM']));
    expect(await startOf(held.programs.allowed)).toBe(0);
    await engineBack();
    const entries = await held.live.historyWith((found) => found.length >= TIMES);
    expect(entries.map(({ action }) => action)).toEqual(Array.from({ length: TIMES }, () => 'prevented'));
    const { gaps, engine: now } = await held.live.status();
    expect(gaps.map(({ reason }) => reason).join()).toContain('The engine was not running');
    expect(now.restarts).toBe(1);
  });

  it('gets another engine when it falls silent just after it has come up', async () => {
    signal(engine, 'SIGSTOP');
    await waitUntil(() => !lives(engine), BACK_MS);
    await held.live.until((status) => isProtecting(status) && status.engine.pid !== engine.pid);
  });

  it('refuses also while the engine is only stopped', async () => {
    signal(engine, 'SIGSTOP');
    // Half a second: less than the time after which a silent engine is ended.
    const until = performance.now() + 500;
    let refused = 0;
    while (performance.now() < until) {
      expect(await startOf(held.programs.forbidden)).toBe('EPERM');
      refused += 1;
    }
    signal(engine, 'SIGCONT');
    expect((await held.live.historyWith((found) => found.length >= refused)).length).toBe(refused);
  });

  it('refuses by the rules on disk when it has to start alone', async () => {
    const sentinel = knownProcess((await held.live.status()).sentinel.pid ?? -1);
    await killEngineForLong();
    signal(sentinel, 'SIGKILL');
    // Held by the test, so that the next engine waits for its folder.
    await waitUntil(() => takeFileLock(path.join(held.live.dataDir, 'engine.lock')).ok);
    expect(await startOf(held.programs.forbidden)).toBe(0);
    signal(owner, 'SIGCONT');
    let outcome: number | string = 0;
    const end = performance.now() + BACK_MS;
    while (outcome !== 'EPERM' && performance.now() < end) outcome = await startOf(held.programs.forbidden);
    expect(outcome, held.live.output).toBe('EPERM');
  });

  it('what started meanwhile where no mark sees it is stopped when the engine is back', async () => {
    await killEngineForLong();
    // A system tool is known by its content, whatever it is called.
    const child = spawnFromMemory(readFileSync('/bin/sleep'), 'sleep', ['60'], held.live.scope.path);
    const exit = exitOf(child);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(child.signalCode).toBeNull();
    await engineBack();
    const backAt = performance.now();
    expect((await exit).signal).toBe('SIGKILL');
    expect(performance.now() - backAt).toBeLessThan(BACK_MS);
    const entries = await held.live.historyWith((found) => found.some(({ action }) => action === 'stopped'));
    expect(entries[0]).toMatchObject({ action: 'stopped', process: { pid: child.pid } });
    expect(entries[0]?.notes.join()).toContain('while the engine was not running');
  });
});
