import { chmodSync, chownSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { connectControl, isNoEngine, type ControlClient } from '../../../electron/host/control-client.ts';
import { checkSocketTrust } from '../../../electron/host/control-client-trust.ts';
import type { Result } from '../../../shared/result.ts';
import { itNeeds } from '../../support/requirement.ts';
import { fakeEngine, rawEngine, Refusal, type FakeEngine } from '../cli/fake-engine.ts';

const uid = process.getuid?.() ?? 0;
const gid = process.getgid?.() ?? 0;
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function opened(engine: FakeEngine, timeoutMs = 2_000): Promise<ControlClient> {
  cleanups.push(() => engine.close());
  const client = await connectControl({ socketPath: engine.socketPath, uid, gid, timeoutMs });
  if (!client.ok) throw new Error(client.error.message);
  cleanups.push(() => client.value.close());
  return client.value;
}

/** Answers the first request with these bytes, whatever it was. */
async function answering(bytes: string | Buffer, timeoutMs?: number): Promise<ControlClient> {
  const engine = await rawEngine((socket) => socket.once('data', () => socket.write(bytes)));
  return opened(engine, timeoutMs);
}

function codeOf(result: Result<unknown>): string | null {
  return result.ok ? null : result.error.code;
}

describe('calls', () => {
  it('gives typed answers, several at once and in any order', async () => {
    const engine = await rawEngine((socket) => {
      const lines: { id: number; input: { minutes: number } }[] = [];
      socket.on('data', (chunk: Buffer) => {
        for (const line of chunk.toString().trim().split('\n')) lines.push(JSON.parse(line) as (typeof lines)[number]);
        if (lines.length === 2) for (const { id, input } of lines.reverse()) socket.write(`${JSON.stringify({ id, ok: true, output: { until: `minute ${input.minutes}` } })}\n`);
      });
    });
    const client = await opened(engine);
    const answers = await Promise.all([client.call('pause', { minutes: 1, reason: 'r' }), client.call('pause', { minutes: 2, reason: 'r' })]);
    expect(answers).toEqual([
      { ok: true, value: { until: 'minute 1' } },
      { ok: true, value: { until: 'minute 2' } },
    ]);
  });

  it('passes on what the engine refuses, in its words', async () => {
    const client = await opened(await fakeEngine({ stop: () => new Refusal('permission-denied', 'only root may') }));
    const answer = await client.call('stop', {});
    expect(answer).toEqual({ ok: false, error: { code: 'permission-denied', message: 'only root may' } });
    expect(!answer.ok && isNoEngine(answer.error)).toBe(false);
  });

  it('keeps bytes that are not UTF-8', async () => {
    const client = await opened(await fakeEngine({ pause: ({ reason }: { reason: string }) => ({ until: reason }) }));
    expect(await client.call('pause', { minutes: 1, reason: 'a\udcffb' })).toEqual({ ok: true, value: { until: 'a\udcffb' } });
  });

  it('names a wrong input before anything is sent', async () => {
    const engine = await fakeEngine({});
    const client = await opened(engine);
    expect(codeOf(await client.call('pause', { minutes: 0, reason: 'r' }))).toBe('bad-input');
    expect(engine.calls).toEqual([]);
  });
});

describe('an engine that answers badly', () => {
  it.each([
    ['no JSON', 'hello\n'],
    ['JSON of another form', '{"jsonrpc":"2.0"}\n'],
    ['bytes', Buffer.from([0xff, 0x00, 0xfe, 0x0a])],
    ['an empty line', '\n'],
  ])('is named when it sends %s, and not spoken to again', async (_, bytes) => {
    const client = await answering(bytes);
    expect(codeOf(await client.call('status', {}))).toBe('bad-answer');
    expect(codeOf(await client.call('status', {}))).toBe('bad-answer');
  });

  it('is named when its answer has no end', async () => {
    const chunk = Buffer.alloc(1 << 20, 0x20);
    const engine = await rawEngine((socket) => socket.once('data', () => pour(socket, chunk, 20)));
    const client = await opened(engine, 10_000);
    expect(codeOf(await client.call('status', {}))).toBe('bad-answer');
  });

  it('is named when it says nothing in time, and a late answer disturbs nobody', async () => {
    const engine = await rawEngine((socket) => {
      socket.once('data', () => setTimeout(() => socket.write('{"id":1,"ok":true,"output":{"stopping":true}}\n'), 250));
    });
    const client = await opened(engine, 100);
    expect(codeOf(await client.call('stop', {}))).toBe('no-answer');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(codeOf(await client.call('stop', {}))).toBe('no-answer');
  });

  it('is named when it answers drop by drop, in the same time', async () => {
    const engine = await rawEngine((socket) => {
      const timer = setInterval(() => socket.write(' '), 10);
      socket.on('close', () => clearInterval(timer));
    });
    const client = await opened(engine, 150);
    const from = performance.now();
    expect(codeOf(await client.call('stop', {}))).toBe('no-answer');
    expect(performance.now() - from).toBeLessThan(2_000);
  });

  it('is named when it hangs up', async () => {
    const client = await opened(await rawEngine((socket) => socket.once('data', () => socket.destroy())));
    expect(codeOf(await client.call('status', {}))).toBe('connection-lost');
  });

  it('is of another version when it does not know a call or answers in another form', async () => {
    const unknown = await opened(await fakeEngine({}));
    expect(codeOf(await unknown.call('status', {}))).toBe('version-mismatch');
    const other = await opened(await fakeEngine({ status: () => ({ version: '9' }) }));
    const answer = await other.call('status', {});
    expect(codeOf(answer)).toBe('version-mismatch');
    expect(!answer.ok && answer.error.message).toContain('Restart the engine');
  });

  it('may refuse the whole connection', async () => {
    const client = await answering('{"id":0,"ok":false,"error":{"code":"too-many","message":"close some"}}\n');
    expect(codeOf(await client.call('status', {}))).toBe('too-many');
  });
});

function pour(socket: net.Socket, chunk: Buffer, times: number): void {
  if (times > 0 && !socket.destroyed) socket.write(chunk, () => pour(socket, chunk, times - 1));
}

describe('reaching an engine', () => {
  function folder(): string {
    const made = mkdtempSync(path.join(os.tmpdir(), 'reach-'));
    cleanups.push(() => rmSync(made, { recursive: true, force: true }));
    return made;
  }

  it('says how to start one when there is none', async () => {
    const nothing = await connectControl({ socketPath: path.join(folder(), 'none', 'control.sock'), uid, gid });
    expect(codeOf(nothing)).toBe('engine-not-running');
    expect(!nothing.ok && nothing.error.message).toMatch(/npm start.*systemctl start holdfast/s);
  });

  it('sees that a socket is left over from a dead engine', async () => {
    const socketPath = path.join(folder(), 's');
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    const other = `${socketPath}-kept`;
    linkSync(socketPath, other);
    await new Promise((resolve) => server.close(resolve));
    expect(codeOf(await connectControl({ socketPath: other, uid, gid }))).toBe('engine-not-running');
  });

  it('does not take a file or a link for a socket', async () => {
    const made = folder();
    writeFileSync(path.join(made, 'file'), '');
    symlinkSync('/anywhere', path.join(made, 'link'));
    for (const name of ['file', 'link']) expect(codeOf(await connectControl({ socketPath: path.join(made, name), uid, gid }))).toBe('socket-not-trusted');
  });

  it('names a path that is too long for a socket', async () => {
    expect(codeOf(await connectControl({ socketPath: `/tmp/${'x'.repeat(120)}`, uid, gid }))).toBe('bad-socket-path');
  });

  it('does not believe a socket in a folder that everybody may write to', async () => {
    const engine = await fakeEngine({});
    cleanups.push(() => engine.close());
    chmodSync(engine.dataDir, 0o777);
    expect(codeOf(await connectControl({ socketPath: engine.socketPath, uid, gid }))).toBe('socket-not-trusted');
    // The sticky bit (as on /tmp) keeps others from renaming what is not theirs.
    chmodSync(engine.dataDir, 0o1777);
    expect((await connectControl({ socketPath: engine.socketPath, uid, gid })).ok).toBe(true);
  });

  it('believes a group that is the account\'s own, and no other', async () => {
    const engine = await fakeEngine({});
    cleanups.push(() => engine.close());
    chmodSync(engine.dataDir, 0o770);
    expect(checkSocketTrust(engine.socketPath, { uid, gid }).ok).toBe(true);
  });

  itNeeds(['linux', 'root'], 'does not believe a socket or a folder of another account', async () => {
    const engine = await fakeEngine({});
    cleanups.push(() => engine.close());
    const stranger = 4242;
    // Root's engine, asked by somebody else: believed. A stranger's, asked by anybody but him: not.
    expect(checkSocketTrust(engine.socketPath, { uid: stranger, gid: stranger }).ok).toBe(true);
    chownSync(engine.socketPath, stranger, stranger);
    expect(codeOf(checkSocketTrust(engine.socketPath, { uid: 0, gid: 0 }))).toBe('socket-not-trusted');
    expect(codeOf(checkSocketTrust(engine.socketPath, { uid: 4343, gid: 4343 }))).toBe('socket-not-trusted');
    expect(checkSocketTrust(engine.socketPath, { uid: stranger, gid: stranger }).ok).toBe(true);
    chownSync(engine.socketPath, 0, 0);
    chownSync(engine.dataDir, stranger, stranger);
    expect(codeOf(checkSocketTrust(engine.socketPath, { uid: 4343, gid: 4343 }))).toBe('socket-not-trusted');
    chownSync(engine.dataDir, 0, stranger);
    chmodSync(engine.dataDir, 0o775);
    expect(codeOf(checkSocketTrust(engine.socketPath, { uid: 4343, gid: 4343 }))).toBe('socket-not-trusted');
  });

  it('finds a folder that was prepared by nobody it trusts in the way to the socket', () => {
    const made = folder();
    mkdirSync(path.join(made, 'open'));
    chmodSync(path.join(made, 'open'), 0o777);
    mkdirSync(path.join(made, 'open', 'run'));
    writeFileSync(path.join(made, 'open', 'run', 'x'), '');
    expect(codeOf(checkSocketTrust(path.join(made, 'open', 'run', 'x'), { uid, gid }))).toBe('socket-not-trusted');
  });
});
