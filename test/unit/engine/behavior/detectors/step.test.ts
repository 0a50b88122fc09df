import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newDetectorState, stepDetectors, type DetectorState, type DetectorStep } from '../../../../../electron/engine/behavior/detectors/step.ts';
import { startViews } from '../../../../../electron/engine/behavior/start/views.ts';
import { NOT_READ, type FactName, type FactReader, type StartFacts } from '../../../../../shared/start/facts.ts';

type Partly = Partial<{ [K in FactName]: StartFacts[K] | typeof NOT_READ }>;

function step(state: DetectorState, facts: Partly, nowMs = 0): DetectorStep {
  const base: Partly = { script: null, currentDirectory: '/w', standardInputPipe: null, standardOutputPipe: null, standardOutputFile: null, ...facts };
  const read = ((name: FactName) => base[name]) as FactReader;
  return stepDetectors(state, startViews(read).views, read, nowMs);
}

const program = (image: string, line: string, pipes: { in?: string; out?: string } = {}): Partly => ({
  image: `/usr/bin/${image}`,
  argv: line.split(' '),
  standardInputPipe: pipes.in ?? null,
  standardOutputPipe: pipes.out ?? null,
});

describe('pipe-fed-interpreter', () => {
  const curl = program('curl', 'curl -s u', { out: 'p1' });
  const shell = program('sh', 'sh', { in: 'p1' });

  it('hits with whichever comes second', () => {
    for (const order of [
      [curl, shell],
      [shell, curl],
    ]) {
      const state = newDetectorState();
      expect(order.map((facts) => step(state, facts).hits)).toEqual([[], ['pipe-fed-interpreter']]);
    }
  });

  it('follows filters in any order of start', () => {
    const parts = [curl, program('tee', 'tee log', { in: 'p1', out: 'p2' }), program('sed', 'sed s/a/b/', { in: 'p2', out: 'p3' }), program('bash', 'bash -s', { in: 'p3' })];
    fc.assert(
      fc.property(fc.shuffledSubarray(parts, { minLength: 4 }), (order) => {
        const state = newDetectorState();
        const hits = order.map((facts) => step(state, facts).hits.length);
        expect(hits).toEqual([0, 0, 0, 1]);
      }),
    );
  });

  it('is the same when a start is fed twice', () => {
    const state = newDetectorState();
    expect(step(state, curl).hits).toEqual([]);
    expect(step(state, curl).hits).toEqual([]);
    expect(step(state, shell).hits).toHaveLength(1);
    expect(step(state, shell).hits).toHaveLength(1);
  });

  it('forgets after half a minute, and keeps other pipes apart', () => {
    const state = newDetectorState();
    step(state, curl, 0);
    expect(step(state, shell, 31_000).hits).toEqual([]);
    expect(step(state, program('sh', 'sh', { in: 'p9' }), 1).hits).toEqual([]);
  });

  it('asks for arguments only when there is a pipe and the program matters', () => {
    const state = newDetectorState();
    expect(step(state, { image: '/usr/bin/bash', argv: NOT_READ, standardInputPipe: 'p1' }).needs).toEqual(['argv']);
    expect(step(state, { image: '/usr/bin/bash', argv: NOT_READ }).needs).toEqual([]);
    expect(step(state, { image: '/usr/bin/bash', argv: ['bash'], standardInputPipe: NOT_READ }).needs).toEqual(['standardInputPipe']);
    expect(step(state, { image: '/usr/bin/curl', argv: ['curl', 'u'], standardOutputPipe: NOT_READ }).needs).toEqual(['standardOutputPipe']);
    expect(step(state, { image: '/usr/bin/ls', argv: NOT_READ, standardInputPipe: NOT_READ, standardOutputPipe: NOT_READ }).needs).toEqual([]);
  });

  it('says when arguments that nobody can read keep it from deciding', () => {
    const state = newDetectorState();
    expect(step(state, { image: '/usr/bin/bash', argv: null, standardInputPipe: 'p1' })).toEqual({ hits: [], needs: [], hidden: false });
    step(state, curl);
    expect(step(state, { image: '/usr/bin/bash', argv: null, standardInputPipe: 'p1' })).toEqual({ hits: [], needs: [], hidden: true });
  });

  it('does not run in circles', () => {
    const state = newDetectorState();
    step(state, program('tee', 'tee', { in: 'p1', out: 'p2' }));
    step(state, program('tee', 'tee', { in: 'p2', out: 'p1' }));
    expect(step(state, program('sh', 'sh', { in: 'p1' })).hits).toEqual([]);
  });
});

describe('download-then-run', () => {
  const download = program('curl', 'curl -o x.sh u');

  it('hits the file as a program and as a script', () => {
    const state = newDetectorState();
    expect(step(state, download).hits).toEqual([]);
    expect(step(state, { image: '/w/x.sh', argv: ['./x.sh'] }).hits).toEqual(['download-then-run']);
    expect(step(state, program('bash', 'bash x.sh')).hits).toEqual(['download-then-run']);
    expect(step(state, program('bash', 'bash y.sh')).hits).toEqual([]);
  });

  it('hits what was fetched or decoded into a file by the shell', () => {
    for (const source of [program('curl', 'curl u'), program('base64', 'base64 -d'), program('wget', 'wget -qO- u')]) {
      const state = newDetectorState();
      step(state, { ...source, standardOutputFile: '/w/x' });
      expect(step(state, { image: '/w/x', argv: ['x'] }).hits).toEqual(['download-then-run']);
    }
    const state = newDetectorState();
    step(state, { ...program('base64', 'base64 a'), standardOutputFile: '/w/x' });
    expect(step(state, { image: '/w/x', argv: ['x'] }).hits).toEqual([]);
  });

  it('asks for what it needs to know the file', () => {
    expect(step(newDetectorState(), { ...program('curl', 'curl u'), standardOutputFile: NOT_READ }).needs).toEqual(['standardOutputFile']);
    expect(step(newDetectorState(), { image: '/usr/bin/curl', argv: NOT_READ }).needs).toEqual(['argv']);
    expect(step(newDetectorState(), { ...download, currentDirectory: NOT_READ }).needs).toEqual(['currentDirectory']);
  });

  it('costs nothing when nothing was downloaded', () => {
    expect(step(newDetectorState(), { image: '/usr/bin/bash', argv: NOT_READ }).needs).toEqual([]);
  });

  it('forgets', () => {
    const state = newDetectorState();
    step(state, download, 0);
    expect(step(state, program('bash', 'bash x.sh'), 11 * 60_000).hits).toEqual([]);
  });
});

it('stays bounded under a storm', () => {
  const state = newDetectorState();
  for (let index = 0; index < 5000; index += 1) {
    step(state, program('curl', `curl -o f${index} u`, { out: `o${index}` }), index);
    step(state, program('tee', 'tee', { in: `i${index}`, out: `t${index}` }), index);
    step(state, program('sh', 'sh', { in: `s${index}` }), index);
  }
  expect(state.downloads.files.size).toBeLessThanOrEqual(1024);
  for (const map of [state.pipes.fed, state.pipes.run, state.pipes.before, state.pipes.after]) expect(map.size).toBeLessThanOrEqual(512);
});
