import { describe, expect, it } from 'vitest';
import { diagnose, type DoctorInputs } from '../../../../electron/engine/status/doctor.ts';
import { UNSANDBOXED } from '../../../../electron/engine/status/words.ts';
import { CALLS } from '../../../../shared/control/calls.ts';
import type { Status } from '../../../../shared/status/status.ts';

const NOW = Date.parse('2026-11-01T12:00:00.000Z');

const STATUS: Status = {
  version: '0.1.0',
  instance: 'default',
  state: 'protected',
  reasons: [],
  engine: { pid: 10, restarts: 0 },
  sentinel: { pid: 11, restarts: 0, decisions: 5, denied: 1, p50us: 90, p99us: 400 },
  sensors: [{ id: 'process-news', state: 'running', lastEventAt: '2026-11-01T11:59:57.000Z', lost: 0, lagMs: 1, reason: null }],
  coverage: [{ mount: '/', prevent: true, reason: null, cause: 'covered' }],
  rules: { off: 10, audit: 1, warn: 0, block: 8, downgraded: 0 },
  gaps: [],
  pausedUntil: null,
  pause: null,
  scope: [],
};

function diagnosed(status: Partial<Status> = {}, inputs: Partial<DoctorInputs> = {}) {
  const { findings } = CALLS.doctor.output.parse({ findings: diagnose({ status: { ...STATUS, ...status }, privileged: true, fail: 'open', problems: [], nowMs: NOW, ...inputs }) });
  return { findings, of: (id: string) => findings.filter((finding) => finding.id === id), problems: findings.filter(({ level }) => level === 'problem').map(({ id }) => id) };
}

describe('doctor', () => {
  it('finds no problem where there is none', () => {
    const { problems, of } = diagnosed();
    expect(problems).toEqual([]);
    expect(of('sensor-process-news')[0]?.message).toMatch(/3 s ago/);
  });

  it('says what to do about missing rights, and nothing about the sentinel that can not be there', () => {
    const { of, problems } = diagnosed({ sentinel: { ...STATUS.sentinel, pid: null } }, { privileged: false });
    expect(problems).toContain('rights');
    expect(of('rights')[0]?.fix).toMatch(/root/);
    expect([...of('sentinel'), ...of('fail')]).toEqual([]);
  });

  it('calls a missing sentinel a problem', () => {
    expect(diagnosed({ sentinel: { ...STATUS.sentinel, pid: null }, coverage: [] }).problems).toContain('sentinel');
  });

  it.each(['open', 'closed'] as const)('says with fail-%s that a dead sentinel lets starts through', (fail) => {
    const [finding] = diagnosed({}, { fail }).of('fail');
    expect(finding?.message).toContain(`fail-${fail}`);
    expect(finding?.message).toMatch(/While the sentinel is being replaced the kernel lets every start through/);
  });

  it('lists where starts are stopped after, not before, with the reason', () => {
    const { of } = diagnosed({ coverage: [...STATUS.coverage, { mount: '/mnt/f', prevent: false, reason: 'FUSE servers may never answer', cause: 'notPossible' }] });
    expect(of('coverage').map(({ message }) => message).join('\n')).toMatch(/\/mnt\/f.*FUSE servers may never answer/);
  });

  it('calls it a problem when a file system should be covered and is not, also when none is', () => {
    const failed = { mount: '/', prevent: false, reason: 'the kernel refused the mark', cause: 'failed' } as const;
    for (const coverage of [[failed], [...STATUS.coverage, { ...failed, mount: '/data' }]]) {
      const { problems, of } = diagnosed({ coverage });
      expect(problems).toEqual(['coverage']);
      expect(of('sentinel')[0]?.message).not.toMatch(/as soon as/);
    }
  });

  it('tells losses, also of unknown size', () => {
    const [sensor] = STATUS.sensors;
    if (sensor === undefined) throw new Error('the sample has a sensor');
    expect(diagnosed({ sensors: [{ ...sensor, lost: 7 }] }).of('lost-process-news')[0]?.message).toContain('7');
    expect(diagnosed({ sensors: [{ ...sensor, lost: null }] }).of('lost-process-news')[0]?.message).toContain('unknown number');
    expect(diagnosed({ sensors: [{ ...sensor, state: 'degraded', reason: 'the socket is slow' }] }).problems).toEqual(['sensor-process-news']);
  });

  it('does not put a last event into the future when the clock was set back', () => {
    expect(diagnosed({}, { nowMs: NOW - 3_600_000 }).of('sensor-process-news')[0]?.message).toMatch(/last event 0 s ago/);
  });

  it('passes problems of settings, rules and store on', () => {
    const { of, problems } = diagnosed({}, { problems: [{ code: 'settings', message: 'settings.json was set aside.' }] });
    expect(problems).toEqual(['settings']);
    expect(of('settings')[0]?.message).toBe('settings.json was set aside.');
  });

  it('names restarts, gaps and a limited scope', () => {
    const gaps = [1, 2, 3, 4, 5].map((day) => ({ from: `2026-10-0${day}T00:00:00.000Z`, to: null, reason: 'the sentinel was replaced' }));
    const { of, findings } = diagnosed({ engine: { pid: 10, restarts: 2 }, gaps, scope: ['/tmp/x'] });
    expect(of('restarts-engine')[0]?.message).toContain('2 times');
    expect(of('gap').length).toBe(3);
    expect(of('scope')[0]?.message).toContain('/tmp/x');
    expect(findings.every(({ message }) => !message.includes('undefined'))).toBe(true);
  });

  it('offers a preset while no rule acts', () => {
    expect(diagnosed({ rules: { off: 19, audit: 0, warn: 0, block: 0, downgraded: 0 } }).of('rules')[0]?.fix).toMatch(/preset standard/);
  });

  it('notes a window without a sandbox and names the better way; a window with one, or none, is no finding', () => {
    const [finding] = diagnosed({ window: { sandboxed: false, reason: UNSANDBOXED.root.why, better: UNSANDBOXED.root.better } }).of('window-sandbox');
    expect(finding?.level).toBe('note');
    expect(finding?.message).toMatch(/without Chromium's sandbox.*as root/);
    expect(finding?.fix).toMatch(/holdfast --role ui/);
    for (const window of [null, undefined, { sandboxed: true, reason: null, better: null }]) expect(diagnosed({ window }).of('window-sandbox')).toEqual([]);
  });
});
