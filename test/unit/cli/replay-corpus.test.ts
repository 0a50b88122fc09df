/** The public rules on the recordings that their authors keep for them, through the whole replay. */
import os from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { composeReplay } from '../../../electron/cli/replay/compose.ts';
import { runReplay } from '../../../electron/cli/replay/run-replay.ts';
import type { SessionLine } from '../../../electron/engine/pipeline/replay-session.ts';
import { readEvents } from '../../../electron/formats/read-events.ts';
import { itNeeds } from '../../support/requirement.ts';
import { regressionCases, sigmaZip, type RegressionCase } from '../../support/sigma-regression.ts';

const TIMEOUT_MS = 300_000;

itNeeds(['corpus'], 'each regression case of the public rules matches as often as it states, from EVTX and from JSON', async () => {
  const composed = await composeReplay({ named: [sigmaZip()], trust: 'observe', dataDir: path.join(os.tmpdir(), 'holdfast-none'), uid: 0 }, false);
  if (!composed.ok) throw new Error(composed.error.message);
  const found = new Map<string, number>();
  const note = (line: SessionLine): void => {
    if (line.type !== 'finding') return;
    const key = `${line.input} ${line.rule.id}`;
    found.set(key, (found.get(key) ?? 0) + 1);
  };
  const cases = regressionCases();
  const inputs = cases.flatMap(({ evtx, json }) => [evtx, json]).map((file) => ({ name: file, source: { path: file } }));
  const problems: string[] = [];
  const sink = { lines: (lines: readonly SessionLine[]) => lines.forEach(note), problem: (input: string, offset: number, reason: string) => void problems.push(`${input}:${offset}: ${reason}`), drained: () => Promise.resolve() };
  const totals = await runReplay(inputs, { read: readEvents, target: composed.value.session, sink, stopped: () => false });
  expect(problems).toEqual([]);
  expect(totals.unreadable).toBe(0);
  const times = ({ ruleId }: RegressionCase, file: string): number => found.get(`${file} ${ruleId}`) ?? 0;
  const wrong = cases.flatMap((one) =>
    [one.evtx, one.json].filter((file) => (one.count === null ? times(one, file) < 1 : times(one, file) !== one.count)).map((file) => `${one.title}: ${times(one, file)} instead of ${one.count ?? 'at least one'} in ${path.basename(file)}`),
  );
  expect(wrong).toEqual([]);
  expect(cases).toHaveLength(102);
  expect(cases.filter(({ count }) => count !== null)).toHaveLength(81);
}, TIMEOUT_MS);
