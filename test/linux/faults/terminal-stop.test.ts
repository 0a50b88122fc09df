/** Ctrl-Z at the terminal where Holdfast was started must not stop what others wait for. */
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { knownProcess, signal, stateOf } from '../../support/linux/known-process.ts';
import { startOf, startProtected, type Protected } from '../../support/linux/protected-holdfast.ts';
import { waitUntil } from '../../support/linux/wait-until.ts';
import { describeNeeds } from '../../support/requirement.ts';

/** Makes the owner a job of the test's own session: the kernel spares groups that nobody could continue. */
const OWN_GROUP = path.join(import.meta.dirname, '../../support/linux/own-group.mjs');
const LONGER_THAN_SILENCE_MS = 1_500;

describeNeeds(['linux', 'root', 'exec-gate', 'process-news', 'mounts'], 'Ctrl-Z', () => {
  let held: Protected;
  afterEach(async () => {
    held.live.owner.kill('SIGCONT');
    await held.live.remove();
  });

  it.each(['SIGTSTP', 'SIGTTIN', 'SIGTTOU'] as const)('%s to the whole group stops neither sentinel nor engine', async (terminalStop) => {
    held = await startProtected({ imports: [OWN_GROUP], detached: false });
    const { live, programs } = held;
    const before = await live.status();
    const owner = knownProcess(live.owner.pid ?? -1);
    process.kill(-owner.pid, terminalStop);
    // The owner may stop: nobody waits for it. That it does shows that the signal came.
    await waitUntil(() => stateOf(owner) === 'T');
    await new Promise((resolve) => setTimeout(resolve, LONGER_THAN_SILENCE_MS));
    for (const pid of [before.sentinel.pid, before.engine.pid]) expect(stateOf(knownProcess(pid ?? -1))).not.toBe('T');
    expect(await startOf(programs.forbidden)).toBe('EPERM');
    expect(await startOf(programs.allowed)).toBe(0);
    signal(owner, 'SIGCONT');
    await new Promise((resolve) => setTimeout(resolve, LONGER_THAN_SILENCE_MS));
    const after = await live.status();
    expect([after.sentinel, after.engine]).toMatchObject([{ pid: before.sentinel.pid, restarts: 0 }, { pid: before.engine.pid, restarts: 0 }]);
  });
});
