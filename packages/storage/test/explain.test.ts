import { assert, describe, it } from "@effect/vitest"
import { explainSql } from "@opencx/storage"
import { AuthenticationError, ConnectionError, SqlError, UniqueViolation } from "effect/sql/SqlError"

const message = "PgConnection: Failed to connect"
const connecting = (cause: unknown) =>
  new SqlError({ reason: new ConnectionError({ cause, message, operation: "connect" }) })

describe("a failure of the database", () => {
  it("to connect is told with what server and network said", () => {
    const refused = new AggregateError([
      new Error("connect ECONNREFUSED ::1:5432"),
      new Error("connect ECONNREFUSED 127.0.0.1:5432"),
    ])
    assert.strictEqual(
      explainSql(connecting(refused)),
      `${message}: connect ECONNREFUSED ::1:5432; connect ECONNREFUSED 127.0.0.1:5432`,
    )
    const reason = new AuthenticationError({
      cause: new Error('password authentication failed for user "opencx"'),
      message,
      operation: "connect",
    })
    assert.match(explainSql(new SqlError({ reason })), /: password authentication failed for user "opencx"$/)
  })

  it("is told once, and without a cause by its message alone", () => {
    assert.strictEqual(explainSql(connecting(new Error(message))), message)
    assert.strictEqual(explainSql(connecting(undefined)), message)
    assert.strictEqual(explainSql(connecting(new AggregateError([]))), message)
  })

  it("in a statement is told without the row that the server quotes", () => {
    const reason = new UniqueViolation({
      cause: new Error("Key (email)=(dana@example.com) already exists."),
      message: "PgConnection: Failed to execute",
      operation: "execute",
      constraint: "x",
    })
    assert.strictEqual(explainSql(new SqlError({ reason })), "PgConnection: Failed to execute")
  })
})
