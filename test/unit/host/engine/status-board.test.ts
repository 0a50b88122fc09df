import { describe, expect, it } from 'vitest';
import { StatusBoard, type Family } from '../../../../electron/host/engine/status-board.ts';
import { defaultSettings } from '../../../../electron/engine/settings/settings-schema.ts';
import { statusSchema } from '../../../../shared/status/status.ts';

const FAMILY: Family = { ownerPid: 1, sentinelPid: null, engineRestarts: 0, sentinelRestarts: 0, sentinelFailure: null, window: null };

function statusWith(window: Family['window']) {
  const board = new StatusBoard({
    version: '0.1.0',
    instance: 'default',
    scope: [],
    privileged: true,
    book: { rules: [], presets: [] },
    settings: () => defaultSettings(),
    times: () => ({ effectiveNowMs: 0, wallNowMs: 0 }),
    bootId: null,
    family: () => ({ ...FAMILY, window }),
    starting: () => false,
    sentinel: () => ({ pid: 7, stats: null, coverage: [] }),
    sensors: () => [],
    gaps: () => [],
    problems: () => [],
  });
  return { status: statusSchema.parse(board.status()), doctor: board.doctor() };
}

describe('the status, of the window of its program', () => {
  it('says what the owner told: none, with a sandbox, or without one and why', () => {
    expect(statusWith(null).status.window).toBeNull();
    expect(statusWith({ unsandboxed: null }).status.window).toEqual({ sandboxed: true, reason: null, better: null });
    expect(statusWith({ unsandboxed: 'root' }).status.window).toMatchObject({ sandboxed: false, better: expect.stringContaining('holdfast --role ui') as string });
  });

  it('is the same in everything else: a window has no part in what is prevented', () => {
    expect(statusWith({ unsandboxed: 'root' }).status).toEqual({ ...statusWith(null).status, window: expect.anything() as unknown });
  });

  it('and doctor speaks of it only when there is something to say', () => {
    const ids = (window: Family['window']) => statusWith(window).doctor.map(({ id }) => id);
    expect(ids({ unsandboxed: 'system' })).toContain('window-sandbox');
    expect([...ids(null), ...ids({ unsandboxed: null })]).not.toContain('window-sandbox');
  });
});
