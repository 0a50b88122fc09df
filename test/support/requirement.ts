/**
 * The one way in which a test may stay out: it names what it needs of the machine, and a probe says that this is missing.
 * The runner asks the probe again afterwards; a skip whose need is there counts as a failure.
 */
import { describe, it, type TestContext } from 'vitest';
import type { ProbeName } from './probe-names.d.ts';
import { probes } from './probes.mjs';

declare module 'vitest' {
  interface TaskMeta {
    /** Why this test did not run. */
    missing?: { need: ProbeName; reason: string };
  }
}

const DEFAULT_TIMEOUT_MS = 30_000;

export function itNeeds(needs: readonly ProbeName[], name: string, test: (context: TestContext) => void | Promise<void>, timeoutMs = DEFAULT_TIMEOUT_MS): void {
  it(name, { timeout: timeoutMs }, async (context) => {
    stayOutWithout(needs, context);
    await test(context);
  });
}

/** For a whole group with shared set-up. When something is missing, one skipped test stands for the group. */
export function describeNeeds(needs: readonly ProbeName[], name: string, group: () => void): void {
  if (needs.every((need) => probes[need]() === null)) {
    describe(name, group);
    return;
  }
  it(name, (context) => {
    stayOutWithout(needs, context);
  });
}

function stayOutWithout(needs: readonly ProbeName[], context: TestContext): void {
  for (const need of needs) {
    const reason = probes[need]();
    if (reason === null) continue;
    context.task.meta.missing = { need, reason };
    context.skip(reason);
  }
}
