import { afterEach, describe, expect, it, vi } from 'vitest';
import { listSeenProcesses } from '../../../../electron/platform/portable/process-list.ts';
import { itNeeds } from '../../../support/requirement.ts';

describe('listSeenProcesses', () => {
  afterEach(() => vi.unstubAllEnvs());

  itNeeds(['linux'], 'lists this process and its parent, or says what is missing', async () => {
    const listed = await listSeenProcesses();
    if (!listed.ok) {
      expect(listed.error.message).toContain('ps is not installed');
      return;
    }
    // What it lists is right; that it lists everything is not promised (see the file's comment).
    expect(listed.value.length).toBeGreaterThan(0);
    for (const seen of listed.value.filter((each) => each.pid === process.pid)) expect(seen.parentPid).toBe(process.ppid);
    expect(listed.value.every((seen) => seen.program !== null && seen.pid > 0)).toBe(true);
  });

  it('says what is missing instead of ending the process', async () => {
    vi.stubEnv('PATH', '/nowhere');
    const listed = await listSeenProcesses();
    expect(listed.ok ? '' : listed.error.message).toContain('not installed');
  });
});
