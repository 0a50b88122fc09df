import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replayLineSchema, type ReplayLine } from '../../../shared/replay/lines.ts';
import { lines, runCli, type Ran } from './run-cli.ts';

const FIXTURES = path.resolve(import.meta.dirname, '../../fixtures/replay');
const EVENTS = path.join(FIXTURES, 'collector.jsonl');
const RULES = path.join(FIXTURES, 'rules.yml');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-replay-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Rules of this test only, and no engine's data. */
function replay(args: readonly string[], changes: Parameters<typeof runCli>[1] = {}): Promise<Ran> {
  return runCli(['replay', '--data-dir', path.join(folder, 'no-data'), '--rules', RULES, '--no-asr', ...args], changes);
}

function parsed(ran: Ran): ReplayLine[] {
  return lines(ran.out).map((line) => replayLineSchema.parse(line));
}

describe('holdfast replay --json', () => {
  it('prints findings and verdicts as they come and one summary at the end, each in the promised shape', async () => {
    const ran = await replay(['--json', EVENTS]);
    expect(ran).toMatchObject({ exit: 0, err: '' });
    const all = parsed(ran);
    expect(all.map(({ type }) => type)).toEqual(['finding', 'finding', 'verdict', 'finding', 'finding', 'finding', 'verdict', 'finding', 'summary']);
    expect(all[0]).toEqual({
      type: 'finding', input: EVENTS, group: 'monday', eventIndex: 1, time: '2026-03-04T08:00:02.250Z',
      rule: { id: '0a1b2c3d-0000-4000-8000-000000000001', title: 'Account lists itself', level: 'medium', author: 'The Holdfast authors', source: 'sigma' },
      process: { guid: '{11111111-0000-0000-0000-000000000011}', pid: 101, image: 'C:\\Windows\\System32\\whoami.exe', commandLine: 'whoami /all' },
    });
    expect(all[1]).toMatchObject({ eventIndex: 2, process: { pid: 100, commandLine: 'cmd.exe /c collect.bat' } });
    expect(all[2]).toMatchObject({ type: 'verdict', decision: 'observe', processes: ['{11111111-0000-0000-0000-000000000010}', '{11111111-0000-0000-0000-000000000011}'] });
    // State is fresh for each group, the index goes on.
    expect(all[6]).toMatchObject({ type: 'verdict', group: 'tuesday', decision: 'observe' });
    expect(all[7]).toMatchObject({ eventIndex: 7, time: '2026-03-04T08:00:04Z', process: { guid: null, pid: null, image: null, commandLine: null } });
    expect(all[8]).toMatchObject({ type: 'summary', events: 8, findings: 6, contained: 0, errors: 0 });
  });

  it('contains by a rule\'s own response only as far as --trust lets it', async () => {
    const asking = path.join(folder, 'asking.yml');
    writeFileSync(asking, `${readFileSync(RULES, 'utf8').split('---')[0] ?? ''}response: contain\n`);
    const run = async (trust: string): Promise<unknown[]> => parsed(await runCli(['replay', '--json', '--data-dir', folder, '--no-asr', '--trust', trust, '--rules', asking, EVENTS])).filter(({ type }) => type === 'verdict');
    expect(await run('observe')).toEqual([]);
    expect(await run('contain')).toMatchObject([{ decision: 'contain', group: 'monday' }, { decision: 'contain', group: 'tuesday' }]);
  });

  it('tells what can not be read by file and offset, goes on, and ends with 2 when an input was unreadable as a whole', async () => {
    const broken = path.join(folder, 'broken.jsonl');
    const [first = '', second = ''] = readFileSync(EVENTS, 'utf8').split('\n');
    writeFileSync(broken, `${first}\n{"half\n${second}\n`);
    const partly = await replay(['--json', broken]);
    expect(partly.exit).toBe(0);
    expect(partly.err).toMatch(new RegExp(`^${broken}:${first.length + 1}: .+\n$`));
    expect(parsed(partly).at(-1)).toMatchObject({ events: 2, findings: 1, errors: 1 });
    const missing = await replay(['--json', path.join(folder, 'missing.evtx'), EVENTS]);
    expect(missing.exit).toBe(2);
    expect(missing.err).toMatch(/missing\.evtx:0: .*ENOENT.*\n$/);
    expect(parsed(missing).at(-1)).toMatchObject({ events: 8, errors: 1 });
  });

  it('reads folders in order without following links, compressed files and the standard input', async () => {
    const many = path.join(folder, 'many');
    mkdirSync(path.join(many, 'b'), { recursive: true });
    writeFileSync(path.join(many, 'a.jsonl.gz'), gzipSync(readFileSync(EVENTS)));
    copyFileSync(EVENTS, path.join(many, 'b', 'c.jsonl'));
    writeFileSync(path.join(many, 'notes.txt'), 'not read');
    symlinkSync(EVENTS, path.join(many, 'link.jsonl'));
    const all = parsed(await replay(['--json', many]));
    expect([...new Set(all.map((line) => ('input' in line ? line.input : '')))]).toEqual([path.join(many, 'a.jsonl.gz'), path.join(many, 'b', 'c.jsonl'), '']);
    expect(all.at(-1)).toMatchObject({ events: 16, findings: 12 });
    const piped = parsed(await replay(['--json', '-'], { standardInput: () => Readable.from([readFileSync(EVENTS)]) }));
    expect(piped[0]).toMatchObject({ input: '-', eventIndex: 1 });
    const empty = path.join(folder, 'empty');
    mkdirSync(empty);
    expect(await replay(['--json', empty])).toMatchObject({ exit: 2, err: `${empty}:0: there is no event file in this folder\n` });
  });

  it('stops at the first request to end, without a summary that would look like all', async () => {
    let ask: () => void = () => undefined;
    let released = false;
    const ran = await replay(['--json', EVENTS], {
      onInterrupt: (listener) => {
        ask = listener;
        return () => {
          released = true;
        };
      },
      // Asked after the first finding.
      drained: () => Promise.resolve(ask()),
    });
    expect(ran.exit).toBe(130);
    expect(parsed(ran).map(({ type }) => type)).toEqual(['finding']);
    expect(released).toBe(true);
  });

  it('waits for whoever reads slowly', async () => {
    let waited = 0;
    await replay(['--json', EVENTS], { drained: () => new Promise((resolve) => setImmediate(() => resolve(void (waited += 1)))) });
    expect(waited).toBe(6);
  });

  it('refuses rules of which nothing loads, and an option that is none', async () => {
    const none = path.join(folder, 'none.yml');
    writeFileSync(none, 'title: nothing\n');
    expect(await runCli(['replay', '--json', '--rules', none, EVENTS])).toMatchObject({ exit: 1, out: '', err: expect.stringContaining('nothing-loads') as string });
    expect((await runCli(['replay', '--json', '--trust', 'much', EVENTS])).exit).toBe(2);
    expect((await runCli(['replay', '--json'])).exit).toBe(2);
  });

  it('without packs and without --rules says that no Sigma rule judges', async () => {
    const ran = await runCli(['replay', '--json', '--data-dir', path.join(folder, 'no-data'), EVENTS]);
    expect(ran).toMatchObject({ exit: 0, err: 'No Sigma rules judge: no pack is installed and none was named with --rules.\n' });
  });
});

describe('holdfast replay', () => {
  it('shows a person what was found where, and the verdict with its reasons', async () => {
    const ran = await replay([EVENTS]);
    expect(ran.exit).toBe(0);
    expect(ran.out).toContain(`${EVENTS}, monday`);
    expect(ran.out).toContain('2026-03-04 08:00:02.250  medium (Sigma)  Account lists itself (The Holdfast authors)\n    101  whoami /all\n');
    expect(ran.out).toMatch(/WATCH {2}score 0\.\d\d, 2 processes\n {4}Sigma rule \(critical\): Memory of the account service is opened/);
    expect(ran.out).toMatch(/8 events in \d+\.\d s \([\d,]+ a second\)\. 6 findings, 0 trees contained\.\n$/);
  });

  it('lets no name in a recording look like a line of its own, however long it is', async () => {
    const forged = '2026-01-02 03:04:05.678  CONTAIN  score 1.00, 3 processes';
    const hostile = path.join(folder, 'forged.jsonl');
    for (const filler of [' '.repeat(150), ' '.repeat(400_000), 'x'.repeat(400_000)]) {
      writeFileSync(hostile, readFileSync(EVENTS, 'utf8').replaceAll('monday', `m${filler}${forged}`));
      const { out } = await replay([hostile]);
      expect(out.split('\n').filter((line) => line.startsWith(forged.slice(0, 23)))).toEqual([]);
    }
  });

  it('lets no recording act on the terminal', async () => {
    const hostile = path.join(folder, 'hostile.jsonl');
    writeFileSync(hostile, readFileSync(EVENTS, 'utf8').replaceAll('whoami /all', 'whoami \\u001b[2J\\u202e').replaceAll('monday', 'mon\\u001bday'));
    const ran = await replay([hostile]);
    expect(ran.out).not.toMatch(/[\u001b\u202e]/);
    expect((await replay(['--json', hostile])).out).not.toMatch(/[\u001b\u202e]/);
  });
});
