/** What the compiler must refuse. These lines run too, but their point is that they compile as they are. */
import { assert, describe, expectTypeOf, it } from "@effect/vitest"
import type {
  CustomerText,
  Hit,
  HumanComment,
  OrgId,
  OutboundMessage,
  SessionId,
  ThreadKey,
  TicketId,
} from "../../src/index.ts"
import { orgId, text } from "../support/fixtures.ts"

const agentHit: Hit<"agent"> = {
  surface: "agent",
  articleId: "1",
  locale: "en",
  title: "Internal",
  url: null,
  headings: [],
  passage: "only for us",
  score: 1,
}

describe("surfaces", () => {
  it("an agent's hit is no customer's hit, nor the other way round", () => {
    const show = (hit: Hit<"customer">) => hit.passage
    // @ts-expect-error internal articles stay on the agent surface
    const leaked = show(agentHit)
    assert.strictEqual(leaked, "only for us")
    expectTypeOf<Hit<"agent">>().not.toExtend<Hit<"customer">>()
    expectTypeOf<Hit<"customer">>().not.toExtend<Hit<"agent">>()
  })

  it("what goes to a customer is a CustomerText, and a plain string is none", () => {
    const send = (words: CustomerText) => words.length
    // @ts-expect-error somebody must have decided that a customer may read it
    assert.strictEqual(send("note"), 4)
    assert.strictEqual(send(text("note")), 4)
    expectTypeOf<string>().not.toExtend<OutboundMessage["text"]>()
    expectTypeOf<HumanComment["text"]>().toEqualTypeOf<CustomerText>()
  })
})

describe("ids", () => {
  it("of one kind are not ids of another, and strings are none", () => {
    const take = (id: SessionId) => id
    // @ts-expect-error an organization is no session
    assert.strictEqual<string>(take(orgId), orgId)
    expectTypeOf<OrgId>().not.toExtend<SessionId>()
    expectTypeOf<SessionId>().not.toExtend<TicketId>()
    expectTypeOf<ThreadKey>().not.toExtend<OrgId>()
    expectTypeOf<string>().not.toExtend<TicketId>()
    expectTypeOf<TicketId>().toExtend<string>()
  })
})
