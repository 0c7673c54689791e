/** Prepared statements, least recently used first out. */
import type { DatabaseSync, StatementSync } from "node:sqlite"

/** A prepared statement with what is asked of it on every run. */
export interface Prepared {
  readonly statement: StatementSync
  /** False for statements that answer with no rows: they are run, not read. */
  readonly reads: boolean
}

const dropOldest = (from: Map<string, unknown> | Set<string>): void => {
  for (const oldest of from.keys()) {
    from.delete(oldest)
    return
  }
}

export class StatementCache {
  readonly #db: DatabaseSync
  readonly #limit: number
  readonly #entries = new Map<string, Prepared>()
  readonly #seenOnce = new Set<string>()

  constructor(db: DatabaseSync, limit: number) {
    this.#db = db
    this.#limit = Math.max(1, limit)
  }

  /** Prepares without keeping: for statements that are run once, or stay open for long. */
  fresh(sql: string): Prepared {
    const statement = this.#db.prepare(sql)
    return { statement, reads: statement.columns().length > 0 }
  }

  get(sql: string): Prepared {
    const known = this.#entries.get(sql)
    if (known !== undefined) {
      this.#entries.delete(sql)
      this.#entries.set(sql, known)
      return known
    }
    const prepared = this.fresh(sql)
    this.#entries.set(sql, prepared)
    if (this.#entries.size > this.#limit) dropOldest(this.#entries)
    return prepared
  }

  /**
   * For statements that the caller wants unprepared. Some of them are run all the time: those are kept from the second time
   * on. Texts with values in them never come again, and push nothing out.
   */
  occasional(sql: string): Prepared {
    if (this.#entries.has(sql) || this.#seenOnce.delete(sql)) return this.get(sql)
    this.#seenOnce.add(sql)
    if (this.#seenOnce.size > this.#limit) dropOldest(this.#seenOnce)
    return this.fresh(sql)
  }
}
