/** A child that is kept: when its silence counts. */
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { HostChild } from '../../../electron/host/child-launcher.ts';
import { KeptChild } from '../../../electron/host/kept-child.ts';
import { WakeClock } from '../../../electron/host/wake-clock.ts';

const SILENCE_MS = 100;
/** Far more than the silence, far less than a child may take to come up. */
const NOTICED_MS = 3_000;
const UP = { t: 'state', state: 'protected', reasons: [], pausedUntil: null };

class ScriptedChild implements HostChild {
  readonly pid = 1_000_000;
  kills = 0;
  say: (message: unknown) => void = () => undefined;
  private end: (code: number | null) => void = () => undefined;

  post(): void {
    this.end(0);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.say = listener;
  }

  onExit(listener: (code: number | null) => void): void {
    this.end = listener;
  }

  kill(): void {
    this.kills += 1;
  }
}

describe('a kept child without any beat', () => {
  const child = new ScriptedChild();
  const clock = new WakeClock();
  const heard: string[] = [];
  const kept = new KeptChild({
    entry: 'engine', args: [], silenceMs: SILENCE_MS, clock,
    beatFile: path.join(os.tmpdir(), 'holdfast-no-such-folder', 'engine.beat'),
    launcher: { fork: () => child },
    onMessage: ({ t }) => heard.push(t),
    onChange: () => undefined,
    log: () => undefined,
  });
  afterEach(async () => {
    await kept.end(1_000);
    clock.close();
  });

  it('has its time to start, and is ended when it falls silent after it has told its state', async () => {
    kept.start();
    child.say({ t: 'ready' });
    await new Promise((resolve) => setTimeout(resolve, 5 * SILENCE_MS));
    expect(child.kills).toBe(0);
    child.say(UP);
    await expect.poll(() => child.kills, { timeout: NOTICED_MS }).toBe(1);
    expect(heard).toEqual(['ready', 'state']);
  });
});
