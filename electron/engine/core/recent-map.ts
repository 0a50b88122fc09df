/**
 * The newest of many entries, at least `capacity` and at most twice as many. Two generations that take turns: taking out the oldest
 * entry of a Map one by one leaves holes behind that each look for the next one has to walk over.
 */
export class RecentMap<K, V> {
  private readonly capacity: number;
  private young = new Map<K, V>();
  private old = new Map<K, V>();

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get(key: K): V | undefined {
    return this.young.get(key) ?? this.old.get(key);
  }

  set(key: K, value: V): void {
    if (this.young.size >= this.capacity) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(key, value);
  }

  delete(key: K): void {
    this.young.delete(key);
    this.old.delete(key);
  }
}
