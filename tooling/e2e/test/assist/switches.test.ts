/** Every switch of assist mode, on real sockets: organization, brand, group, tag, mention, the no-assist tag and its topics. */
import { sampleSeed } from "@opencx/runtime"
import { Effect, Schema } from "effect"
import { make as makeEmulator, type Seed } from "@opencx/zendesk-emulator"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { eventually } from "../support/customers.ts"
import { operatorOf, settled } from "../support/operator.ts"
import { asAdmin, ticketNumbered, usersOf } from "../support/people.ts"
import { type FieldSite, openedIn, opensTicket, startFieldSite } from "./site.ts"

const seed: Seed = { brands: ["Larkspoke", "Outlet"], groups: ["Support", "Legal"] }
const question = "How do I reset my password?"

const Named = Schema.Array(Schema.Struct({ id: Schema.Int, name: Schema.String }))
const Brands = Schema.Struct({ brands: Named })
const Groups = Schema.Struct({ groups: Named })

/** The same seed gives the same ids, so that rules can name them before there is a site. */
const idsOf = () =>
  makeEmulator({ subdomain: "larkspoke", seed: { ...sampleSeed, ...seed } }).pipe(
    Effect.flatMap((emulator) =>
      Effect.promise(async () => ({
        ...Schema.decodeUnknownSync(Brands)(await (await asAdmin({ emulator }, "/api/v2/brands")).json()),
        ...Schema.decodeUnknownSync(Groups)(await (await asAdmin({ emulator }, "/api/v2/groups")).json()),
      })),
    ),
    Effect.scoped,
    Effect.runPromise,
  )

const called = (all: typeof Named.Type, name: string): number => all.find((one) => one.name === name)?.id ?? 0

/** A ticket of Ada's, where brand, group and tags can be said. */
const arrivesAs = async (site: FieldSite, more: object, body = question): Promise<number> => {
  const ada = usersOf(site).find((one) => one.email === "ada.lee@customer.example")
  const comment = { body, public: true, author_id: ada?.id }
  const ticket = { subject: "A question", requester_id: ada?.id, submitter_id: ada?.id, comment, ...more }
  const answer = await asAdmin(site, "/api/v2/tickets", { method: "POST", json: { ticket } })
  return openedIn(await answer.json())
}

const notesOn = (site: FieldSite, id: number) =>
  ticketNumbered(site, id).comments.filter((one) => one.author_id === site.emulator.integrationUserId)

const asks = (site: FieldSite, id: number) =>
  void site.emulator.agent(id, { action: "note", body: "@opencx how long does standard shipping take?" })

describe("with drafts for every comment, and rules", () => {
  let site: FieldSite
  let legal = 0
  let outlet = 0

  beforeAll(async () => {
    const { brands, groups } = await idsOf()
    legal = called(groups, "Legal")
    outlet = called(brands, "Outlet")
    site = await startFieldSite({
      emulator: { timeScale: 0.1 },
      seed,
      organization: {
        assist: {
          mode: "every_comment",
          reviewMinutes: [],
          rules: [
            { brand: outlet, mode: "off" },
            { group: legal, mode: "off" },
            { brand: called(brands, "Larkspoke"), tag: "vip", mode: "on_mention" },
          ],
          quietTopics: ["chargeback"],
        },
      },
    })
    const first = await opensTicket(site, question)
    await eventually("the first draft", () => notesOn(site, first).length === 1, 20)
  })
  afterAll(() => site?.close())

  it("brand, group and tag decide; the others have their draft", async () => {
    assert.isAbove(legal, 0)
    assert.isAbove(outlet, 0)
    const off = [
      await arrivesAs(site, { brand_id: outlet }),
      await arrivesAs(site, { group_id: legal }),
      await arrivesAs(site, { tags: ["vip"] }),
    ]
    const on = await arrivesAs(site, { tags: ["other"] })
    await eventually("the other's draft", () => notesOn(site, on).length === 1, 20)
    await settled(site)
    for (const id of off) assert.lengthOf(notesOn(site, id), 0, `ticket ${id}`)
  })

  it("an agent's question is answered where a rule leaves that, and not where it is off", async () => {
    const vip = await arrivesAs(site, { tags: ["vip"] })
    const foreign = await arrivesAs(site, { brand_id: outlet })
    const silenced = await arrivesAs(site, { tags: ["opencx_skipped_topic_no_assist"] })
    for (const id of [foreign, silenced, vip]) asks(site, id)
    await eventually("the asked draft", () => notesOn(site, vip).length === 1, 20)
    assert.match(notesOn(site, vip)[0]?.html_body ?? "", /shipping/i)
    await settled(site)
    for (const id of [foreign, silenced]) assert.lengthOf(notesOn(site, id), 0, `ticket ${id}`)
  })

  it("a listed topic is tagged and left alone, also when an agent asks afterwards", async () => {
    const id = await arrivesAs(site, {}, "I started a chargeback. How do I reset my password?")
    const tag = "opencx_skipped_topic_no_assist"
    await eventually("the tag", () => ticketNumbered(site, id).tags.includes(tag), 20)
    asks(site, id)
    await settled(site)
    assert.lengthOf(notesOn(site, id), 0)
    assert.lengthOf(await operatorOf(site).deadLetters(), 0)
  })
})

describe("switched off for the organization", () => {
  let site: FieldSite

  beforeAll(async () => {
    site = await startFieldSite({
      emulator: { timeScale: 0.1 },
      seed,
      organization: {
        assist: { mode: "off", reviewMinutes: [], rules: [{ tag: "pilot", mode: "every_comment" }] },
      },
    })
    await opensTicket(site, question)
  })
  afterAll(() => site?.close())

  it("only what a rule switches on has drafts", async () => {
    const other = await arrivesAs(site, {})
    const pilot = await arrivesAs(site, { tags: ["pilot"] })
    await eventually("the pilot's draft", () => notesOn(site, pilot).length === 1, 20)
    asks(site, other)
    await settled(site)
    assert.lengthOf(notesOn(site, other), 0)
  })
})
