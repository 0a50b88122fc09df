import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pauseAfter, Supervisor } from '../../../../scripts/lib/supervisor.mjs';
import { itNeeds } from '../../../support/requirement.ts';

let folder = '';
let log = '';
let told: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'holdfast-supervisor-'));
  log = path.join(folder, 'log');
  told = [];
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A stand-in for the main process; `starts` counts its starts in the log. */
function supervise(code: string, stopPatienceMs = 5_000): Supervisor {
  const prelude = `const fs=require('fs');const log=${JSON.stringify(log)};fs.appendFileSync(log,process.pid+'\\n');const starts=fs.readFileSync(log,'utf8').trim().split('\\n').length;`;
  return new Supervisor(process.execPath, ['-e', prelude + code], (line) => told.push(line), stopPatienceMs);
}

const pids = (): number[] => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').map(Number) : []);

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('it did not happen in time');
    await delay(20);
  }
}

/** A process that ended and waits for somebody to take note is as good as gone. */
function gone(pid: number): boolean {
  try {
    return / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\)/, ''));
  } catch {
    return true;
  }
}

describe('Supervisor', () => {
  it.each([
    ['a clean end', 0],
    ['an end that would repeat itself', 2],
  ])('passes on %s and starts nothing again', async (_, code) => {
    await expect(supervise(`process.exit(${code})`).run()).resolves.toBe(code);
    expect(pids()).toHaveLength(1);
  });

  it('starts again after a crash and says so', async () => {
    await expect(supervise('if(starts<3)process.exit(7)').run()).resolves.toBe(0);
    expect(pids()).toHaveLength(3);
    expect(told[0]).toMatch(/ended with code 7; starting it again now/);
    expect(told[1]).toMatch(/2 times in a row/);
  });

  it('asks for a stop by closing the owner’s pipe', async () => {
    const supervisor = supervise("process.stdin.resume().on('end',()=>process.exit(0))");
    const ended = supervisor.run();
    await until(() => pids().length === 1);
    supervisor.stop();
    await expect(ended).resolves.toBe(0);
    expect(told).toEqual([]);
  });

  it('ends one that does not listen', async () => {
    const supervisor = supervise('setInterval(()=>0,1000)', 200);
    const ended = supervisor.run();
    await until(() => pids().length === 1);
    supervisor.stop();
    await expect(ended).resolves.toBe(1);
    expect(told.join()).toMatch(/did not stop when asked/);
  });

  itNeeds(['linux'], 'leaves no stopped helper of a crashed one behind', async () => {
    const helper = "const h=require('child_process').spawn(process.execPath,['-e','setInterval(()=>0,1000)']);fs.writeFileSync(log+'.helper',String(h.pid));h.kill('SIGSTOP');setTimeout(()=>process.kill(process.pid,'SIGKILL'),100)";
    await expect(supervise(`if(starts===1){${helper}}`).run()).resolves.toBe(0);
    const pid = Number(readFileSync(`${log}.helper`, 'utf8'));
    await until(() => gone(pid));
    expect(told[0]).toMatch(/SIGKILL/);
  });

  itNeeds(['linux'], 'gives it a session of its own, away from the terminal’s signals', async () => {
    const supervisor = supervise("process.stdin.resume().on('end',()=>process.exit(0))");
    const ended = supervisor.run();
    await until(() => pids().length === 1);
    const fields = readFileSync(`/proc/${pids()[0]!}/stat`, 'latin1').replace(/^.*\) /, '').split(' ');
    expect(Number(fields[3])).toBe(pids()[0]);
    supervisor.stop();
    await ended;
  });
});

describe('pauseAfter', () => {
  it('is nothing after the first crash, then grows, and never exceeds 5 s', () => {
    const pauses = Array.from({ length: 40 }, (_, index) => pauseAfter(index + 1));
    expect(pauses[0]).toBe(0);
    expect(pauses[1]).toBeGreaterThan(0);
    expect(pauses).toEqual([...pauses].sort((left, right) => left - right));
    expect(pauses.at(-1)).toBe(5_000);
  });
});
