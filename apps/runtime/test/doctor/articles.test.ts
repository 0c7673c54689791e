/** Articles that do not appear, and fields that stay blank: each cause by itself. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { ArticleStore, OrgId } from "@opencx/core"
import { Effect, Schema } from "effect"
import { type DoctorStage, isOk, isProblem, setDoctorStage } from "../support/doctorStage.ts"
import { oauth } from "../support/zendeskStage.ts"

let stage: DoctorStage
beforeAll(async () => {
  stage = await setDoctorStage()
  await stage.setUp()
}, 30_000)
afterAll(() => stage.close())

const orgId = OrgId.make("acme")
let number = 0
/** Each test has a source of its own. */
const source = (more: object = {}) => {
  const id = `help-${++number}`
  stage.configure({ sources: [{ id, type: "zendesk_help_center", ...more }] })
  return id
}

const article = (key: string, visibility: "public" | "internal", sourceId: string) => ({
  sourceId,
  key,
  articleId: key,
  locale: "en-us",
  title: key,
  path: [],
  body: "text",
  url: null,
  visibility,
  labels: [],
  updatedAt: 1,
  hash: key,
})

type State = "public" | "internal" | "draft"

/** What a sync would have left: a listing, and the articles that are no drafts. */
const synced = (sourceId: string, states: ReadonlyArray<State>) =>
  stage.within(
    Effect.gen(function* () {
      const store = yield* ArticleStore
      const run = { holder: "test", leaseMs: 60_000, now: Date.now() }
      yield* store.runs.claim(orgId, sourceId, { ...run, everyMs: null })
      yield* store.listing.see(
        orgId,
        sourceId,
        1,
        states.map((state, i) => ({ key: `a${i}`, shelf: "en-us", state, mark: "m", updatedAt: 1 })),
      )
      yield* store.upsert(
        orgId,
        states.flatMap((state, i) => (state === "draft" ? [] : [article(`a${i}`, state, sourceId)])),
      )
      yield* store.runs.finish(orgId, sourceId, "test", { _tag: "done", startedAt: run.now })
    }),
  )

describe("articles", { timeout: 60_000 }, () => {
  it("no source at all; a source that was never synced; one that is good", async () => {
    stage.configure({})
    isProblem(await stage.look(), "articles.source", /no source/, /zendesk_help_center/)
    const id = source()
    isProblem(await stage.look(), "articles.sync_ran", /never synced/, /opencx sync/)
    await synced(id, ["public", "public"])
    const found = await stage.look()
    isOk(
      found,
      "articles.source",
      "articles.help_center",
      "articles.sync_ran",
      "articles.sync_running",
      "articles.sync_failed",
      "articles.empty",
      "articles.drafts",
      "articles.restricted",
      "articles.filter",
    )
  })

  it("drafts, and articles of a user segment", async () => {
    const id = source()
    await synced(id, ["public", "draft", "internal", "internal"])
    const found = await stage.look()
    const drafts = isProblem(found, "articles.drafts", /drafts/, /Publish/)
    assert.deepStrictEqual(drafts.evidence, [`${id}: 1 of 4 are drafts or could not be read`])
    const restricted = isProblem(found, "articles.restricted", /user segment/, /no segment/)
    assert.deepStrictEqual(restricted.evidence, [`${id}: 2 of 3 are restricted`])
    assert.isFalse(drafts.needed || restricted.needed, "they may be meant so")
  })

  it("nothing is open to everybody: a Help Center that asks to sign in, or all restricted", async () => {
    const id = source()
    await synced(id, ["internal", "internal"])
    const check = isProblem(await stage.look(), "articles.none_public", /open to everybody/, /Everyone/)
    assert.isTrue(check.needed)
    assert.deepStrictEqual(check.evidence, [`${id}: 0 of 2 are public`])
    const other = source()
    await synced(other, ["public", "internal"])
    isOk(await stage.look(), "articles.none_public")
  })

  it("a sync that runs, one that was broken off, one that failed", async () => {
    const id = source()
    const { runs } = await stage.within(ArticleStore)
    const claim = { holder: "h", now: Date.now(), leaseMs: 60_000, everyMs: null }
    await stage.within(runs.claim(orgId, id, claim))
    isProblem(await stage.look(), "articles.sync_running", /still running/, /Wait/)
    isOk(await stage.look(), "articles.sync_ran")
    await stage.within(runs.finish(orgId, id, "h", { _tag: "failed", retryAt: Date.now() + 1000 }))
    const found = await stage.look()
    isOk(found, "articles.sync_running")
    const check = isProblem(found, "articles.sync_failed", /last sync failed/, /opencx sync/)
    assert.deepStrictEqual(check.evidence, [`${id}: 1 failed run, last good one never`])
    await stage.within(runs.claim(orgId, id, { ...claim, leaseMs: -1 }))
    isOk(await stage.look(), "articles.sync_running")
  })

  it("a filter, and one that leaves nothing", async () => {
    const id = source({ locales: ["de"], categories: [7] })
    await synced(id, [])
    const found = await stage.look()
    isProblem(found, "articles.filter", /a part of the articles/, /locales/)
    const check = isProblem(found, "articles.empty", /lists no article/, /filter/)
    assert.match(check.evidence.join(), /only locales de and categories 7/)
  })
})

const Field = Schema.decodeUnknownSync(Schema.Struct({ ticket_field: Schema.Struct({ id: Schema.Int }) }))
const makeField = async (more: object) =>
  Field(await stage.support("POST", "/api/v2/ticket_fields", { ticket_field: more })).ticket_field.id
const changeField = (id: number, more: object) =>
  stage.put(`/api/v2/ticket_fields/${id}`, { ticket_field: more })

describe("AI fields", { timeout: 60_000 }, () => {
  const options = [{ name: "Late", value: "late" }]
  const description = "The primary reason for which the contact writes."

  it("a good mapping; one that is off; a field that is not there", async () => {
    const id = await makeField({ type: "tagger", title: "Why", custom_field_options: options })
    stage.configure({ fields: [{ id, description }] })
    isOk(
      await stage.look(),
      "fields.readable",
      "fields.mapping",
      "fields.exists",
      "fields.active",
      "fields.kind",
      "fields.options",
      "fields.description",
    )
    stage.configure({ fields: [{ id, on: false, description }] })
    isProblem(await stage.look(), "fields.mapping", /mapping is disabled/, /`on`/)
    stage.configure({ fields: [{ id: "4711", description }] })
    isProblem(await stage.look(), "fields.exists", /no such field/, /Fields/)
  })

  it("a field that was deactivated", async () => {
    const id = await makeField({ type: "text", title: "Order" })
    stage.configure({ fields: [{ id, description }] })
    isOk(await stage.look(), "fields.active")
    await changeField(id, { active: false })
    const check = isProblem(await stage.look(), "fields.active", /deactivated/, /Activate/)
    assert.match(check.evidence.join(), /"Order"/)
  })

  it("options that were removed", async () => {
    const id = await makeField({ type: "tagger", title: "Area", custom_field_options: options })
    stage.configure({ fields: [{ id, description }] })
    isOk(await stage.look(), "fields.options")
    await changeField(id, { custom_field_options: [] })
    isProblem(await stage.look(), "fields.options", /no options any more/, /options again/)
  })

  it("an option that the description names was removed", async () => {
    const two = [...options, { name: "Damaged", value: "reason_damaged" }]
    const id = await makeField({ type: "tagger", title: "Cause", custom_field_options: two })
    const names = 'Why they write. “Late” for the carrier, "damaged" or "reason_damaged" for the box.'
    stage.configure({ fields: [{ id, description: names }] })
    isOk(await stage.look(), "fields.option_gone")
    await changeField(id, { custom_field_options: options })
    const check = isProblem(
      await stage.look(),
      "fields.option_gone",
      /names options that the drop-down does not have/,
      /Tickets > Fields/,
    )
    assert.deepStrictEqual(check.evidence, [
      `"Cause" (${id}): "damaged"`,
      `"Cause" (${id}): "reason_damaged"`,
    ])
    assert.isFalse(check.needed)
    await changeField(id, { custom_field_options: two })
    isOk(await stage.look(), "fields.option_gone")
    stage.configure({
      fields: [{ id, description: 'Say "hello" to the customer, as they say "hello" to us.' }],
    })
    isOk(await stage.look(), "fields.option_gone")
  })

  it("no description on either side", async () => {
    const id = await makeField({ type: "text", title: "X" })
    stage.configure({ fields: [{ id }] })
    isProblem(await stage.look(), "fields.description", /missing or too vague/, /`description`/)
    await changeField(id, { description })
    isOk(await stage.look(), "fields.description")
    stage.configure({ fields: [{ id, description: "reason" }] })
    isOk(await stage.look(), "fields.description")
  })

  it("a field of a kind that is never filled", async () => {
    const fields = [
      { id: 1, type: "partialcreditcard", title: "Card", active: true },
      { id: 2, type: "text", title: "Order", active: true },
    ]
    stage.instead((path) =>
      path.startsWith("/api/v2/ticket_fields") ? { status: 200, json: { ticket_fields: fields } } : null,
    )
    const zendesk = { subdomain: "acme", baseUrl: stage.publicUrl, auth: oauth }
    stage.configure({ zendesk, fields: [{ id: 2, description }] })
    isOk(await stage.look(), "fields.kind")
    stage.configure({ zendesk, fields: [{ id: 1, description }] })
    isProblem(await stage.look(), "fields.kind", /never filled/, /drop-down/)
    stage.instead(null)
    stage.configure({})
  })

  it("fields that cannot be read are unknown", async () => {
    stage.configure({ fields: [{ id: "1", description }], zendesk: { subdomain: "https://x" } })
    const found = await stage.look()
    assert.strictEqual(found.checks.find(({ id }) => id === "fields.exists")?.status, "unknown")
    stage.configure({})
    assert.isUndefined((await stage.look()).checks.find(({ id }) => id === "fields.exists"))
  })
})
