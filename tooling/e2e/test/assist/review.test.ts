/** What agents make of drafts: found on their tickets, on record in the session, and in the report. */
import { Schema } from "effect"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { eventually } from "../support/customers.ts"
import { eventuallyAsked, operatorOf } from "../support/operator.ts"
import { type DeskComment, ticketNumbered } from "../support/people.ts"
import type { ChatSite } from "../support/world.ts"
import { startFieldSite } from "./site.ts"

let site: ChatSite

beforeAll(async () => {
  site = await startFieldSite({
    // Looks 9, 24 and 48 seconds after the draft.
    organization: { assist: { mode: "every_comment", reviewMinutes: [0.15, 0.4, 0.8] } },
  })
})
afterAll(() => site?.close())

const Opened = Schema.Struct({ ticket: Schema.Struct({ id: Schema.Int }) })

const arrives = async (name: string): Promise<number> => {
  const answer = await fetch(`${site.emulator.url}/__emulator/tickets`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      subject: "A question",
      body: "How do I reset my password?",
      requester: { name, email: `${name.toLowerCase()}@customer.example` },
    }),
  })
  return Schema.decodeUnknownSync(Opened)(await answer.json()).ticket.id
}

const noteOn = (id: number): Promise<DeskComment> =>
  eventually(
    `the draft on ticket ${id}`,
    () => ticketNumbered(site, id).comments.find((one) => one.author_id === site.emulator.integrationUserId),
    20,
  )

const recordOf = async (id: number) => {
  const note = await noteOn(id)
  const session = /\/sessions\/larkspoke\/([0-9a-f-]{36})/.exec(note.html_body)?.[1]
  return (await operatorOf(site).session(session ?? "")).entries.map(({ body }) => body)
}

const draftOn = (id: number) =>
  eventuallyAsked("the draft on record", async () =>
    (await recordOf(id)).find((body) => body["_tag"] === "Assist"),
  )

const useOf = (id: number) =>
  eventuallyAsked(
    "what became of the draft",
    async () => (await recordOf(id)).find((body) => body["_tag"] === "DraftUse"),
    80,
  )

const reads = (id: number): number =>
  site.emulator
    .calls()
    .filter(({ method, path }) => method === "GET" && path.includes(`/tickets/${id}/comments`)).length

describe("a draft", () => {
  it("that an agent sent, changed, or put aside is recorded as such, for a read of the ticket with each look", async () => {
    const kept = await arrives("Ada")
    const edited = await arrives("Ben")
    const unused = await arrives("Cem")
    const draft = String((await draftOn(kept))["draft"])
    await Promise.all([draftOn(edited), draftOn(unused)])
    const before = reads(kept)
    site.emulator.agent(kept, { action: "reply", body: `Hi Ada,\n\n${draft}\n\nRobin` })
    const half = draft.split(/\s+/)
    const changed = [
      ...half.slice(0, Math.ceil(half.length * 0.7)),
      "and call us if that does not help",
    ].join(" ")
    site.emulator.agent(edited, { action: "reply", body: changed })
    site.emulator.agent(unused, { action: "note", body: draft })
    site.emulator.agent(unused, { action: "reply", body: "I have called you." })
    assert.deepInclude(await useOf(kept), { use: "kept" })
    assert.deepInclude(await useOf(edited), { use: "edited" })
    assert.deepInclude(await useOf(unused), { use: "unused" })
    assert.isAtMost(reads(kept) - before, 3)
  })

  it("whose ticket is solved without a word was of no use", async () => {
    const id = await arrives("Dea")
    await draftOn(id)
    site.emulator.agent(id, { action: "solve" })
    assert.deepInclude(await useOf(id), { use: "unused", replyId: null })
  })
})
