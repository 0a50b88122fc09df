import { describe, expect, it } from 'vitest';
import { escapeMarkup } from '../../../../electron/main/notices/notifier.ts';
import { MOST_PER_HOUR, NoticePlanner, programName } from '../../../../electron/main/notices/plan.ts';
import { Teller } from '../../../../electron/main/notices/teller.ts';
import { entry } from '../../engine/control/control-rig.ts';
import type { HistoryEntry } from '../../../../shared/history/entry.ts';

const HOUR_MS = 3_600_000;
const of = (id: string, image = '/opt/tool', mode: 'block' | 'warn' = 'block'): HistoryEntry => {
  const base = entry({ id });
  return { ...base, rule: { ...base.rule, mode }, process: { ...base.process, image } };
};

describe('notices', () => {
  it('are one for the same rule, program and parent, with a counter', () => {
    const planner = new NoticePlanner();
    const { show } = planner.plan([of('a'), of('b'), of('c')], 'all', 0);
    expect(show).toHaveLength(1);
    expect(show[0]).toMatchObject({ historyId: 'c', historyIds: ['a', 'b', 'c'], title: 'Holdfast kept it from running: tool (3 times)' });
    expect(planner.plan([of('d')], 'all', 1).show[0]?.title).toContain('(4 times)');
  });

  it('are six an hour at most; the rest is held back and none is lost', () => {
    const planner = new NoticePlanner();
    const entries = Array.from({ length: 20 }, (_, index) => of(`e${index}`, `/opt/tool-${index}`));
    const { show, heldBack } = planner.plan(entries, 'all', 0);
    expect(show).toHaveLength(MOST_PER_HOUR);
    expect([...show.flatMap(({ historyIds }) => historyIds), ...heldBack].sort()).toEqual(entries.map(({ id }) => id).sort());
    expect(planner.plan([of('later', '/opt/other')], 'all', HOUR_MS + 1).show).toHaveLength(1);
  });

  it('say first what was done to what, then why; a warning asks and says that it stays refused', () => {
    const [notice] = new NoticePlanner().plan([of('a', '/opt/tool', 'warn')], 'questions', 0).show;
    expect(notice).toMatchObject({ asks: true });
    expect(notice?.body).toContain('It was about to do what the rule forbids.');
    expect(notice?.body).toContain('stays refused');
  });

  it('stay away where they are switched off', () => {
    const planner = new NoticePlanner();
    expect(planner.plan([of('a')], 'questions', 0)).toEqual({ show: [], heldBack: [], switchedOff: ['a'] });
    expect(planner.plan([of('b', '/x', 'warn')], 'none', 0).switchedOff).toEqual(['b']);
  });

  it('show no character that hides, turns or breaks text, and no markup', () => {
    expect(programName('/tmp/invoice\u202Efdp.exe\n<b>')).toBe('invoice\uFFFDfdp.exe\uFFFD<b>');
    expect(escapeMarkup('<a href="x">&')).toBe('&lt;a href="x"&gt;&amp;');
  });
});

describe('telling', () => {
  it('shows, reports what became of each, and does not show twice what is under way', async () => {
    const done: [readonly string[], string][] = [];
    let shown = 0;
    let finish: () => void = () => undefined;
    const teller = new Teller({
      notifier: { close: () => undefined, show: () => { shown += 1; return new Promise((resolve) => (finish = () => resolve({ outcome: 'no-service', detail: 'none' }))); } },
      settings: () => 'all',
      nowMs: () => 0,
      done: (ids, { outcome }) => { done.push([ids, outcome]); return Promise.resolve(); },
      open: () => undefined,
    });
    const first = teller.tell([of('a')]);
    await teller.tell([of('a')]);
    finish();
    await first;
    expect(shown).toBe(1);
    expect(done).toEqual([[['a'], 'no-service']]);
  });
});
