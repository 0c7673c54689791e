/** Comments on the humans' tickets that no webhook told of: the runtime was down, or the webhook was not sent. */
import { Schema } from "effect"
import { afterAll, afterEach, assert, beforeAll, describe, it } from "vitest"
import { eventually } from "../support/customers.ts"
import { operatorOf, settled } from "../support/operator.ts"
import { asAdmin, ticketNumbered } from "../support/people.ts"
import { type FieldSite, opensTicket, startFieldSite } from "./site.ts"

let site: FieldSite

const question = "How do I reset my password?"
const listing = "/api/v2/incremental/tickets/cursor"

beforeAll(async () => {
  site = await startFieldSite({
    emulator: { timeScale: 0.1 },
    organization: {
      assist: { mode: "every_comment", reviewMinutes: [], rules: [{ tag: "hands_off", mode: "off" }] },
    },
    reconcileSeconds: 1,
  })
})
afterAll(() => site?.close())
afterEach(() => site.emulator.clearFaults())

const listings = () => site.emulator.calls().filter(({ path }) => path.startsWith(listing)).length

/** Passes that begin from now on. */
const passes = async (count: number): Promise<void> => {
  const before = listings()
  await eventually(`${count} passes`, () => listings() >= before + count, 30)
}

const notesOn = (id: number) =>
  ticketNumbered(site, id).comments.filter((one) => one.author_id === site.emulator.integrationUserId)

const noteOn = (id: number, count = 1) =>
  eventually(`note ${count} on ticket ${id}`, () => notesOn(id)[count - 1], 30)

const Triggers = Schema.Struct({
  triggers: Schema.Array(Schema.Struct({ id: Schema.Int, title: Schema.String })),
})

/** An administrator switches off what tells us of comments. */
const withoutTriggers = async (): Promise<void> => {
  const listed = await (await asAdmin(site, "/api/v2/triggers")).json()
  for (const { id, title } of Schema.decodeUnknownSync(Triggers)(listed).triggers) {
    if (title.startsWith("OpenCX assist"))
      await asAdmin(site, `/api/v2/triggers/${id}`, { method: "PUT", json: { trigger: { active: false } } })
  }
}

describe("while the runtime is down", () => {
  it("customers write: afterwards each comment has its draft, once, and answered ones have none", async () => {
    const before = await opensTicket(site, question, "Ada Lee")
    await noteOn(before)
    await passes(1)
    await site.runtime.stop()
    const fresh = await opensTicket(site, question, "Ben Wood")
    const answered = await opensTicket(site, question, "Cem Kaya")
    site.emulator.agent(answered, { action: "reply", body: "I have sent you everything." })
    const solved = await opensTicket(site, question, "Dee Ott")
    site.emulator.agent(solved, { action: "solve" })
    site.emulator.requesterReply(before, { body: "And how long does standard shipping take?" })
    // Zendesk gives up on webhooks that find nobody.
    for (const id of [fresh, answered, solved])
      await eventually(
        `the webhook of ticket ${id} to fail`,
        () => site.emulator.deliveries().some((one) => one.ticketId === id && one.state !== "pending"),
        20,
      )
    assert.isFalse(
      site.emulator.deliveries().some((one) => one.ticketId === fresh && one.state === "success"),
      "nobody heard of it",
    )
    await site.runtime.start()
    const note = await noteOn(fresh)
    assert.match(note.html_body, /Suggested reply/)
    assert.isFalse(note.public)
    const second = await noteOn(before, 2)
    assert.match(second.html_body, /shipping/i)
    await passes(3)
    await settled(site)
    assert.lengthOf(notesOn(fresh), 1)
    assert.lengthOf(notesOn(before), 2)
    assert.lengthOf(notesOn(answered), 0)
    assert.lengthOf(notesOn(solved), 0)
    assert.lengthOf(await operatorOf(site).deadLetters(), 0)
  }, 120_000)
})

describe("without a webhook", () => {
  it("drafts come all the same, in their own time, also when the listing fails for a while", async () => {
    await withoutTriggers()
    site.emulator.addFault({ kind: "status503", times: 2, match: { path: listing } })
    const id = await opensTicket(site, question, "Eva Lind")
    await noteOn(id)
    await passes(2)
    await settled(site)
    assert.lengthOf(notesOn(id), 1)
    assert.isFalse(site.emulator.deliveries().some((one) => one.ticketId === id))
  }, 60_000)
})
