/** The replay command as it is typed: a process of its own, pipes, signals, and more events than it could hold. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { replayLineSchema } from '../../shared/replay/lines.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const FIXTURES = path.join(ROOT, 'test', 'fixtures', 'replay');
const EVENTS = path.join(FIXTURES, 'collector.jsonl');
const PIPE_CLOSED = 141;
const INTERRUPTED = 130;

function replay(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  const command = ['scripts/holdfast.mjs', 'replay', '--data-dir', '/nonexistent', '--rules', path.join(FIXTURES, 'rules.yml'), '--no-asr', ...args];
  return spawn(process.execPath, command, { cwd: ROOT, stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

/** One start after the other, each by a process of its own that is never heard of again. */
function* manyStarts(count: number): Generator<string> {
  const [first = ''] = readFileSync(EVENTS, 'utf8').split('\n');
  const line = JSON.parse(first) as { fields: Record<string, string> };
  for (let number = 0; number < count; number += 1) {
    const fields = { ...line.fields, ProcessGuid: `{A-${number}}`, ParentProcessGuid: `{B-${number}}`, ProcessId: String(number), CommandLine: `cmd.exe /c ${'x'.repeat(1_000)} ${number}` };
    yield `${JSON.stringify({ ...line, group: null, fields })}\n`;
  }
}

/** Writes as fast as the command reads; ends quietly when it is gone. */
async function feed(child: ChildProcess, lines: Iterable<string>): Promise<void> {
  const input = child.stdin!;
  const closed = new Promise<void>((resolve) => {
    for (const event of ['error', 'close'] as const) input.on(event, () => resolve());
  });
  for (const line of lines) {
    if (!input.writable) return;
    if (!input.write(line)) await Promise.race([once(input, 'drain').catch(() => undefined), closed]);
  }
  input.end();
}

describe('holdfast replay as a program', () => {
  it('reads a file and a compressed standard input alike', async () => {
    const fromFile = replay(['--json', EVENTS]);
    const file = (await text(fromFile.stdout!)).trim().split('\n').map((line) => replayLineSchema.parse(JSON.parse(line)));
    expect(await exitOf(fromFile)).toBe(0);
    const fromInput = replay(['--json', '-']);
    fromInput.stdin!.end(gzipSync(readFileSync(EVENTS)));
    const input = (await text(fromInput.stdout!)).trim().split('\n').map((line) => replayLineSchema.parse(JSON.parse(line)));
    expect(await exitOf(fromInput)).toBe(0);
    const found = (lines: typeof file): unknown[] => lines.filter(({ type }) => type !== 'summary').map((line) => ({ ...line, input: '' }));
    expect(found(input)).toEqual(found(file));
    expect(file.at(-1)).toMatchObject({ type: 'summary', events: 8, findings: 6 });
  });

  it('ends with 2 and says why when nothing of an input can be read', async () => {
    const child = replay(['--json', '-']);
    child.stdin!.end('MZ\u0000\u0001');
    expect(await text(child.stderr!)).toMatch(/^-:0: .+\n$/);
    expect(await exitOf(child)).toBe(2);
  });

  it('goes through more events than its memory could hold', async () => {
    const child = replay(['--json', '-'], { NODE_OPTIONS: '--max-old-space-size=96' });
    const out = text(child.stdout!);
    await feed(child, manyStarts(100_000));
    expect((await out).trim().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual([expect.objectContaining({ type: 'summary', events: 100_000, errors: 0 })]);
    expect(await exitOf(child)).toBe(0);
  });

  it('stops at Ctrl-C and when nobody reads its output any more', async () => {
    const whoami = (readFileSync(EVENTS, 'utf8').split('\n')[1] ?? '') + '\n';
    const endless = function* (): Generator<string> {
      for (;;) yield whoami;
    };
    const interrupted = replay(['--json', '-']);
    interrupted.stdout!.once('data', () => interrupted.kill('SIGINT'));
    interrupted.stdout!.resume();
    await feed(interrupted, endless());
    expect(await exitOf(interrupted)).toBe(INTERRUPTED);
    const unread = replay(['--json', '-']);
    unread.stdout!.once('data', () => unread.stdout!.destroy());
    await feed(unread, endless());
    expect(await exitOf(unread)).toBe(PIPE_CLOSED);
  });
});
