/** Append-only log that forgets its oldest entries; entry numbers start at 1 and never repeat. */
export class BoundedLog<A> {
  private readonly limit: number
  private items: Array<A> = []
  private first = 1

  constructor(limit: number) {
    this.limit = Math.max(1, limit)
  }

  push(item: A): number {
    this.items.push(item)
    // Cutting once per `limit` entries keeps an append O(1) on average.
    if (this.items.length >= this.limit * 2) this.drop(this.items.length - this.limit)
    return this.first + this.items.length - 1
  }

  /** The number of the newest entry, 0 when nothing was ever written. */
  get last(): number {
    return this.first + this.items.length - 1
  }

  /** Entries numbered above `n`. */
  since(n: number): ReadonlyArray<A> {
    const oldest = Math.max(0, this.items.length - this.limit)
    return this.items.slice(Math.max(oldest, n - this.first + 1))
  }

  all(): ReadonlyArray<A> {
    return this.since(0)
  }

  at(n: number): A | undefined {
    return this.items[n - this.first]
  }

  clear(): void {
    this.drop(this.items.length)
  }

  private drop(count: number): void {
    this.items = this.items.slice(count)
    this.first += count
  }
}
