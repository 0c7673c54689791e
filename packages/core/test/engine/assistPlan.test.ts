/** When a draft is wanted: by who wrote, on which ticket, in which mode. */
import { assert, describe, it } from "@effect/vitest"
import { CommentId, type ThreadComment, TicketId, type TicketThread } from "../../src/index.ts"
import { planAssist } from "../../src/engine/tasks/assistPlan.ts"
import { now, settings, type SettingsInput } from "../support/fixtures.ts"

type Written = Partial<ThreadComment> & Pick<ThreadComment, "by">

const thread = (
  comments: ReadonlyArray<Written>,
  change: Partial<Omit<TicketThread, "ticket">> & { readonly ticket?: Partial<TicketThread["ticket"]> } = {},
): TicketThread => ({
  subject: "Helmet",
  brandId: "10",
  groupId: "20",
  ...change,
  comments: comments.map((one, at) => ({
    commentId: CommentId.make(String(at + 1)),
    authorName: null,
    public: true,
    text: "words",
    createdAt: now - 1000 + at,
    ...one,
  })),
  ticket: {
    ticketId: TicketId.make("7"),
    status: "open",
    externalId: null,
    requesterId: null,
    tags: [],
    updatedAt: now,
    ...change.ticket,
  },
})

type AssistInput = NonNullable<SettingsInput["assist"]>

const on: AssistInput = { mode: "every_comment" }

const plan = (
  of: TicketThread,
  assist: AssistInput = on,
  {
    handled = [],
    tags,
  }: { readonly handled?: ReadonlyArray<string>; readonly tags?: SettingsInput["tags"] } = {},
) => {
  const found = planAssist(settings({ assist, ...(tags === undefined ? {} : { tags }) }), of, {
    handled: new Set(handled.map((id) => CommentId.make(id))),
    now,
  })
  return found._tag === "Quiet" ? found.why : { about: found.commentIds.map(String), request: found.request }
}

const customer: Written = { by: "customer" }
const note = (text: string): Written => ({ by: "agent", public: false, text })

const quiet = (found: ReturnType<typeof plan>): string => {
  if (typeof found !== "string") return assert.fail("a draft")
  return found
}

describe("in every_comment", () => {
  it("customer comments that nobody has answered, together", () => {
    assert.deepStrictEqual(plan(thread([customer, customer])), { about: ["1", "2"], request: null })
    const answered = thread([customer, { by: "agent" }, customer])
    assert.deepStrictEqual(plan(answered), { about: ["3"], request: null })
  })

  it("nothing once a human has answered, or it was dealt with before", () => {
    assert.match(quiet(plan(thread([customer, { by: "agent" }]))), /nothing new/)
    assert.match(quiet(plan(thread([customer]), on, { handled: ["1"] })), /nothing new/)
    assert.deepStrictEqual(plan(thread([customer, customer]), on, { handled: ["1"] }), {
      about: ["2"],
      request: null,
    })
  })

  it("an internal note is no answer to the customer", () => {
    assert.deepStrictEqual(plan(thread([customer, note("looking into it")])), { about: ["1"], request: null })
  })

  it("nothing for words that are internal, ours, or of somebody unknown", () => {
    for (const one of [
      { by: "customer", public: false },
      { by: "us" },
      { by: "other" },
    ] satisfies Array<Written>)
      assert.match(quiet(plan(thread([one]))), /nothing new/)
  })

  it("nothing that is older than 48 hours, to the millisecond", () => {
    const ago = 48 * 3_600_000
    assert.match(quiet(plan(thread([{ ...customer, createdAt: now - ago }]))), /nothing new/)
    assert.deepStrictEqual(plan(thread([{ ...customer, createdAt: now - ago + 1 }])), {
      about: ["1"],
      request: null,
    })
  })

  it("on new, open and pending tickets only", () => {
    for (const status of ["new", "open", "pending"] as const)
      assert.isObject(plan(thread([customer], { ticket: { status } })), status)
    for (const status of ["hold", "solved", "closed"] as const)
      assert.include(quiet(plan(thread([customer], { ticket: { status } }))), status)
  })
})

describe("by mention", () => {
  it("an agent's note that asks: what it says is the question", () => {
    const asked = thread([customer, note("@opencx how do we refund over 100 €?")])
    const found = { about: ["2"], request: "how do we refund over 100 €?" }
    assert.deepStrictEqual(plan(asked, { mode: "on_mention" }), found)
    assert.deepStrictEqual(plan(asked), { ...found, about: ["1", "2"] }, "in the other mode too")
    assert.deepStrictEqual(plan(thread([customer, note("@OpenCX")]), { mode: "on_mention" }), {
      about: ["2"],
      request: null,
    })
  })

  it("also after an agent has answered publicly, and once", () => {
    const later = thread([customer, { by: "agent" }, note("\\@opencx, and the helmet?")])
    assert.deepStrictEqual(plan(later, { mode: "on_mention" }), {
      about: ["3"],
      request: ", and the helmet?",
    })
    assert.match(quiet(plan(later, { mode: "on_mention" }, { handled: ["3"] })), /nothing new/)
  })

  it("by no customer, no public reply, no note of ours and no address", () => {
    for (const one of [
      { by: "customer", text: "@opencx" },
      { by: "agent", text: "@opencx" },
      { by: "us", public: false, text: "@opencx" },
      note("write to help@opencx.example"),
      note("@opencx_team"),
    ] satisfies Array<Written>)
      assert.match(quiet(plan(thread([one]), { mode: "on_mention" })), /nothing new/, one.text)
  })

  it("by another word, when the organization wants one", () => {
    const assist: AssistInput = { mode: "on_mention", mention: "/ki" }
    assert.isObject(plan(thread([note("/ki bitte")]), assist))
    assert.isString(plan(thread([note("@opencx")]), assist))
  })
})

describe("a live chat", () => {
  const chat = (...comments: Parameters<typeof thread>[0]) => ({ ...thread(comments), isChat: true })

  it("gets no draft for each line, and one when an agent asks, with what was said as context", () => {
    assert.match(quiet(plan(chat(customer))), /nothing new/)
    assert.isObject(plan(thread([customer])), "the same on an ordinary ticket")
    const asked = plan(chat(customer, note("@opencx please")))
    if (typeof asked === "string") return assert.fail(asked)
    assert.lengthOf(asked.about, 1, "the note alone")
  })
})

describe("never", () => {
  it("while it is off", () => {
    assert.match(quiet(plan(thread([customer]), {})), /switched off/)
  })

  it("on tickets of ours, by tag, also where tags are called otherwise", () => {
    for (const tag of ["opencx_handedoff", "opencx_autopilot"])
      assert.match(quiet(plan(thread([customer], { ticket: { tags: [tag] } }))), /one of our own/)
    const own = { prefix: "bot", rename: { opencx_handedoff: "Passed On" } }
    for (const tag of ["bot_autopilot", "passed_on"])
      assert.match(quiet(plan(thread([customer], { ticket: { tags: [tag] } }), on, { tags: own })), /our own/)
    assert.isObject(plan(thread([customer], { ticket: { tags: ["opencx", "opencx_assist_mode"] } })))
  })

  it("on a ticket that carries the tag of topics without drafts, not even on mention", () => {
    const tagged = thread([customer, note("@opencx please")], {
      ticket: { tags: ["opencx_skipped_topic_no_assist"] },
    })
    assert.match(quiet(plan(tagged)), /topics without drafts/)
  })

  it("where a rule says so: brand, group and tag, the first that fits", () => {
    const off = (rule: object): AssistInput => ({ ...on, rules: [{ ...rule, mode: "off" }] })
    for (const rule of [
      { brand: 10 },
      { brand: "10" },
      { group: "20" },
      { tag: "VIP" },
      { brand: 10, tag: "vip" },
    ])
      assert.match(quiet(plan(thread([customer], { ticket: { tags: ["vip"] } }), off(rule))), /switched off/)
    for (const rule of [{ brand: 11 }, { group: 21 }, { tag: "gold" }, { brand: 10, group: 21 }])
      assert.isObject(plan(thread([customer], { ticket: { tags: ["vip"] } }), off(rule)))
    const only: AssistInput = {
      rules: [
        { brand: 10, tag: "vip", mode: "on_mention" },
        { brand: 10, mode: "every_comment" },
      ],
    }
    assert.isObject(plan(thread([customer]), only))
    assert.isString(plan(thread([customer], { ticket: { tags: ["vip"] } }), only))
    assert.isString(plan(thread([customer], { brandId: null }), only))
  })
})
