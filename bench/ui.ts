/** What a person waits for at the window: its first paint after "open", and History with a hundred thousand entries. */
import type { Page } from 'playwright-core';
import type { ControlClient } from '../electron/host/control-client.ts';
import type { CallInput } from '../shared/control/calls.ts';
import type { BenchContext } from './bench-context.ts';
import { median, notMeasured, rounded, spreadOf, type Figure } from './figure.ts';
import { fillHistory } from './filled-history.ts';
import { MeasuredWindow, stateShown } from './measured-window.ts';
import { sleep } from './processes.ts';

const OPENINGS = 7;
const QUESTIONS = 15;
const PAINTS = 7;
const ENTRIES = 100_000;
const SETTLE_MS = 500;
/** Words of few, of many and of no entries. */
const SEARCHES = ['set-99', 'tool-5', 'nowhere-to-be-found', 'ada bash token', 'set-77123'];

export async function measureUi(context: BenchContext): Promise<Figure[]> {
  const { electron } = context;
  if (electron === null) return [notMeasured('ui', '', 'no Electron here')];
  const window = await MeasuredWindow.start(context, electron, (dataDir) => fillHistory(dataDir, ENTRIES, Date.now()));
  try {
    return [...(await measureOpening(window)), ...(await measureHistory(window))];
  } finally {
    await window.remove();
  }
}

/** Closed and opened again: what a click at the tray costs while the program runs. */
async function measureOpening(window: MeasuredWindow): Promise<Figure[]> {
  const paints: number[] = [];
  const states: number[] = [];
  for (let turn = 0; turn < OPENINGS; turn += 1) {
    await window.closeWindow();
    await sleep(SETTLE_MS);
    const opened = window.app.waitForEvent('window');
    const fromMs = await window.app.evaluate(({ app }) => {
      const now = Date.now();
      app.emit('second-instance');
      return now;
    });
    const page = await opened;
    await stateShown(page);
    states.push(Date.now() - fromMs);
    paints.push(await page.evaluate((from) => performance.timeOrigin + (performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN) - from, fromMs));
  }
  return [{ ...figure('ui-first-paint', paints, 900), stateShownMs: rounded(median(states), 0) }];
}

async function measureHistory(window: MeasuredWindow): Promise<Figure[]> {
  const control = await window.control();
  const pages = await answers(control, Array.from({ length: QUESTIONS }, () => ({ filter: {} })));
  const filters = await answers(control, Array.from({ length: QUESTIONS }, (_, turn) => ({ filter: { text: SEARCHES[turn % SEARCHES.length] ?? '' } })));
  control.close();
  const page = await window.page();
  const shown: number[] = [];
  const filtered: number[] = [];
  for (let turn = 0; turn < PAINTS; turn += 1) {
    shown.push(await openHistory(page));
    filtered.push(await search(page, `set-${50_000 + turn}`));
  }
  return [
    { ...figure('ui-history-first-page', pages, 100), entries: ENTRIES, untilPaintedMs: rounded(median(shown), 1), painted: spreadOf(shown, 1) },
    { ...figure('ui-history-filter', filters, 150), entries: ENTRIES, untilPaintedMs: rounded(median(filtered), 1), painted: spreadOf(filtered, 1) },
  ];
}

function figure(name: string, values: readonly number[], target: number): Figure {
  return { name, value: rounded(median(values), 1), unit: 'ms', baseline: null, baselineIs: 'none: there is no window without Holdfast', target, spread: spreadOf(values, 1) };
}

/** From question to answer over the socket, in ms each. */
async function answers(control: ControlClient, questions: readonly CallInput<'historySearch'>[]): Promise<number[]> {
  const times: number[] = [];
  for (const question of questions) {
    const from = performance.now();
    const answer = await control.call('historySearch', question);
    if (!answer.ok) throw new Error(answer.error.message);
    times.push(performance.now() - from);
  }
  return times;
}

/** From a click in the rail to the frame that shows the first entries. */
async function openHistory(page: Page): Promise<number> {
  await page.getByRole('navigation').getByRole('button', { name: /^Settings/ }).click();
  return page.evaluate(async () => {
    const button = [...document.querySelectorAll<HTMLElement>('nav button')].find(({ textContent }) => textContent.startsWith('History'));
    const from = performance.now();
    button?.click();
    while (document.querySelector('[role=option]') === null) await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return performance.now() - from;
  });
}

/** From the last letter typed to the frame that shows what was found. */
async function search(page: Page, text: string): Promise<number> {
  return page.evaluate(async (wanted) => {
    const box = document.querySelector<HTMLInputElement>('[role=search] input');
    if (box === null) throw new Error('there is no search box');
    const from = performance.now();
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(box, wanted);
    box.dispatchEvent(new Event('input', { bubbles: true }));
    const found = (): boolean => document.querySelectorAll('[role=option]').length === 1;
    while (!found()) await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return performance.now() - from;
  }, text);
}
