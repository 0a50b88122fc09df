/** The thread that reads packs: what it hands back, and that whatever ends it early is said in words and harms nobody. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packBody, type PackBody } from '../../electron/engine/packs/container.ts';
import { decodePrepared } from '../../electron/engine/packs/prepared-codec.ts';
import { readSource } from '../../electron/engine/packs/load-source.ts';
import { runRulesThread, THREAD_BOUNDS } from '../../electron/host/engine/rules-thread-runner.ts';
import { describeNeeds } from '../support/requirement.ts';

const FILE = path.join(import.meta.dirname, '../../dist/host/rules-thread.js');
const OWN_RULES = path.join(import.meta.dirname, '../../resources/rules/sigma');

describeNeeds(['linux'], 'the thread that reads packs', () => {
  let own: PackBody;
  let folder = '';
  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-thread-'));
    const source = await readSource(OWN_RULES);
    const body = source.ok ? await packBody(source.value.files) : source;
    if (!body.ok) throw new Error(body.error.message);
    own = body.value;
  });
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

  const work = () => ({ contents: [{ id: 'own', body: own }], trial: null, privileged: true });

  it('hands back rules that judge, and leaves what it was given as it was', async () => {
    const before = Buffer.from(own.bytes);
    const bytes = await runRulesThread(work(), THREAD_BOUNDS, FILE);
    const prepared = bytes.ok ? await decodePrepared(bytes.value, () => Promise.resolve()) : bytes;
    if (!prepared.ok) throw new Error(prepared.error.message);
    const { ready, packs } = prepared.value;
    expect(packs.map(({ ok }) => ok)).toEqual([true]);
    const event = { logsource: { product: 'linux', category: 'process_creation', service: null }, fields: { Image: '/sbin/auditctl', CommandLine: 'auditctl -e 0', SharesRoot: 'true' } };
    expect(ready.matcher.match(event).map((number) => ready.rules[number]?.of.title)).toContain('Protection told by its own tool to do nothing');
    expect(own.bytes.equals(before)).toBe(true);
  });

  it('says of a pack that can not be used why, beside those that can', async () => {
    const spoilt = { id: 'spoilt', body: { ...own, bytes: Buffer.from('no pack') } };
    const bytes = await runRulesThread({ ...work(), contents: [spoilt, ...work().contents] }, THREAD_BOUNDS, FILE);
    const prepared = bytes.ok ? await decodePrepared(bytes.value, () => Promise.resolve()) : bytes;
    expect(prepared.ok && prepared.value.packs.map(({ ok }) => ok)).toEqual([false, true]);
  });

  it('that takes too long is ended', async () => {
    expect(await runRulesThread(work(), { ...THREAD_BOUNDS, longestMs: 20 }, FILE)).toMatchObject({ ok: false, error: { code: 'rules-thread', message: expect.stringContaining('within 0.02 seconds') as string } });
  });

  it('that needs too much memory is ended, and the engine lives on', async () => {
    expect(await runRulesThread(work(), { ...THREAD_BOUNDS, megabytes: 12 }, FILE)).toMatchObject({ ok: false, error: { code: 'rules-thread', message: expect.stringContaining('more than 12 MB') as string } });
  });

  it('that can not start, throws, or ends without a word is told in words', async () => {
    const programs = { throws: 'throw new Error("out of luck");', ends: 'process.exit(3);', silent: '' };
    expect(await runRulesThread(work(), THREAD_BOUNDS, path.join(folder, 'nothing.mjs'))).toMatchObject({ ok: false, error: { code: 'rules-thread' } });
    for (const [name, text] of Object.entries(programs)) {
      const file = path.join(folder, `${name}.mjs`);
      fs.writeFileSync(file, text);
      expect(await runRulesThread(work(), THREAD_BOUNDS, file), name).toMatchObject({ ok: false, error: { code: 'rules-thread', message: expect.stringContaining('What was in force before stays so') as string } });
    }
  });
});
