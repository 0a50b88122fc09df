/** Holdfast's own rules judge what starts on this machine: what they find is on record as observed, and nothing is done about it. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writingProgram } from '../../electron/rehearsal/stand-in-programs.ts';
import { importOneRule } from '../support/import-rule.ts';
import { knownProcess, lives, signal } from '../support/linux/known-process.ts';
import { LiveHoldfast, run } from '../support/linux/live-holdfast.ts';
import { standIn } from '../support/linux/start-storm.ts';
import { waitUntil } from '../support/linux/wait-until.ts';
import { describeNeeds } from '../support/requirement.ts';
import type { HistoryEntry } from '../../shared/history/entry.ts';

/** "Protection told by its own tool to do nothing", level high. */
const RULE = '8a95c903-8d14-4696-809e-c2eb1819845b';
const READY_MS = 40_000;
/** With no rule on block nobody asks before a start, so a program that is gone at once may not be seen at all. */
const STAY_MS = 500;

describeNeeds(['linux', 'root', 'exec-gate', 'process-news', 'mounts'], 'the own pack on live starts', () => {
  let live: LiveHoldfast;
  let tool: string;
  let lastWord = 0;

  beforeAll(async () => {
    live = await LiveHoldfast.start();
    tool = live.scope.writeProgram('auditctl', standIn(writingProgram('', { stayMs: STAY_MS })));
  });
  afterAll(() => live.remove());

  async function rulesJudge(): Promise<number> {
    const deadline = performance.now() + READY_MS;
    for (;;) {
      const { sigmaActive } = await live.call('packsList', {});
      if (sigmaActive > 0 || performance.now() > deadline) return sigmaActive;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** What is on record of a start with these words, after a later start that is on record for certain. */
  async function recordOf(...words: readonly string[]): Promise<readonly HistoryEntry[]> {
    expect(await run(tool, words)).toBe(0);
    lastWord += 1;
    const last = `${tool} -e 0 last-${lastWord}`;
    expect(await run(tool, ['-e', '0', `last-${lastWord}`])).toBe(0);
    const entries = await live.historyWith((found) => found.some(({ process }) => process.commandLine === last));
    expect(entries.map(({ process }) => process.commandLine), live.output).toContain(last);
    return entries.filter(({ process }) => process.commandLine === [tool, ...words].join(' '));
  }

  it('come into force without being imported, out of what the build worked out', async () => {
    expect(await rulesJudge()).toBeGreaterThan(100);
    expect((await live.status()).reasons.filter(({ code }) => code === 'rule-packs')).toEqual([]);
    expect((await live.call('packsList', {})).packs.map(({ id, trust }) => [id, trust])).toEqual([['own', 'observe']]);
    expect(fs.existsSync(path.join(live.dataDir, 'packs', 'rules.index'))).toBe(false);
    expect(live.output).not.toContain('read anew');
  }, READY_MS);

  it('put what a rule of level high finds on record, once, with its words; and nothing else', async () => {
    const entries = await recordOf('-e', '0');
    expect(entries.map(({ action, rule, severity }) => [action, rule.id, rule.source, severity])).toEqual([['observed', RULE, 'sigma', 'high']]);
    expect(entries[0]?.rule.name).toBe('Protection told by its own tool to do nothing');
    expect(await recordOf('-s')).toEqual([]);
  });

  it('judge beside an imported pack, and again at once when the engine is back: nothing is read anew', async () => {
    const index = path.join(live.dataDir, 'packs', 'rules.index');
    const client = await live.client(READY_MS);
    await importOneRule(client);
    client.close();
    await waitUntil(() => fs.existsSync(index));
    expect(fs.statSync(index).mode & 0o777).toBe(0o600);
    const made = fs.statSync(index).mtimeMs;
    const engine = knownProcess((await live.status()).engine.pid);
    signal(engine, 'SIGKILL');
    await waitUntil(() => !lives(engine));
    await live.until(({ state, engine: now }) => state !== 'starting' && now.pid !== engine.pid);
    expect(await rulesJudge()).toBeGreaterThan(100);
    expect((await recordOf('-e', '0', 'again')).map(({ rule }) => rule.id)).toEqual([RULE]);
    expect(fs.statSync(index).mtimeMs).toBe(made);
    expect(live.output).not.toContain('read anew');
  }, READY_MS);

  it('are read anew when what was kept of them is damaged', async () => {
    const index = path.join(live.dataDir, 'packs', 'rules.index');
    const bytes = fs.readFileSync(index);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    fs.writeFileSync(index, bytes);
    const engine = knownProcess((await live.status()).engine.pid);
    signal(engine, 'SIGKILL');
    await waitUntil(() => !lives(engine));
    await live.until(({ state, engine: now }) => state !== 'starting' && now.pid !== engine.pid);
    expect(await rulesJudge()).toBeGreaterThan(100);
    expect(live.output).toContain('the rule packs are read anew, because the file is damaged');
    expect((await recordOf('-e', '0', 'anew')).map(({ rule }) => rule.id)).toEqual([RULE]);
  }, READY_MS);
});
