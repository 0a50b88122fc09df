/** First in, first out, with an end: what does not fit is refused, so that the caller counts it. */
export class BoundedQueue<T> {
  private readonly most: number;
  private items: (T | undefined)[] = [];
  private head = 0;

  constructor(most: number) {
    this.most = most;
  }

  get size(): number {
    return this.items.length - this.head;
  }

  push(item: T): boolean {
    if (this.size >= this.most) return false;
    this.items.push(item);
    return true;
  }

  peek(): T | undefined {
    return this.items[this.head];
  }

  shift(): T | undefined {
    const item = this.items[this.head];
    if (item === undefined) return undefined;
    this.items[this.head] = undefined;
    this.head += 1;
    // Moving the rest down only now and then keeps a shift constant in time.
    if (this.head > 1_024 && this.head * 2 > this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    return item;
  }
}
