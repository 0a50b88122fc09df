/** What thousands of Sigma rules cost an event, and what it costs to have them ready. On recordings that are no part of the project. */
import { existsSync, mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runForJson, type BenchSetting } from './bench-context.ts';
import { median, notMeasured, rounded, spreadOf, type Figure } from './figure.ts';
import { temporaryFolder } from './left-behind.ts';
import type { SigmaSpeed, SigmaStart } from './sigma-results.ts';

/** The plain loop takes most of it. */
const LONGEST_MS = 600_000;
const PLAIN = 'every rule of the log source asked about every event, same run, same matches';

export async function measureSigma({ root, bundleDir }: BenchSetting): Promise<Figure[]> {
  const corpus = path.resolve(root, process.env['HOLDFAST_CORPUS'] ?? '../shared/corpus');
  if (!existsSync(corpus)) return [notMeasured('sigma', '', `no corpus at ${corpus} (set HOLDFAST_CORPUS)`)];
  const folder = mkdtempSync(path.join(os.tmpdir(), 'holdfast-bench-sigma-'));
  const remove = temporaryFolder(folder);
  const child = <T>(what: string): Promise<T> => runForJson<T>(process.execPath, ['--expose-gc', path.join(bundleDir, 'sigma-child.js'), what, corpus, path.join(folder, 'index')], LONGEST_MS);
  try {
    const cold = await child<SigmaStart>('cold');
    const kept = await child<SigmaStart>('kept');
    return [...speedFigures(await child<SigmaSpeed>('speed')), ...startFigures(cold, kept)];
  } finally {
    remove();
  }
}

function speedFigures(speed: SigmaSpeed): Figure[] {
  const { rules, events, matches, plainUs } = speed;
  const rate = (us: number): number => rounded(1e6 / us, 0);
  const growth = rounded((median(speed.manyUs) / median(speed.fewUs) - 1) * 100, 1);
  return [
    { name: 'sigma-events', value: rate(median(speed.freshUs)), unit: 'events/s', baseline: rate(plainUs), baselineIs: PLAIN, target: 100_000, rules, events, matches, usEach: spreadOf(speed.freshUs, 2) },
    { name: 'sigma-events-repeated', value: rate(median(speed.repeatedUs)), unit: 'events/s', baseline: rate(plainUs), baselineIs: `${PLAIN}; the events of sigma-events have a command line of their own, these come again`, usEach: spreadOf(speed.repeatedUs, 2) },
    { name: 'sigma-event-p99', value: rounded(median(speed.p99Us), 1), unit: 'us', baseline: rounded(plainUs, 1), baselineIs: `mean of ${PLAIN}`, target: 100, all: spreadOf(speed.p99Us, 1), p50: rounded(median(speed.p50Us), 1), p50All: spreadOf(speed.p50Us, 1) },
    { name: 'sigma-growth', value: growth, unit: '% more for an event', baseline: rounded(median(speed.fewUs), 2), baselineIs: 'us with 1,800 of the rules; measured: with 2,800', target: 3, fewUs: spreadOf(speed.fewUs, 2), manyUs: spreadOf(speed.manyUs, 2) },
  ];
}

function startFigures(cold: SigmaStart, kept: SigmaStart): Figure[] {
  const parts = ({ rules, readMs, buildMs, firstEventMs }: SigmaStart): Record<string, number> => ({ rules, readMs: rounded(readMs, 0), buildMs: rounded(buildMs, 0), firstEventMs: rounded(firstEventMs, 0) });
  return [
    { name: 'sigma-cold-load', value: rounded(cold.ms, 0), unit: 'ms', baseline: null, baselineIs: 'none: from the archive to the first answer', target: 2_500, ...parts(cold) },
    { name: 'sigma-kept-load', value: rounded(kept.ms, 0), unit: 'ms', baseline: rounded(cold.ms, 0), baselineIs: 'sigma-cold-load; both to the first answer', target: 200, ...parts(kept) },
    { name: 'sigma-memory', value: rounded(Math.max(cold.megabytes, kept.megabytes), 1), unit: 'MB more', baseline: null, baselineIs: 'none: the same process before', target: 120, cold: rounded(cold.megabytes, 1), kept: rounded(kept.megabytes, 1) },
  ];
}
