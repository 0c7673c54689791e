/** Which statements stay prepared. */
import { assert, describe, it } from "@effect/vitest"
import { DatabaseSync } from "node:sqlite"
import { StatementCache } from "../src/sqlite/StatementCache.ts"

const cacheOf = (limit: number) => {
  const db = new DatabaseSync(":memory:")
  let prepared = 0
  const prepare = db.prepare.bind(db)
  db.prepare = (sql) => {
    prepared += 1
    return prepare(sql)
  }
  return { cache: new StatementCache(db, limit), prepared: () => prepared }
}

describe("prepared statements", () => {
  it("of the occasional kind are kept from the second time on", () => {
    const { cache, prepared } = cacheOf(4)
    for (let time = 0; time < 10; time += 1) cache.occasional("SELECT 1")
    assert.strictEqual(prepared(), 2)
  })

  it("with values in their text push nothing out", () => {
    const { cache, prepared } = cacheOf(4)
    cache.get("SELECT 1")
    for (let n = 0; n < 100; n += 1) cache.occasional(`SELECT ${n} AS n`)
    const before = prepared()
    cache.get("SELECT 1")
    assert.strictEqual(prepared(), before)
  })

  it("that were used last stay", () => {
    const { cache, prepared } = cacheOf(2)
    for (const sql of ["SELECT 1", "SELECT 2", "SELECT 1", "SELECT 3"]) cache.get(sql)
    const before = prepared()
    cache.get("SELECT 1")
    assert.strictEqual(prepared(), before)
    cache.get("SELECT 2")
    assert.strictEqual(prepared(), before + 1)
  })
})
