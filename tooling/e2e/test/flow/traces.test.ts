/** How the AI came to each turn, as programs read it from the API: answers, questions back, handoffs. */
import { Trace } from "@opencx/core"
import { Schema } from "effect"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { eventuallyAsked, operatorOf } from "../support/operator.ts"
import { customerOf } from "../support/people.ts"
import { type ChatSite, startSite } from "../support/world.ts"

let site: ChatSite

beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site?.close())

const decode = Schema.decodeUnknownSync(Trace, { onExcessProperty: "error" })

/** The trace of the first entry of this kind in the session about this subject. */
const traceOf = async (subject: string, tag: string) => {
  const body = await eventuallyAsked(
    `${tag} in the session "${subject}"`,
    async () => {
      const found = (await operatorOf(site).sessions()).find((one) => one.subject === subject)
      if (found === undefined) return null
      const { entries } = await operatorOf(site).session(found.id)
      return entries.find((entry) => entry.body["_tag"] === tag)?.body
    },
    30,
  )
  return decode(body["trace"])
}

describe("the session as JSON", () => {
  it("tells of an answer: what was searched, what was found with which scores, how sure it was, how long it took", async () => {
    const ann = customerOf(site, "ann@example.com")
    await ann.write("How do I reset my password?", { subject: "Password" })
    const trace = await traceOf("Password", "AiAnswer")
    assert.isTrue(trace.queries.some((query) => query.includes("password")))
    assert.isNotEmpty(trace.hits)
    for (const { articleId, score, title } of trace.hits) {
      assert.notStrictEqual(articleId, "")
      assert.notStrictEqual(title, "")
      assert.isAbove(score, 0)
    }
    assert.isNotEmpty(Object.keys(trace.signals))
    assert.isAtLeast(trace.latencyMs, 0)
  })

  it("tells of a handoff without an answer what was searched in vain", async () => {
    const bob = customerOf(site, "bob@example.com")
    await bob.write("Which wine goes with grilled trout in Reykjavik?", { subject: "Wine" })
    const trace = await traceOf("Wine", "HandoffRequested")
    assert.isTrue(trace.queries.some((query) => query.includes("trout")))
    assert.isNotEmpty(Object.keys(trace.signals))
  })
})
