import { describe, expect, it } from 'vitest';
import { lastLines, run } from '../../../../scripts/lib/run.mjs';

const node = (code: string, timeoutMs = 10_000): ReturnType<typeof run> => run(process.execPath, ['-e', code], { timeoutMs });

describe('run', () => {
  it('hands back both streams and the exit code', async () => {
    const result = await node("process.stdout.write('out');process.stderr.write('err');process.exitCode=3");
    expect(result).toMatchObject({ ok: false, code: 3, timedOut: false });
    expect(result.output).toContain('out');
    expect(result.output).toContain('err');
  });

  it('ends a program that takes too long, with what it started', async () => {
    const from = performance.now();
    const result = await node("require('child_process').spawn(process.execPath,['-e','setInterval(()=>0,1000)'],{stdio:'inherit'});setInterval(()=>0,1000)", 500);
    expect(result).toMatchObject({ ok: false, timedOut: true });
    expect(performance.now() - from).toBeLessThan(5_000);
  });

  it('reports a program that does not exist', async () => {
    const result = await run('/does/not/exist', [], { timeoutMs: 1_000 });
    expect(result.ok).toBe(false);
    expect(result.output).toMatch(/ENOENT/);
  });
});

describe('lastLines', () => {
  it('keeps the end, where programs say why', () => {
    expect(lastLines({ ok: false, code: 1, timedOut: false, output: 'a\nb\nc\n' }, 2)).toBe('b\nc');
  });

  it('says so when there was no output or no end', () => {
    expect(lastLines({ ok: false, code: 7, timedOut: false, output: '' })).toMatch(/code 7/);
    expect(lastLines({ ok: false, code: null, timedOut: true, output: 'x' })).toMatch(/too long/);
  });
});
