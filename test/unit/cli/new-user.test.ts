/** What somebody who has just met the command line types, and what it has to answer. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ARGUMENTS_UNKNOWN } from '../../../electron/engine/edr/history-entry.ts';
import type { Allow } from '../../../shared/policy/snapshot.ts';
import { fakeEngine, Refusal, type FakeEngine, type Handlers } from './fake-engine.ts';
import { lines, runCli, type Ran } from './run-cli.ts';
import { allow, entry, rule, status } from './samples.ts';

let engine: FakeEngine | null = null;
afterEach(async () => {
  await engine?.close();
  engine = null;
});

async function cli(handlers: Handlers, argv: readonly string[], changes: Parameters<typeof runCli>[1] = {}): Promise<Ran> {
  await engine?.close();
  engine = await fakeEngine(handlers);
  return runCli([...argv, '--data-dir', engine.dataDir], changes);
}

const callsOf = (name: string): unknown[] => (engine?.calls ?? []).filter(({ call }) => call === name).map(({ input }) => input);
const flat = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

describe('rules exclude', () => {
  const handlers = { rulesExclude: () => ({ generation: 1 }) };

  it('takes no empty path for the present folder', async () => {
    for (const blank of ['', ' ', '\t']) expect(await cli(handlers, ['rules', 'exclude', blank])).toMatchObject({ exit: 2, out: '' });
    expect(callsOf('rulesExclude')).toEqual([]);
    expect((await runCli(['status', '--data-dir', ''])).exit).toBe(2);
  });

  it('says which path was meant, and whether anything lies there', async () => {
    const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'x-')));
    expect((await cli(handlers, ['rules', 'exclude', folder])).out).not.toMatch(/lies there/);
    rmSync(folder, { recursive: true });
    expect(flat((await cli(handlers, ['rules', 'exclude', folder])).out)).toContain('Nothing lies there yet.');
    expect(flat((await cli(handlers, ['rules', 'exclude', 'here'])).out)).toContain(`"here" was taken from the present folder: ${path.resolve('here')}.`);
    expect(flat((await cli(handlers, ['rules', 'exclude', folder, '--remove'])).out)).not.toContain('Nothing lies');
  });
});

describe('what can not be understood', () => {
  it.each([
    [['statsu', '--json'], /unknown command 'statsu' \(Did you mean status\?\)/],
    [['history', '-n', 'abc', '--json'], /abc/],
    [['allow', 'add', 'x', '--json'], /'--for <time\.\.\.>' and '--reason <text>'/],
    [['--json'], /No command/],
    [['--json', 'rules'], /No command/],
  ])('%j is told as one line of JSON', async (argv, words) => {
    const ran = await runCli(argv);
    expect(ran).toMatchObject({ exit: 2, out: '' });
    expect(lines(ran.err)).toEqual([{ error: { code: 'usage', message: expect.stringMatching(words) as string } }]);
  });

  it('keeps the line break of the hint, and escapes what was typed', async () => {
    expect((await runCli(['statsu'])).err).toBe("error: unknown command 'statsu'\n(Did you mean status?)\n");
    expect((await runCli(['sta\x1btsu\n(Did you mean rm?)'])).err).toMatch(/^error: unknown command 'sta\\x1btsu\\n\(Did you mean rm\?\)'\n/);
  });

  it('names all required options at once, also in the help, and takes no blank reason', async () => {
    expect((await runCli(['allow', 'add', 'e1'])).err).toContain("required options '--for <time...>' and '--reason <text>' not specified");
    expect((await runCli(['pause', '5', '--reason', ' '])).exit).toBe(2);
    expect((await runCli(['allow', 'add', '--help'])).out).toMatch(/Usage: holdfast allow add <id> --for <time\.\.\.> --reason <text>[^]*\(required\)/);
  });

  it('ends with 2 for every name that nothing has', async () => {
    const preset = { rulesPreset: () => new Refusal('no-such-preset', 'There is no preset "x".') };
    expect((await cli(preset, ['rules', 'preset', 'x'])).exit).toBe(2);
  });

  it('keeps hidden characters out of JSON without changing its value', async () => {
    const nasty = 'a\u202eb\u009b\u{e0041}';
    const ran = await cli({ history: () => ({ entries: [entry({ reason: nasty })], more: false }) }, ['history', '--json']);
    expect(/^[\x20-\x7e\n]*$/.test(ran.out)).toBe(true);
    expect(lines(ran.out)).toMatchObject([{ reason: nasty }]);
  });
});

describe('allows', () => {
  const added = allow({ id: 'new', parentImage: '/opt/office/soffice.bin' });
  const listed = (changes: Partial<Allow> & { expired?: boolean }): object => ({ ...added, id: 'old', expired: false, ruleName: 'A rule', uses: 0, lastUsedAt: null, fromHistoryId: null, ...changes });
  const handlers = (...others: object[]): Handlers => ({
    rulesList: () => ({ rules: [rule()], presets: [] }),
    allowAdd: () => ({ allow: added, generation: 1 }),
    allowRevoke: () => ({ generation: 2 }),
    allowList: () => ({ allows: [listed({ id: 'new' }), ...others] }),
  });
  const add = (...others: object[]): Promise<Ran> => cli(handlers(...others), ['allow', 'add', 'e1', '--for', '24h', '--reason', 'r']);

  it('promise no more than they give', async () => {
    expect(flat((await add()).out)).toContain('the same arguments (sh -c id), started by the same parent (/opt/office/soffice.bin)');
    expect((await cli(handlers(), ['allow', 'list'])).out).toMatch(/started by \/opt\/office\/soffice\.bin\n +past "Block Office/);
  });

  it('are not piled up: of the same ones the longest stays', async () => {
    expect((await add(listed({ ends: 'never', expiresAtMs: null }))).out).toContain('allowed already for ever, by old; nothing was added');
    expect(callsOf('allowRevoke')).toEqual([{ id: 'new' }]);
    expect((await add(listed({ expiresAtMs: Date.UTC(2026, 4, 20) }))).out).toContain('takes the place of old');
    expect(callsOf('allowRevoke')).toEqual([{ id: 'old' }]);
    await add(listed({ expired: true }), listed({ content: 'file:other' }), listed({ commandLine: 'sh -c ls' }));
    expect(callsOf('allowRevoke')).toEqual([]);
  });

  it('when revoked, name another that lets the same through', async () => {
    expect((await cli(handlers(listed({ parentImage: null })), ['allow', 'revoke', 'new'])).out).toMatch(/still let through until 2026-05-2.*by old/);
    expect((await cli(handlers(listed({ parentImage: '/bin/other' })), ['allow', 'revoke', 'new'])).out).not.toContain('still');
  });

  it('show full times, not the last millisecond before', async () => {
    const end = new Date(2026, 10, 24, 10).getTime() - 3;
    expect((await cli(handlers(listed({ expiresAtMs: end })), ['allow', 'list'])).out).toContain('until 2026-11-24 10:00:00');
  });

  it('take "until …" also as one word, and name the forms they take', async () => {
    expect((await cli(handlers(), ['allow', 'add', 'e1', '--for', 'until 18:00', '--reason', 'r'])).exit).toBe(0);
    for (const typed of ['2h', '3d', '0m']) {
      const ran = await cli(handlers(), ['allow', 'add', 'e1', '--for', typed, '--reason', 'r']);
      expect(ran.exit).toBe(2);
      expect(flat(ran.err)).toMatch(new RegExp(`"${typed}".*once, 15m, 24h, boot, permanent, or until <time>`));
    }
    expect((await cli(handlers(), ['allow', 'add', 'e1', '--for', 'until', '0m', '--reason', 'r'])).err).toContain('no time at all');
  });
});

describe('honest words', () => {
  it('do not call in force what can not act', async () => {
    const weak = rule({ effective: 'unavailable', downgradedBecause: 'it only exists on Windows.' });
    const { out } = await cli({ rulesList: () => ({ rules: [rule()], presets: [] }), rulesSet: () => ({ generation: 1, rule: weak }) }, ['rules', 'set', 'office', 'block']);
    expect(flat(out)).toBe(`${weak.name}: set to block, but it can not act here: it only exists on Windows.`);
  });

  it('do not end a pause that never was', async () => {
    const handlers = (since: string | null): Handlers => ({ status: () => status({ pause: since === null ? null : { who: 'root', reason: 'x', since, untilRestart: false } }), resume: () => ({ generation: 1 }) });
    expect((await cli(handlers(null), ['resume'])).out).toBe('There was no pause.\n');
    expect((await cli(handlers('2026-05-20T10:00:00.000Z'), ['resume'])).out).toBe('Rules act again.\n');
  });

  it('say in words what is wrong with a rule file', async () => {
    expect((await runCli(['rules', 'check', '/nope'])).err).toBe('/nope can not be read: nothing lies there.\n');
    const folder = mkdtempSync(path.join(os.tmpdir(), 'x-'));
    writeFileSync(path.join(folder, 'name'), 'somewhere\n');
    const { out } = await runCli(['rules', 'check', path.join(folder, 'name')]);
    rmSync(folder, { recursive: true });
    expect(flat(out)).toMatch(/name:1:1: a rule is a map with title, id, logsource and detection/);
  });
});

describe('history', () => {
  const shown = async (changes: Parameters<typeof entry>[0], argv: readonly string[], columns: number | null = null): Promise<string> =>
    (await cli({ history: () => ({ entries: [entry(changes)], more: false }) }, ['history', ...argv], { columns })).out;

  it('never cuts its own words from the left', async () => {
    const process = { ...entry().process, image: `/opt/${'long/'.repeat(20)}program`, commandLine: ARGUMENTS_UNKNOWN };
    expect(await shown({ process }, [], 80)).toContain(`  ${ARGUMENTS_UNKNOWN}\n`);
    expect(await shown({ process }, [], 40)).not.toMatch(/…[a-z ]*be read\)/);
  });

  it('shows a process once, whatever it ran before', async () => {
    const parent = { ...entry().process, pid: 9, image: '/usr/bin/bash', commandLine: 'bash' };
    const fork = { ...parent, pid: 4711 };
    const tree = async (ancestors: object[]): Promise<string> => (await shown({ ancestors: ancestors as never }, ['--id', 'e1'])).split('Started by')[1] ?? '';
    expect((await tree([fork, parent])).match(/4711/g)).toHaveLength(1);
    expect(await tree([fork, parent])).not.toContain('before:');
    expect(await tree([{ ...fork, image: '/usr/bin/env' }, parent])).toMatch(/4711 .*this program\n +before: \/usr\/bin\/env/);
  });
});
