import { describe, expect, it } from 'vitest';
import type { ProcessNewsFeed } from '../../../../electron/platform/contract.ts';
import { ProcessNewsSensor } from '../../../../electron/engine/sensors/process-news-sensor.ts';
import { fail, ok } from '../../../../shared/result.ts';
import { FakeTime } from '../../../support/fake-time.ts';

class FakeFeed implements ProcessNewsFeed {
  closed = false;
  failWith: (message: string) => void = () => undefined;
  deliver: Parameters<ProcessNewsFeed['start']>[0] = () => undefined;

  start: ProcessNewsFeed['start'] = (onBatch, _onLoss, onFailure) => {
    this.deliver = onBatch;
    this.failWith = onFailure;
  };

  close(): void {
    this.closed = true;
  }
}

function rig(limitation: string | null = null) {
  const time = new FakeTime();
  const feeds: FakeFeed[] = [];
  const told: string[] = [];
  const state = { openable: true };
  const open = (): ReturnType<ConstructorParameters<typeof ProcessNewsSensor>[1]> => {
    if (!state.openable) return fail('no', 'no rights');
    feeds.push(new FakeFeed());
    return ok(feeds.at(-1)!);
  };
  const target = { onNews: () => told.push('news'), onLoss: () => told.push('loss'), onNewsDown: (reason: string) => told.push(`down ${reason}`), onNewsBack: () => told.push('back') };
  return { time, feeds, told, state, sensor: new ProcessNewsSensor('process-news', open, target, time, limitation) };
}
const progress = { lastNewsMs: 1_700_000_000_000, lost: 0, lagMs: 1.4, starts: 5, completeStarts: 4 };

describe('the sensor of process news', () => {
  it('runs and says so', () => {
    const { sensor, feeds, told } = rig();
    sensor.start();
    feeds[0]!.deliver([]);
    expect(told).toEqual(['news']);
    expect(sensor.status(progress)).toEqual({ id: 'process-news', state: 'running', lastEventAt: '2023-11-14T22:13:20.000Z', lost: 0, lagMs: 1, reason: null, starts: { seen: 5, complete: 4 } });
  });

  it('starts again after a failure, less and less often, and tells when it is back', async () => {
    const { sensor, feeds, told, state, time } = rig();
    sensor.start();
    state.openable = false;
    feeds[0]!.failWith('broken');
    feeds[0]!.failWith('broken twice');
    expect(feeds[0]!.closed).toBe(true);
    expect(sensor.status(progress)).toMatchObject({ state: 'unavailable', reason: 'broken' });
    await time.pass(250 + 500);
    expect(sensor.status(progress).reason).toBe('no rights');
    state.openable = true;
    await time.pass(999);
    expect(feeds).toHaveLength(1);
    await time.pass(1);
    expect(feeds).toHaveLength(2);
    expect(told).toEqual(['down broken', 'back']);
    expect(sensor.status(progress).state).toBe('running');
  });

  it('is degraded when it polls or is late', () => {
    expect(rig('polls').sensor.status(progress)).toMatchObject({ state: 'degraded', reason: 'polls' });
    expect(rig().sensor.status({ ...progress, lagMs: 3_400 })).toMatchObject({ state: 'degraded', reason: 'News of process starts is 3 s late.' });
  });

  it('stays closed', async () => {
    const { sensor, feeds, time } = rig();
    sensor.start();
    feeds[0]!.failWith('broken');
    sensor.close();
    await time.pass(60_000);
    expect(feeds).toHaveLength(1);
    expect(sensor.status(progress).state).toBe('stopped');
  });
});
