/** Process news a test writes by hand. */
import type { ProcessNews, ProcessNewsFeed } from '../contract.ts';

export class ScriptedNews implements ProcessNewsFeed {
  closed = false;
  #onBatch: ((news: readonly ProcessNews[]) => void) | null = null;
  #onLoss: (lost: number | null) => void = () => undefined;
  #onFailure: (message: string) => void = () => undefined;

  start(onBatch: (news: readonly ProcessNews[]) => void, onLoss: (lost: number | null) => void, onFailure: (message: string) => void): void {
    if (this.#onBatch !== null || this.closed) throw new Error('the process news were already started or closed');
    this.#onBatch = onBatch;
    this.#onLoss = onLoss;
    this.#onFailure = onFailure;
  }

  close(): void {
    this.closed = true;
  }

  /** Delivered at once, as one batch; nothing once closed, as from the kernel. */
  tell(...news: readonly ProcessNews[]): void {
    if (!this.closed) this.#onBatch?.(news);
  }

  lose(lost: number | null): void {
    if (!this.closed) this.#onLoss(lost);
  }

  failWith(message: string): void {
    if (!this.closed) this.#onFailure(message);
  }
}
