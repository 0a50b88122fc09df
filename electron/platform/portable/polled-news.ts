/**
 * Process news made from repeated process lists, for accounts and systems to which the kernel tells none.
 *
 * What lives shorter than the interval is never seen, and the order within one interval is not known: parents are told before their
 * children where the list shows it. There is no loss to report because completeness was never promised; the sensor says so.
 */
import type { Pid, ProcessNews, ProcessNewsFeed, SeenProcess } from '../contract.ts';
import type { Result } from '../../../shared/result.ts';

export type ListProcesses = () => readonly SeenProcess[] | Promise<Result<readonly SeenProcess[]>>;

/** The interval counts from the end of one list to the start of the next, so that a slow list never piles up. */
export function openPolledNews(list: ListProcesses, intervalMs = 500): ProcessNewsFeed {
  let timer: NodeJS.Timeout | null = null;
  let closed = false;
  let before: ReadonlyMap<Pid, SeenProcess> | null = null;
  return {
    start(onBatch, _onLoss, onFailure) {
      if (timer !== null || closed) throw new Error('the process news were already started or closed');
      const look = async (): Promise<void> => {
        const outcome = await takeList(list);
        if (closed) return;
        if (outcome.ok) {
          const now = new Map(outcome.value.map((seen) => [seen.pid, seen]));
          // The first list is the present, not news; the tree is built from the system itself.
          const news = before === null ? [] : differences(before, now, process.hrtime.bigint());
          before = now;
          if (news.length > 0) onBatch(news);
        } else {
          onFailure(outcome.error.message);
        }
        schedule();
      };
      const schedule = (): void => {
        // A callback may have closed the feed.
        if (!closed) timer = setTimeout(() => void look(), intervalMs);
      };
      timer = setTimeout(() => void look(), 0);
    },
    close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}

async function takeList(list: ListProcesses): Promise<Result<readonly SeenProcess[]>> {
  const listed = await list();
  return 'ok' in listed ? listed : { ok: true, value: listed };
}

/** What must have happened between two lists. */
export function differences(before: ReadonlyMap<Pid, SeenProcess>, now: ReadonlyMap<Pid, SeenProcess>, atNs: bigint): ProcessNews[] {
  const news: ProcessNews[] = [];
  for (const [pid, old] of before) {
    if (now.get(pid)?.identity !== old.identity) news.push({ type: 'exit', pid, atNs });
  }
  const told = new Set<Pid>();
  const tell = (seen: SeenProcess): void => {
    if (told.has(seen.pid)) return;
    told.add(seen.pid);
    const old = before.get(seen.pid);
    if (old?.identity === seen.identity) {
      if (old.program !== seen.program) news.push({ type: 'exec', pid: seen.pid, atNs });
      return;
    }
    const parent = now.get(seen.parentPid);
    if (parent !== undefined) tell(parent);
    news.push({ type: 'fork', parentPid: seen.parentPid, childPid: seen.pid, atNs });
    // Whether it still runs its parent's program is not known to be a fork alone; being looked at once too often does no harm.
    news.push({ type: 'exec', pid: seen.pid, atNs });
  };
  for (const seen of now.values()) tell(seen);
  return news;
}
