import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { historyEntrySchema } from '../../../shared/history/entry.ts';
import { statusSchema } from '../../../shared/status/status.ts';
import { fakeEngine, Refusal, type Handlers } from './fake-engine.ts';
import { lines, NOW, runCli, type Ran } from './run-cli.ts';
import { allow, entry, OFFICE_RULE, rule, status } from './samples.ts';

let close: (() => Promise<void>) | null = null;
let calls: { readonly call: string; readonly input: unknown }[] = [];
afterEach(async () => {
  await close?.();
  close = null;
});

const mailRule = rule({ id: '26190899-1602-49e8-8b27-eb1d0a1ce869', slug: 'mail-child-processes', name: 'Block mail programs from creating child processes', mode: 'off', effective: 'off' });
const list = { rulesList: () => ({ rules: [rule(), mailRule], presets: ['standard', 'strict'] }) };

async function cli(handlers: Handlers, argv: readonly string[], changes: Parameters<typeof runCli>[1] = {}): Promise<Ran> {
  await close?.();
  const engine = await fakeEngine(handlers);
  close = () => engine.close();
  calls = engine.calls;
  return runCli([...argv, '--data-dir', engine.dataDir], changes);
}

const USES = { ruleName: 'A rule', uses: 0, lastUsedAt: null, fromHistoryId: null };

describe('status', () => {
  it('is exactly the promised shape with --json', async () => {
    const ran = await cli({ status: () => status() }, ['status', '--json']);
    expect(ran).toMatchObject({ exit: 0, err: '' });
    expect(statusSchema.parse(lines(ran.out)[0])).toEqual(status());
  });

  it('tells a person the state, why, and where', async () => {
    const { out } = await cli({ status: () => status({ scope: ['/srv/x'] }) }, ['status']);
    for (const part of ['partly protected', '/mnt/stick are judged right after', '12,345 starts judged, 6 refused', '80 µs', 'restarted once', '/srv/x', 'process-news', 'the sentinel was restarted']) expect(out).toContain(part);
    expect(out).not.toContain('\x1b');
  });

  it('says what to type next, for this very engine', async () => {
    const ran = await cli({ status: () => status({ state: 'watchingOnly' }) }, ['status'], { env: { npm_command: 'exec' } });
    expect(ran.out).toMatch(/npx holdfast rules preset standard --data-dir \/\S+/);
  });

  it('says how the window runs, where there is one', async () => {
    const window = { sandboxed: false, reason: 'Chromium has no sandbox for root.', better: 'Run the window as yourself.' };
    expect((await cli({ status: () => status({ window }) }, ['status'])).out).toMatch(/Window +runs without Chromium’s sandbox\. Chromium has no sandbox for root\. Run the window as\s+yourself\./);
    expect((await cli({ status: () => status({ window: { sandboxed: true, reason: null, better: null } }) }, ['status'])).out).toMatch(/Window +runs in Chromium’s sandbox/);
    for (const none of [undefined, null]) expect((await cli({ status: () => status({ window: none }) }, ['status'])).out).not.toMatch(/Window/);
  });

  it('names the end of a pause in local time', async () => {
    const { out } = await cli({ status: () => status({ state: 'paused', pausedUntil: '2026-05-20T10:00:00.000Z' }) }, ['status']);
    expect(out).toMatch(/paused until 2026-05-\d\d \d\d:00:00/);
  });

  it('colours for a terminal', async () => {
    const { out } = await cli({ status: () => status({ state: 'failed' }) }, ['status'], { isTty: true, columns: 80, env: { TERM: 'xterm' } });
    expect(out).toContain('\x1b[31mHoldfast: failed');
  });
});

describe('doctor', () => {
  const findings = [
    { id: 'kernel', level: 'ok', message: 'The kernel can ask before a program starts.', fix: null },
    { id: 'rights', level: 'problem', message: 'The engine runs without rights.', fix: 'Start it as root.' },
  ];

  it('ends with 1 when there is a problem, and says what to do', async () => {
    const ran = await cli({ doctor: () => ({ findings }) }, ['doctor']);
    expect(ran.exit).toBe(1);
    expect(ran.out).toMatch(/PROBLEM.*without rights/);
    expect(ran.out).toContain('What to do: Start it as root.');
    expect((await cli({ doctor: () => ({ findings: findings.slice(0, 1) }) }, ['doctor'])).exit).toBe(0);
  });

  it('finds the missing engine itself', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'none-'));
    const ran = await runCli(['doctor', '--json', '--data-dir', folder]);
    rmSync(folder, { recursive: true });
    expect(ran.exit).toBe(3);
    expect(lines(ran.out)).toMatchObject([{ findings: [{ id: 'engine-not-running', level: 'problem' }, { id: 'engine-address' }] }]);
  });
});

describe('history', () => {
  it('is one promised line for each entry with --json, and keeps every byte', async () => {
    const raw = entry({ process: { ...entry().process, commandLine: 'x \udcff\n\x1b[31m' } });
    const ran = await cli({ history: () => ({ entries: [raw, entry({ id: 'e2' })], more: false }) }, ['history', '--json']);
    expect(ran.out).toContain('\\udcff');
    expect(/^[\x20-\x7e\n]*$/.test(ran.out)).toBe(true);
    expect(lines(ran.out).map((line) => historyEntrySchema.parse(line))).toEqual([raw, entry({ id: 'e2' })]);
  });

  it('shows what an attacker chose without letting it act', async () => {
    const nasty = 'sh\n2026-05-20 prevented nothing \x1b[2J\u202egnp.exe \udc9b';
    const process = { ...entry().process, image: `/tmp/\x1b]0;x\x07`, commandLine: nasty, user: '\x1b[7mroot' };
    const bad = entry({ id: 'e\x1b[1m', reason: 'a\x07b', process, ancestors: [{ ...process, pid: 9 }], notes: ['\x1b[5m'], matched: [{ field: 'F\x1b', value: nasty, pattern: '\u009b' }], rule: { ...entry().rule, name: 'R\x1b[0m' } });
    for (const argv of [['history'], ['history', '--group'], ['history', '--id', bad.id]]) {
      const { out } = await cli({ history: () => ({ entries: [bad], more: false }) }, argv);
      expect(out).toMatch(/\\x1b/);
      expect(out).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]/);
    }
    const { out } = await cli({ history: () => ({ entries: [bad], more: false }) }, ['history']);
    expect(out.split('\n').some((line) => line.startsWith('2026-05-20 prevented'))).toBe(false);
  });

  it('hands the filters on, with the rule by part of its name', async () => {
    await cli({ ...list, history: () => ({ entries: [], more: false }) }, ['history', '--rule', 'office', '--since', '1h', '--action', 'audited', '--before', 'e9', '--limit', '7']);
    expect(calls.at(-1)).toEqual({ call: 'history', input: { before: 'e9', action: 'audited', rule: OFFICE_RULE, sinceMs: NOW - 3_600_000, limit: 7, grouped: false } });
  });

  it('fetches more than fits one answer page by page', async () => {
    const all = Array.from({ length: 450 }, (_, index) => entry({ id: `e${index}` }));
    const page = ({ limit, before }: { limit: number; before?: string }): unknown => {
      const from = before === undefined ? 0 : all.findIndex(({ id }) => id === before) + 1;
      return { entries: all.slice(from, from + limit), more: from + limit < all.length };
    };
    const ran = await cli({ history: page }, ['history', '--json', '--limit', '420']);
    expect(lines(ran.out).map((line) => (line as { id: string }).id)).toEqual(all.slice(0, 420).map(({ id }) => id));
    const short = await cli({ history: page }, ['history', '--limit', '2']);
    expect(short.out).toMatch(/Older entries: holdfast history --before e1 /);
  });

  it('does not go round in circles when an engine always promises more', async () => {
    const ran = await cli({ history: () => ({ entries: [], more: true }) }, ['history', '--json']);
    expect(ran.exit).toBe(3);
  });

  it('lets the engine count what is the same', async () => {
    const { out } = await cli({ history: () => ({ entries: [entry({ count: 1_234 })], more: false }) }, ['history', '--group']);
    expect(calls.at(-1)).toMatchObject({ input: { grouped: true } });
    expect(out).toContain('prevented, 1,234 times');
  });

  it('shows one entry whole, with its line of descent', async () => {
    const { out, exit } = await cli({ history: () => ({ entries: [entry()], more: false }) }, ['history', '--id', 'e1']);
    expect(exit).toBe(0);
    expect(out).toMatch(/1 {2}\/usr\/lib\/systemd\/systemd[^]*└ 4700 {2}\/opt\/office\/soffice\.bin[^]*└ 4711 {2}\/usr\/bin\/dash {2}← this program/);
    for (const part of ['never ran', 'T1566.001', 'ends with /soffice.bin', 'Started from a document.', 'allow add e1 --for 24h']) expect(out).toContain(part);
    expect((await cli({ history: () => ({ entries: [], more: false }) }, ['history', '--id', 'e7'])).exit).toBe(1);
  });

  it('tells of a pause who, why and until when; and of a stopped program what ended with it', async () => {
    const pause = { event: 'begun', who: 'ann', reason: 'a printer', until: '2026-05-20T10:15:00.000Z', untilRestart: false } as const;
    const line = entry({ action: 'observed', pause, rule: { ...entry().rule, name: 'Protection paused', source: 'holdfast', mode: null } });
    const listed = await cli({ history: () => ({ entries: [line], more: false }) }, ['history']);
    expect(listed.out).toMatch(/paused {2}Protection paused\n +by ann, until 2026-05-20 [\d:]+: a printer/);
    const whole = await cli({ history: () => ({ entries: [line], more: false }) }, ['history', '--id', 'e1']);
    expect(whole.out).toMatch(/paused \(rules only record until it ends\)/);
    expect(whole.out).not.toContain('allow add');
    const stopped = entry({ below: [{ ...entry().process, pid: 4712, image: '/usr/bin/curl', commandLine: 'curl x', parentPid: 4711, outcome: 'stopped' }] });
    expect((await cli({ history: () => ({ entries: [stopped], more: false }) }, ['history', '--id', 'e1'])).out).toMatch(/4712 {2}\/usr\/bin\/curl {2}curl x, stopped with it/);
    const nasty = entry({ pause: { ...pause, who: '\x1b[7mroot', reason: 'x\ny' } });
    for (const argv of [['history'], ['history', '--id', 'e1']]) expect((await cli({ history: () => ({ entries: [nasty], more: false }) }, argv)).out).not.toMatch(/\x1b|x\ny/);
  });

  it('cuts a megabyte of arguments short for people', async () => {
    const huge = entry({ process: { ...entry().process, commandLine: 'x'.repeat(1 << 20) } });
    const { out } = await cli({ history: () => ({ entries: [huge], more: false }) }, ['history', '--id', 'e1']);
    expect(out.length).toBeLessThan(10_000);
    expect(out.replaceAll(/\s+/g, ' ')).toContain('more characters; --json has all');
  });
});

describe('rules', () => {
  it('are listed with what they really do here', async () => {
    const weak = rule({ ...mailRule, mode: 'block', effective: 'unavailable', downgradedBecause: 'nothing here delivers mail' });
    const { out } = await cli({ rulesList: () => ({ rules: [rule(), weak], presets: ['standard'] }) }, ['rules', 'list']);
    expect(out).toMatch(/block +block +1,234 +0 +2 {2}Block Office/);
    expect(out).toMatch(/block +can not act/);
    expect(out).toContain('here: nothing here delivers mail');
    expect(out).toContain('holdfast rules preset standard');
  });

  it('are set by part of their name and by Defender\'s number', async () => {
    const ran = await cli({ ...list, rulesSet: () => ({ generation: 2, rule: rule({ mode: 'warn', effective: 'audit', downgradedBecause: 'reasons' }) }) }, ['rules', 'set', 'office', '6']);
    expect(calls.at(-1)).toEqual({ call: 'rulesSet', input: { rule: OFFICE_RULE, mode: 'warn' } });
    expect(ran.out.replaceAll('\n', ' ')).toContain('set to warn, but here it acts as audit, because reasons.');
  });

  it('end with 2 when rule or mode can not be understood, with 1 when the engine refuses', async () => {
    expect((await cli(list, ['rules', 'set', 'creating child', 'block'])).exit).toBe(2);
    expect((await cli(list, ['rules', 'set', 'office', '3'])).exit).toBe(2);
    const refused = await cli({ ...list, rulesSet: () => new Refusal('permission-denied', 'Only root may change rules.') }, ['rules', 'set', 'office', 'off', '--json']);
    expect(refused).toMatchObject({ exit: 1, out: '' });
    expect(lines(refused.err)).toEqual([{ error: { code: 'permission-denied', message: 'Only root may change rules.' } }]);
  });

  it('follow a preset, with what changed by name', async () => {
    const ran = await cli({ ...list, rulesPreset: () => ({ generation: 3, changed: [{ id: mailRule.id, from: 'off', to: 'block' }] }) }, ['rules', 'preset', 'strict']);
    expect(ran.out).toMatch(/1 rule changed[^]*off +block +Block mail programs/);
  });

  it('let paths pass: relative ones from here, folders with what lies in them', async () => {
    const handlers = { ...list, rulesExclude: () => ({ generation: 4 }) };
    await cli(handlers, ['rules', 'exclude', '/usr', '--rule', 'office']);
    expect(calls.at(-1)).toEqual({ call: 'rulesExclude', input: { rule: OFFICE_RULE, path: '/usr/', remove: false } });
    await cli(handlers, ['rules', 'exclude', 'no-such-file', '--remove']);
    expect(calls.at(-1)).toEqual({ call: 'rulesExclude', input: { rule: null, path: path.resolve('no-such-file'), remove: true } });
    await cli(handlers, ['rules', 'exclude', '/opt/*/bin']);
    expect(calls.at(-1)).toMatchObject({ input: { path: '/opt/*/bin' } });
    expect((await cli(handlers, ['rules', 'exclude', '--remove'])).exit).toBe(2);
  });

  it('list what is excluded', async () => {
    const { out } = await cli({ ...list, exclusionsList: () => ({ global: ['/opt/'], perRule: { [OFFICE_RULE]: ['/srv/a\x1b'] } }) }, ['rules', 'exclude']);
    expect(out).toBe('From all rules\n  /opt/\nBlock Office applications from creating child processes\n  /srv/a\\x1b\n');
  });
});

describe('allow', () => {
  const handlers = { ...list, allowAdd: () => ({ allow: allow(), generation: 5 }) };

  it.each([
    [['once'], { for: 'once' }],
    [['15m'], { for: '15m' }],
    [['boot'], { for: 'boot' }],
    [['until', '18:00'], { for: 'until', untilMs: NOW + 6 * 3_600_000 }],
    [['until', '2026-05-21', '12:00'], { for: 'until', untilMs: NOW + 24 * 3_600_000 }],
  ])('for %j', async (typed, sent) => {
    const ran = await cli(handlers, ['allow', 'add', 'e1', '--for', ...typed, '--reason', 'report']);
    expect(ran.exit).toBe(0);
    expect(calls[0]).toEqual({ call: 'allowAdd', input: { historyId: 'e1', ...sent, reason: 'report', confirmPermanent: false } });
    expect(ran.out).toMatch(/may pass "Block Office .*" until 2026-05-2/);
    expect(ran.out).toMatch(/same arguments \(sh -c id\)/);
  });

  it('asks for a second step before one that never ends', async () => {
    const first = await cli(handlers, ['allow', 'add', 'e1', '--for', 'permanent', '--reason', 'r']);
    expect(first.exit).toBe(2);
    expect(calls).toEqual([]);
    await cli(handlers, ['allow', 'add', 'e1', '--for', 'permanent', '--reason', 'r', '--confirm-permanent']);
    expect(calls[0]).toMatchObject({ input: { for: 'permanent', confirmPermanent: true } });
  });

  it('asks for a second step before one that names less, and says what it would have let through', async () => {
    const wider = { ...handlers, allowPreview: () => ({ entries: [], count: 41, countIsLeast: false }), allowAdd: () => ({ allow: allow({ commandLine: null }), generation: 5 }) };
    for (const [flag, parts] of [['--any-arguments', { arguments: false, parent: true }], ['--any-parent', { arguments: true, parent: false }]] as const) {
      const first = await cli(wider, ['allow', 'add', 'e1', '--for', '15m', '--reason', 'r', flag]);
      expect(first).toMatchObject({ exit: 2, err: expect.stringMatching(/41 starts\.[^]*--confirm-wider/) as string });
      expect(calls).toEqual([{ call: 'allowPreview', input: { historyId: 'e1', parts } }]);
      const second = await cli(wider, ['allow', 'add', 'e1', '--for', '15m', '--reason', 'r', flag, '--confirm-wider']);
      expect(calls[0]).toMatchObject({ call: 'allowAdd', input: { parts, confirmPermanent: false } });
      expect(second.out).toMatch(/with any arguments, started by anything/);
    }
    expect((await cli(wider, ['allow', 'add', 'e1', '--for', 'permanent', '--reason', 'r', '--any-parent', '--confirm-wider'])).exit).toBe(2);
    expect(calls).toEqual([]);
  });

  it('does not guess a time', async () => {
    for (const typed of [['forever'], ['16m'], ['until'], ['until', 'soon'], ['once', 'e2']]) expect((await cli(handlers, ['allow', 'add', 'e1', '--for', ...typed, '--reason', 'r'])).exit).toBe(2);
    expect((await cli(handlers, ['allow', 'add', 'e1', '--for', 'once'])).exit).toBe(2);
  });

  it('lists and ends them', async () => {
    const listed = await cli({ allowList: () => ({ allows: [{ ...allow(), ...USES, expired: false }, { ...allow({ id: 'a2', ends: 'boot', expiresAtMs: null }), ...USES, expired: true }] }) }, ['allow', 'list']);
    expect(listed.out).toMatch(/a1 +until 2026-05-2\d .*root +\/usr\/bin\/dash {2}sh -c id\n +started by anything\n +past ".*"\n +why: the yearly report[^]*a2 +ended/);
    const revoked = await cli({ allowRevoke: () => ({ generation: 6 }) }, ['allow', 'revoke', 'a1']);
    expect(revoked.out).toContain('a1 is no longer allowed');
  });
});

describe('settings', () => {
  const settings = { fail: 'open', deadlineMs: 100 };
  const handlers = { engineSettings: () => ({ settings, lockedByPolicy: ['fail'] }), engineSettingsSet: () => ({ generation: 4, settings }) };

  it('are listed with what they mean, and as the engine tells them with --json', async () => {
    for (const argv of [['settings'], ['settings', 'list']]) expect((await cli(handlers, argv)).out).toMatch(/fail +open +a start that can not be judged in time runs[^]*set\s+by the policy[^]*deadlineMs +100/);
    expect(lines((await cli(handlers, ['settings', '--json'])).out)).toEqual([{ settings, lockedByPolicy: ['fail'] }]);
  });

  it('are set by name, and nothing is guessed', async () => {
    expect((await cli(handlers, ['settings', 'set', 'fail', 'closed'])).out).toBe('fail is closed, in force.\n');
    expect(calls).toEqual([{ call: 'engineSettingsSet', input: { fail: 'closed' } }]);
    await cli(handlers, ['settings', 'set', 'deadlineMs', '60']);
    expect(calls).toEqual([{ call: 'engineSettingsSet', input: { deadlineMs: 60 } }]);
    for (const [name, value] of [['fail', 'maybe'], ['deadlineMs', '1e2'], ['toString', 'x'], ['deadlineMs', '-5']] as const) {
      expect((await cli(handlers, ['settings', 'set', '--', name, value])).exit).toBe(2);
      expect(calls).toEqual([]);
    }
  });
});

describe('support', () => {
  const handlers = { supportBundle: () => ({ files: [{ name: 'about.json', text: '{"system":"linux"}\n' }, { name: 'status.json', text: '{}' }] }) };
  const bundle = { 'about.json': { system: 'linux' }, 'status.json': {} };

  it('is one document: printed with --json, else saved for its owner alone', async () => {
    expect(lines((await cli(handlers, ['support', '--json'])).out)).toEqual([bundle]);
    const folder = mkdtempSync(path.join(os.tmpdir(), 'support-'));
    const file = path.join(folder, 'b.json');
    expect((await cli(handlers, ['support', '--out', file])).out).toContain(`Saved as ${file}.`);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(bundle);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    rmSync(folder, { recursive: true });
  });

  it('writes over nothing, and follows no link that somebody laid out', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'support-'));
    const [target, link] = [path.join(folder, 'precious'), path.join(folder, 'b.json')];
    writeFileSync(target, 'mine');
    symlinkSync(target, link);
    for (const out of [target, link]) expect(await cli(handlers, ['support', '--out', out])).toMatchObject({ exit: 1, err: expect.stringContaining('is there already') as string });
    symlinkSync(path.join(folder, 'nowhere'), path.join(folder, 'loose'));
    expect((await cli(handlers, ['support', '--out', path.join(folder, 'loose')])).exit).toBe(1);
    expect(existsSync(path.join(folder, 'nowhere'))).toBe(false);
    expect(readFileSync(target, 'utf8')).toBe('mine');
    rmSync(folder, { recursive: true });
  });
});

describe('pause, resume, stop', () => {
  it('say what is in force afterwards', async () => {
    const paused = await cli({ pause: () => ({ until: '2026-05-20T10:15:00.000Z' }) }, ['pause', '15', '--reason', 'update']);
    expect(calls[0]).toEqual({ call: 'pause', input: { minutes: 15, reason: 'update' } });
    expect(paused.out).toMatch(/Paused until 2026-05-\d\d .*rules only record/);
    expect((await cli({ resume: () => ({ generation: 7 }) }, ['resume'])).out).toBe('Rules act again.\n');
    expect((await cli({ stop: () => ({ stopping: true }) }, ['stop'])).out).toContain('Nothing is protected');
  });

  it('refuse what is no time', async () => {
    for (const minutes of ['0', '1441', 'x', '1.5']) expect((await cli({}, ['pause', minutes, '--reason', 'r'])).exit).toBe(2);
    expect((await cli({}, ['pause', '5'])).exit).toBe(2);
  });
});

describe('the command line', () => {
  it('ends with 3 when no engine answers, and says how to start one', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'none-'));
    for (const argv of [['status'], ['history'], ['rules', 'list'], ['allow', 'list'], ['pause', '5', '--reason', 'r'], ['resume'], ['stop'], ['rehearse']]) {
      const ran = await runCli([...argv, '--data-dir', folder]);
      expect(ran).toMatchObject({ exit: 3, out: '' });
      expect(ran.err.replaceAll(/\s+/g, ' ')).toContain('systemctl start holdfast');
    }
    rmSync(folder, { recursive: true });
  });

  it('ends with 2 for what it does not know, and shows help', async () => {
    for (const argv of [['dance'], ['status', '--loud'], ['rules'], ['rules', 'set', 'one'], ['history', '--limit', 'x'], ['history', '--action', 'hugged'], []]) expect((await runCli(argv)).exit).toBe(2);
    expect((await runCli(['dan\x1b[2Jce'])).err).not.toContain('\x1b');
    const help = await runCli(['rules', 'set', '--help']);
    expect(help.exit).toBe(0);
    expect(help.out).toContain('--data-dir');
    expect(await runCli(['--version'])).toMatchObject({ exit: 0, out: '1.2.3\n' });
  });
});
