import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import {
  Ambiguous,
  Closed,
  Conflict,
  CredentialsRejected,
  describeReason,
  Invalid,
  KnowledgeError,
  NotFound,
  PermissionDenied,
  RateLimited,
  type Reason,
  retryAfterOf,
  StoreError,
  SupportAgentError,
  TicketingError,
  Unavailable,
} from "../../src/index.ts"
import { pauseBefore, RetryPolicy } from "../../src/engine/RetryPolicy.ts"
import { fromPort, fromSend } from "../../src/engine/tasks/TaskFailure.ts"
import { SendFailure } from "../../src/index.ts"

const table: ReadonlyArray<readonly [Reason, string, boolean, number | null]> = [
  [new RateLimited({ retryAfterMs: 3000 }), "rate limited for 3000 ms", true, 3000],
  [new RateLimited({ retryAfterMs: null }), "rate limited", true, null],
  [new CredentialsRejected({ hint: "Make a new API token." }), "Make a new API token.", false, null],
  [new PermissionDenied({ hint: "The role must allow it." }), "The role must allow it.", false, null],
  [new NotFound({ what: "ticket 7" }), "ticket 7: not found", false, null],
  [new Closed({ what: "ticket 7" }), "ticket 7: closed", false, null],
  [new Conflict({ detail: "busy" }), "busy", true, null],
  [
    new Invalid({ issues: ["a is odd", "b is even"], hint: "Look at a." }),
    "a is odd; b is even. Look at a.",
    false,
    null,
  ],
  [new Unavailable({ detail: "down", retryAfterMs: 9 }), "down", true, 9],
  [new Ambiguous({ detail: "no answer came" }), "no answer came", true, null],
]

describe("reasons", () => {
  it.each(table)("%s", (reason, words, retryable, after) => {
    assert.strictEqual(describeReason(reason), words)
    assert.strictEqual(reason.isRetryable, retryable)
    assert.strictEqual(retryAfterOf(reason), after)
  })

  it.each(table)("reach the engine through every port: %s", (reason, words, retryable, after) => {
    for (const Port of [TicketingError, KnowledgeError, SupportAgentError]) {
      const error = new Port({ operation: "Port.op", reason })
      assert.strictEqual(error.message, `Port.op: ${words}`)
      assert.strictEqual(error.isRetryable, retryable)
    }
    const failure = fromPort(new TicketingError({ operation: "Port.op", reason }))
    assert.deepInclude(failure, { explanation: words, retryable, afterMs: after })
  })

  it("a store that does not answer may always be asked again", () => {
    const error = new StoreError({ operation: "apply", detail: "locked" })
    assert.deepStrictEqual([error.message, error.isRetryable], ["apply: locked", true])
  })
})

describe("send failures", () => {
  it.each([
    [{ _tag: "Retry", afterMs: 5, detail: "busy" }, true, 5],
    [{ _tag: "Permanent", code: "550", explanation: "no such mailbox" }, false, null],
    [{ _tag: "Ambiguous", detail: "cut off", resendIsSafe: true }, true, null],
    [{ _tag: "Ambiguous", detail: "cut off", resendIsSafe: false }, false, null],
  ] as const)("%j", (kind, retryable, afterMs) => {
    assert.deepInclude(fromSend(new SendFailure({ kind })), { retryable, afterMs })
  })
})

describe("pauses between tries", () => {
  const policy = Effect.runSync(Effect.service(RetryPolicy))

  it("grow threefold, within their bounds, whatever the dice say", () => {
    for (let attempt = 0; attempt < 2000; attempt++) {
      for (const dice of [0, 0.5, 0.999999]) {
        const pause = pauseBefore(policy, attempt, null, dice)
        const full = Math.min(240_000, 1000 * 3 ** Math.max(0, attempt - 1))
        assert.isAtLeast(pause, Math.floor(full / 2))
        assert.isAtMost(pause, full)
      }
    }
  })

  it("are never shorter than the other side asked for", () => {
    for (const asked of [0, 1, 30_000, 3_600_000]) {
      assert.isAtLeast(pauseBefore(policy, 1, asked, 0), asked)
      assert.isAtMost(pauseBefore(policy, 1, asked, 0.99), Math.max(1000, asked + 200))
    }
    assert.isAtLeast(pauseBefore(policy, 1, -5, 0), 0)
  })

  it.each([0, 0.5, 0.999999])(
    "outlast an outage of five minutes, and end within the time (dice: %d)",
    (dice) => {
      for (const asked of [null, 1000, 30_000]) {
        let waited = 0
        for (let tried = 1; tried < policy.tries; tried++) waited += pauseBefore(policy, tried, asked, dice)
        assert.isAtLeast(waited, 299_000)
        assert.isBelow(waited, policy.withinMs)
      }
    },
  )
})
