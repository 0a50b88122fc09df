/**
 * The window program's line to the engine: one connection for what people ask, one that waits for news. Nothing is polled while
 * nothing happens. An engine that is gone is waited for, and the last known state stays on the screen with the reason.
 */
import type { CallInput, CallName, CallOutput } from '../../shared/control/calls.ts';
import type { AppState } from '../../shared/ipc/table.ts';
import { type Failure, type Result } from '../../shared/result.ts';
import { connectControl, isNoEngine, type ControlClient } from '../host/control-client.ts';

const WAIT_MS = 25_000;
const RETRY_MS = [250, 500, 1_000, 2_000, 3_000];

export interface WatcherOptions {
  readonly socketPath: () => Result<string>;
  readonly uid: number;
  readonly gid: number;
  readonly onState: (state: AppState) => void;
  readonly onHistory: (newestId: string | null) => void;
  readonly onNotices: (notices: CallOutput<'watch'>['notices']) => void;
}

export class EngineWatcher {
  private readonly options: WatcherOptions;
  private asking: ControlClient | null = null;
  private waiting: ControlClient | null = null;
  private newest: string | null | undefined = undefined;
  private ended = false;
  private shown: AppState = { connection: 'connecting', reason: null, status: null, me: null };

  constructor(options: WatcherOptions) {
    this.options = options;
  }

  get state(): AppState {
    return this.shown;
  }

  async run(): Promise<void> {
    for (let failures = 0; !this.ended; ) {
      const outcome = await this.follow(() => (failures = 0));
      this.lose(outcome);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]));
      failures += 1;
    }
  }

  close(): void {
    this.ended = true;
    this.asking?.close();
    this.waiting?.close();
  }

  async call<N extends CallName>(name: N, input: CallInput<N>, ask = false): Promise<Result<CallOutput<N>>> {
    const client = await this.client();
    if (!client.ok) return client;
    const answer = await client.value.call(name, input, { ask });
    if (answer.ok || !isNoEngine(answer.error)) return answer;
    this.asking = null;
    // The engine may have been started again since: once more, on a new connection. What changes something is not asked twice.
    const again = answer.error.code === 'connection-lost' && READS.has(name) ? await this.client() : answer;
    return again.ok ? again.value.call(name, input, { ask }) : answer;
  }

  /** Until the connection ends; resolves to why. */
  private async follow(onUp: () => void): Promise<Failure> {
    const connected = await this.connect();
    if (!connected.ok) return connected.error;
    this.waiting = connected.value;
    const me = await connected.value.call('me', {});
    if (!me.ok) return me.error;
    let revision: number | null = null;
    for (;;) {
      const news: Result<CallOutput<'watch'>> = await connected.value.call('watch', { revision, waitMs: WAIT_MS });
      if (!news.ok) return news.error;
      onUp();
      this.take(news.value, me.value);
      revision = news.value.revision;
    }
  }

  private take(news: CallOutput<'watch'>, me: CallOutput<'me'>): void {
    const state: AppState = { connection: 'connected', reason: null, status: news.status, me };
    if (JSON.stringify(state) !== JSON.stringify(this.shown)) {
      this.shown = state;
      this.options.onState(state);
    }
    if (news.newestHistoryId !== this.newest) {
      this.newest = news.newestHistoryId;
      this.options.onHistory(news.newestHistoryId);
    }
    if (news.notices.length > 0) this.options.onNotices(news.notices);
  }

  private lose(reason: Failure): void {
    this.waiting?.close();
    this.asking?.close();
    this.waiting = null;
    this.asking = null;
    if (this.ended) return;
    const state: AppState = { ...this.shown, connection: 'lost', reason: reason.message };
    if (JSON.stringify(state) === JSON.stringify(this.shown)) return;
    this.shown = state;
    this.options.onState(state);
  }

  private async client(): Promise<Result<ControlClient>> {
    if (this.asking !== null) return { ok: true, value: this.asking };
    const connected = await this.connect();
    if (connected.ok) this.asking = connected.value;
    return connected;
  }

  private async connect(): Promise<Result<ControlClient>> {
    const socketPath = this.options.socketPath();
    if (!socketPath.ok) return socketPath;
    return connectControl({ socketPath: socketPath.value, uid: this.options.uid, gid: this.options.gid });
  }
}

const READS: ReadonlySet<CallName> = new Set<CallName>(['me', 'status', 'doctor', 'usage', 'history', 'historySearch', 'historyNewer', 'historySummary', 'historyDetail', 'allowPreview', 'allowList', 'rulesList', 'presetPreview', 'exclusionsList', 'engineSettings', 'liveEvents']);
