/** What an agent does for the humans of the help desk: fields, and drafts on their tickets. */
import { assert, type Vitest } from "@effect/vitest"
import {
  ArticleStore,
  type AssistContext,
  type AssistResult,
  ChannelId,
  type FieldRequest,
  type FilledField,
  type OrgId,
  SupportAgent,
  type TicketField,
} from "@opencx/core"
import { Effect } from "effect"
import { helpCenter, newOrg, override, refunds, secret } from "../knowledge/articles.ts"

type Suite = Vitest.MethodsNonLive<SupportAgent | ArticleStore>

const organization = Effect.gen(function* () {
  const orgId = newOrg()
  yield* (yield* ArticleStore).upsert(orgId, helpCenter)
  return orgId
})

const dropdown: TicketField = {
  id: "31",
  kind: "dropdown",
  title: "Reason",
  description: "Why the customer writes",
  active: true,
  required: false,
  options: [
    { value: "money_back", label: "Refund" },
    { value: "late_parcel", label: "Delivery::Late" },
    { value: "other_reason", label: "Other" },
  ],
  pattern: null,
}

const request = (change: Partial<TicketField> = {}): FieldRequest => ({
  field: { ...dropdown, ...change },
  instruction: null,
})

const filled = (fields: ReadonlyArray<FieldRequest>, text: string, orgId: OrgId) =>
  SupportAgent.use((agent) =>
    agent.fill(fields, {
      orgId,
      organizationName: "Acme",
      channel: ChannelId.make("email"),
      subject: null,
      lines: [{ role: "customer", text, at: 0 }],
      unanswered: 1,
      language: "en",
      agentLanguage: "en",
      escalateTopics: [],
    }),
  )

const fillsOptions = (it: Suite) =>
  it.effect("fills a dropdown with the value, never the label, of the option that is spoken of", () =>
    Effect.gen(function* () {
      const orgId = yield* organization
      const one = (yield* filled([request()], "I want a refund for order 1042.", orgId)).map(
        ({ id, value }) => ({ id, value }),
      )
      assert.deepStrictEqual(one, [{ id: "31", value: "money_back" }])
      const several = yield* filled([request({ kind: "multiselect" })], "I want a refund.", orgId)
      assert.deepStrictEqual(several[0]?.value, ["money_back"])
    }),
  )

const staysBlank = (it: Suite) =>
  it.effect("leaves blank what nothing is said about, and fills only what it was asked for, once", () =>
    Effect.gen(function* () {
      const orgId = yield* organization
      const unknown = yield* filled([request()], "Which planets have rings of dust?", orgId)
      assert.deepStrictEqual(unknown, [])
      assert.deepStrictEqual(yield* filled([request()], "", orgId), [])
      assert.deepStrictEqual(yield* filled([], "I want a refund.", orgId), [])
      const both = [request(), request({ id: "32", kind: "checkbox", title: "Gift", options: [] })]
      const values: ReadonlyArray<FilledField> = yield* filled(both, "I want a refund for order 1042.", orgId)
      const ids = values.map((one) => one.id)
      assert.strictEqual(new Set(ids).size, ids.length)
      for (const { confidence, id } of values) {
        assert.include(["31", "32"], id)
        assert.isTrue(confidence >= 0 && confidence <= 1)
      }
    }),
  )

const contextOf = (orgId: OrgId, text: string, change: Partial<AssistContext> = {}): AssistContext => ({
  orgId,
  organizationName: "Acme",
  subject: null,
  lines: [{ role: "customer", text, at: 0 }],
  unanswered: 1,
  request: null,
  language: "en",
  agentLanguage: "en",
  quietTopics: [],
  ...change,
})

const assisted = (context: AssistContext) => SupportAgent.use((agent) => agent.assist(context))

const reasonOf = (result: AssistResult) => (result._tag === "Skip" ? result.reason : result._tag)

const drafts = (it: Suite) =>
  it.effect("drafts from public and internal articles, and says which sources are internal", () =>
    Effect.gen(function* () {
      const orgId = yield* organization
      const open = yield* assisted(contextOf(orgId, refunds.title))
      if (open._tag !== "Draft") return assert.fail(reasonOf(open))
      assert.include(open.text, "five working days")
      assert.deepInclude(open.sources[0], { articleId: refunds.articleId, internal: false })
      const inside = yield* assisted(contextOf(orgId, override.title))
      if (inside._tag !== "Draft") return assert.fail(reasonOf(inside))
      assert.include(inside.text, secret)
      assert.deepInclude(inside.sources[0], { articleId: override.articleId, internal: true })
      assert.isAbove(inside.trace.hits.length, 0)
    }),
  )

const asked = (it: Suite) =>
  it.effect("answers what an agent asks in a note, rather than the customer", () =>
    Effect.gen(function* () {
      const orgId = yield* organization
      const result = yield* assisted(contextOf(orgId, "Hello", { request: refunds.title }))
      if (result._tag !== "Draft") return assert.fail(reasonOf(result))
      assert.strictEqual(result.sources[0]?.articleId, refunds.articleId)
    }),
  )

const quiet = (it: Suite) =>
  it.effect("stays quiet on what no article covers, and on quiet topics", () =>
    Effect.gen(function* () {
      const orgId = yield* organization
      const unknown = yield* assisted(contextOf(orgId, "Which planets have rings of dust?"))
      assert.strictEqual(reasonOf(unknown), "not_helpful_answer")
      const listed = contextOf(orgId, `Chargeback: ${refunds.title}`, { quietTopics: ["chargeback"] })
      assert.strictEqual(reasonOf(yield* assisted(listed)), "topic_no_assist")
      const elsewhere = yield* assisted(contextOf(newOrg(), refunds.title))
      assert.strictEqual(reasonOf(elsewhere), "not_helpful_answer")
    }),
  )

/** Fields, and drafts for humans. */
export const helpingTests = (it: Suite): void => {
  for (const test of [fillsOptions, staysBlank, drafts, asked, quiet]) test(it)
}
