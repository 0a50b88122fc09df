import { describe, expect, it } from 'vitest';
import { eventTime, readTime } from '../../../../../electron/engine/sensors/mappings/event-time.ts';

describe('the time of an event', () => {
  it('is UtcTime where it has one, since some recorders write local time beside it', () => {
    expect(eventTime({ UtcTime: '2020-06-10 02:50:54.631' }, '2020-06-09 22:50:54')).toEqual({ iso: '2020-06-10T02:50:54.631Z', ms: Date.UTC(2020, 5, 10, 2, 50, 54, 631) });
  });

  it('is the record\'s where the field is absent or no time', () => {
    expect(eventTime({}, '2024-10-25T10:03:03.071750300Z').iso).toBe('2024-10-25T10:03:03.071750300Z');
    expect(eventTime({ UtcTime: '-' }, '2020-06-09 22:50:54').iso).toBe('2020-06-09T22:50:54Z');
    expect(eventTime({ UtcTime: ['a', 'b'] }, null)).toEqual({ iso: null, ms: null });
  });

  it('is not guessed', () => {
    for (const text of ['', 'yesterday', '2020-13-45 99:99:99', '2020-06-09T22:50:54+02:00', '2020-06-09']) expect(readTime(text).ms).toBeNull();
  });
});
