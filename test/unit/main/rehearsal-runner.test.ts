import { expect, it } from 'vitest';
import { RehearsalRunner, type RehearsalChild } from '../../../electron/main/rehearsal-runner.ts';

const RESULT = { id: 'x', behaviour: 'b', rule: 'r', mode: 'block', expected: 'prevented', happened: 'prevented', ok: true, historyId: 'h', note: null };

function rig() {
  let line: (text: string) => void = () => undefined;
  let end: (code: number, problem: string) => void = () => undefined;
  let cancelled = false;
  let listed: (text: string) => void = () => undefined;
  let listEnd: (code: number, problem: string) => void = () => undefined;
  let lists = 0;
  const list = (): RehearsalChild => {
    lists += 1;
    return { onLine: (listener) => void (listed = listener), onEnd: (listener) => void (listEnd = listener), cancel: () => undefined };
  };
  const child: RehearsalChild = { onLine: (listener) => void (line = listener), onEnd: (listener) => void (end = listener), cancel: () => void (cancelled = true) };
  const states: number[] = [];
  const runner = new RehearsalRunner({ start: () => child, list }, ({ results }) => states.push(results.length));
  return { runner, states, lists: () => lists, listed: (text: string) => listed(text), listEnd: (code: number) => listEnd(code, ''), line: (text: string) => line(text), end: (code: number, problem = '') => end(code, problem), cancelled: () => cancelled };
}

it('shows results as they come and ends with what was said', () => {
  const { runner, line, end } = rig();
  expect(runner.begin()).toMatchObject({ ok: true });
  expect(runner.begin()).toMatchObject({ ok: false, error: { code: 'rehearsal-running' } });
  line(JSON.stringify(RESULT));
  line('not a result');
  line(JSON.stringify({ ...RESULT, happened: 'exploded' }));
  end(0);
  expect(runner.state).toMatchObject({ running: false, problem: null, results: [RESULT] });
  expect(runner.begin()).toMatchObject({ ok: true });
});

it('says how many there will be as soon as that is known, and asks only once', () => {
  const { runner, line, end, lists, listed, listEnd } = rig();
  runner.begin();
  expect(runner.state.planned).toBe(0);
  listed('{"id":"a"}');
  listed('{"id":"b"}');
  listEnd(0);
  expect(runner.state.planned).toBe(2);
  line(JSON.stringify(RESULT));
  end(0);
  expect(runner.state).toMatchObject({ running: false, planned: 2 });
  runner.begin();
  expect(runner.state.planned).toBe(2);
  expect(lists()).toBe(1);
});

it('goes on without the number where it can not be had', () => {
  const { runner, listEnd, line, end } = rig();
  runner.begin();
  listEnd(1);
  line(JSON.stringify(RESULT));
  end(0);
  expect(runner.state).toMatchObject({ running: false, planned: 0, problem: null, results: [RESULT] });
});

it('says why it ended early', () => {
  const { runner, end, cancelled } = rig();
  runner.begin();
  runner.cancel();
  expect(cancelled()).toBe(true);
  end(69, 'No engine answers.');
  expect(runner.state.problem).toBe('The rehearsal ended early: No engine answers.');
});
