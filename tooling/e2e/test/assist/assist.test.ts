/** Assist mode on tickets that customers opened in Zendesk: one internal note with a draft, or silence with a reason. */
import type { Fault } from "@opencx/zendesk-emulator"
import { afterAll, afterEach, assert, beforeAll, describe, it } from "vitest"
import { eventually } from "../support/customers.ts"
import { operatorOf, settled } from "../support/operator.ts"
import {
  asAdmin,
  customerOf,
  type DeskComment,
  handedOff,
  signedSignal,
  ticketNumbered,
  usersOf,
} from "../support/people.ts"
import type { ChatSite } from "../support/world.ts"
import { openedIn, opensTicket, startFieldSite } from "./site.ts"

let site: ChatSite

const secret = "the-assist-webhook-secret"

beforeAll(async () => {
  site = await startFieldSite({
    emulator: { timeScale: 0.1 },
    seed: { brands: ["Larkspoke", "Outlet"], groups: ["Support", "Legal"] },
    organization: {
      assist: {
        mode: "every_comment",
        // What waits for its time would be work under way for ever; `review.test.ts` is about it.
        reviewMinutes: [],
        rules: [
          { tag: "vip", mode: "on_mention" },
          { tag: "hands_off", mode: "off" },
        ],
        quietTopics: ["chargeback"],
      },
    },
  })
})
afterAll(() => site?.close())
afterEach(() => site.emulator.clearFaults())

const arrives = (body: string, name?: string): Promise<number> => opensTicket(site, body, name)

/** The same through Zendesk's API, where brand, group, tags and status can be said. */
const arrivesAs = async (body: string, more: object): Promise<number> => {
  const requester = usersOf(site).find((one) => one.email === "ada.lee@customer.example")
  const answer = await asAdmin(site, "/api/v2/tickets", {
    method: "POST",
    json: {
      ticket: {
        subject: "A question",
        requester_id: requester?.id,
        submitter_id: requester?.id,
        comment: { body, public: true, author_id: requester?.id },
        ...more,
      },
    },
  })
  return openedIn(await answer.json())
}

const ours = (comment: DeskComment): boolean => comment.author_id === site.emulator.integrationUserId

const notesOn = (id: number): ReadonlyArray<DeskComment> => ticketNumbered(site, id).comments.filter(ours)

const noteOn = (id: number, count = 1): Promise<DeskComment> =>
  eventually(`note ${count} on ticket ${id}`, () => notesOn(id)[count - 1], 20)

const says = (id: number, body: string) => void site.emulator.requesterReply(id, { body })
const agent = (id: number, action: string, body?: string) =>
  void site.emulator.agent(id, { action, ...(body === undefined ? {} : { body }) })

const tagsOn = (id: number) => ticketNumbered(site, id).tags

const question = "How do I reset my password?"

describe("a customer's comment", () => {
  it("gets an internal note with a draft and its sources, the tag, and no word to the customer", async () => {
    const id = await arrives(question)
    const note = await noteOn(id)
    await settled(site)
    assert.isFalse(note.public)
    assert.match(note.html_body, /Suggested reply/)
    assert.match(note.html_body, /<a href="[^"]*\/hc\/[^"]*"[^>]*>[^<]*password/i)
    assert.match(note.html_body, /sessions\/larkspoke\//)
    assert.includeMembers([...tagsOn(id)], ["opencx", "opencx_assist_mode"])
    assert.lengthOf(notesOn(id), 1)
    assert.isTrue(
      ticketNumbered(site, id).comments.every((one) => !one.public || !ours(one)),
      "nothing public by us",
    )
    assert.strictEqual(ticketNumbered(site, id).status, "new")
    assert.isFalse(
      site.emulator.notifications().some((mail) => JSON.stringify(mail).includes("Suggested reply")),
    )
    assert.lengthOf(site.sink.mails(), 0)
    const session = (await operatorOf(site).sessions()).find((one) => note.html_body.includes(one.id))
    assert.isDefined(session, "the note leads to the session")
    const { entries } = await operatorOf(site).session(session?.id ?? "")
    assert.deepInclude(entries[0]?.body, { _tag: "Assist", result: "drafted" })
    assert.isAbove(JSON.stringify(entries[0]?.body["trace"]).length, 50)
  })

  it("may be answered from an internal article, which the note marks and keeps inside", async () => {
    const id = await arrives("What is the refund override procedure?", "Ben Wood")
    const note = await noteOn(id)
    await settled(site)
    assert.include(note.html_body, "OVR-7731")
    assert.match(note.html_body, /internal: do not pass on/)
    assert.isFalse(note.public)
    for (const one of ticketNumbered(site, id).comments)
      if (one.public) assert.notInclude(one.html_body, "OVR-7731")
    assert.isFalse(site.emulator.notifications().some((mail) => JSON.stringify(mail).includes("OVR-7731")))
  })

  it("gets one note for each, in order; none once an agent has answered", async () => {
    const id = await arrives(question, "Cem Kaya")
    await noteOn(id)
    says(id, "And how long does standard shipping take?")
    const second = await noteOn(id, 2)
    assert.match(second.html_body, /shipping/i)
    agent(id, "reply", "I have sent you everything.")
    agent(id, "note", "a regular customer")
    says(id, "Thank you!")
    await settled(site)
    assert.lengthOf(notesOn(id), 2)
    assert.isFalse(tagsOn(id).some((tag) => tag.startsWith("opencx_skipped")))
  })

  it("is not drafted for twice when the webhook comes twice, late and out of order", async () => {
    const id = await arrives(question, "Dee Ott")
    await noteOn(id)
    await settled(site)
    const url = site.hooks.find((one) => one.what === "zendesk assist")?.url ?? ""
    const body = JSON.stringify({ v: 1, ticket_id: String(id), comment_id: "1", status: "New" })
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, at) =>
        fetch(url, {
          method: "POST",
          headers: {
            "content-type": "application/json",
            "x-zendesk-webhook-invocation-id": `again-${at % 3}`,
          },
          body,
        }),
      ),
    )
    assert.deepStrictEqual([...new Set(answers.map((one) => one.status))], [200])
    await settled(site)
    assert.lengthOf(notesOn(id), 1)
  })
})

describe("silence", () => {
  it("with a tag when no article helps", async () => {
    const id = await arrives("Which planets of our sun have rings of dust and ice?", "Eva Lind")
    await eventually("the tag", () => tagsOn(id).includes("opencx_skipped_not_helpful_answer"), 20)
    await settled(site)
    assert.lengthOf(notesOn(id), 0)
    assert.notInclude(tagsOn(id), "opencx_assist_mode")
  })

  it("with a tag on a listed topic, and from then on without a look", async () => {
    const id = await arrives("I started a chargeback. How do I reset my password?", "Fay Roth")
    await eventually("the tag", () => tagsOn(id).includes("opencx_skipped_topic_no_assist"), 20)
    says(id, question)
    await settled(site)
    assert.lengthOf(notesOn(id), 0)
  })

  it("where a rule says so, and where the ticket is on hold or solved", async () => {
    await noteOn(await arrives(question))
    const ids = [
      await arrivesAs(question, { tags: ["hands_off"] }),
      await arrivesAs(question, { status: "hold" }),
      await arrivesAs(question, { tags: ["opencx_skipped_topic_no_assist"] }),
    ]
    await settled(site)
    for (const id of ids) assert.lengthOf(notesOn(id), 0, `ticket ${id}`)
  })

  it("on tickets of ours, also when their customer writes to Zendesk directly", async () => {
    const ivy = customerOf(site, "ivy@example.com")
    const { ticket } = await handedOff(site, ivy)
    const before = ticketNumbered(site, ticket.id).comments.length
    says(ticket.id, question)
    const url = site.hooks.find((one) => one.what === "zendesk assist")?.url ?? ""
    const body = JSON.stringify({ ticket_id: ticket.id })
    assert.strictEqual((await fetch(url, { method: "POST", body })).status, 200)
    await settled(site)
    assert.strictEqual(ticketNumbered(site, ticket.id).comments.length, before + 1)
    assert.notInclude(tagsOn(ticket.id), "opencx_assist_mode")
  })
})

describe("on mention", () => {
  it("an agent's note asks, on a ticket where nothing is drafted otherwise; a customer cannot", async () => {
    await noteOn(await arrives(question))
    const id = await arrivesAs(question, { tags: ["vip"] })
    says(id, "@opencx please tell me")
    await settled(site)
    assert.lengthOf(notesOn(id), 0)
    agent(id, "note", "@opencx how long does standard shipping take?")
    const note = await noteOn(id)
    assert.match(note.html_body, /shipping/i)
    await settled(site)
    agent(id, "note", "thanks, useful")
    await settled(site)
    assert.lengthOf(notesOn(id), 1)
  })
})

describe("when Zendesk", () => {
  const writing = { method: "PUT", path: "/api/v2/tickets/\\d+(\\.json)?$" }
  const faults: ReadonlyArray<readonly [string, Fault]> = [
    ["limits us", { kind: "status429json", times: 1, match: writing }],
    [
      "limits us in plain text while we read",
      { kind: "status429text", times: 1, match: { path: "/comments" } },
    ],
    ["is down for a while", { kind: "status503", times: 2, match: writing }],
    ["breaks off after it has written the note", { kind: "resetAfterCommit", times: 1, match: writing }],
    ["breaks off before and after", { kind: "resetBeforeCommit", times: 1, match: writing }],
    [
      "forgets the answer to the tags",
      { kind: "resetAfterCommit", times: 1, match: { method: "PUT", path: "/tags" } },
    ],
  ]
  it.each(faults)("%s, there is one note", async (name, fault) => {
    const since = site.emulator.calls().at(-1)?.n ?? 0
    site.emulator.addFault(fault)
    const id = await arrives(question, `Gus ${name}`)
    await noteOn(id)
    await eventually("the tag", () => tagsOn(id).includes("opencx_assist_mode"), 20)
    await settled(site)
    assert.isTrue(
      site.emulator.calls(since).some((call) => call.fault === fault.kind),
      "the fault has struck",
    )
    assert.lengthOf(notesOn(id), 1)
    assert.lengthOf(await operatorOf(site).deadLetters(), 0)
  })
})

describe("the webhook", () => {
  it("takes nothing under a wrong URL, nothing unreadable, and answers like that of our own tickets", async () => {
    const url = site.hooks.find((one) => one.what === "zendesk assist")?.url ?? ""
    const post = (to: string, body: string) => fetch(to, { method: "POST", body })
    const good = JSON.stringify({ ticket_id: 1 })
    assert.strictEqual((await post(`${url.slice(0, -2)}zz`, good)).status, 401)
    assert.strictEqual((await post(site.hook.replace("/ticketing/", "/assist/"), good)).status, 401)
    assert.strictEqual((await post(url, "no json")).status, 400)
    assert.strictEqual((await post(url, "{}")).status, 400)
    assert.strictEqual((await post(url, `{"ticket_id":"1","x":"${"y".repeat(1_100_000)}"}`)).status, 413)
    await settled(site)
  })

  it("takes only what was signed with its own secret, once there is one; and nothing while assist is off", async () => {
    const other = await startFieldSite({ organization: { assistSigningSecret: secret } })
    try {
      const url = other.hooks.find((one) => one.what === "zendesk assist")?.url ?? ""
      const body = JSON.stringify({ ticket_id: 1 })
      const post = (headers: Record<string, string>) => fetch(url, { method: "POST", headers, body })
      assert.strictEqual((await post({})).status, 401)
      assert.strictEqual((await post({ ...signedSignal(other.signingSecret, body) })).status, 401)
      const late = new Date(Date.now() - 3_600_000)
      assert.strictEqual((await post({ ...signedSignal(secret, body, late) })).status, 401)
      const taken = await post({ ...signedSignal(secret, body) })
      assert.strictEqual(taken.status, 200)
      assert.deepInclude(await taken.json(), { result: "ignored" })
      assert.lengthOf(await operatorOf(other).sessions(), 0)
    } finally {
      await other.close()
    }
  })
})
