import { assert, describe, it } from "@effect/vitest"
import { account, arr, at, num, str } from "./harness.ts"
import { document, lines, missing, present, problems, schemaOf } from "./openapi.ts"

const support = document("zendesk-support-openapi-2.0.0-2026-08-02.yaml")
const helpCenter = document("zendesk-help-center-openapi-2.0.0-2026-08-02.yaml")

const found = present([support, helpCenter])
if (!found) console.log("NOT COMPARED with the published documents: they are not on this machine")

describe.skipIf(!found)("answers and the published documents", () => {
  it("agree on names, types and nulls", async () => {
    const acme = await account({
      seed: {
        articles: [
          {
            title: "A",
            body: "<p>a</p>",
            attachments: [{ fileName: "a.txt", contentType: "text/plain", content: "x" }],
          },
        ],
      },
    })
    const spec = lines(support)
    const hcSpec = lines(helpCenter)
    const upload = await acme.call("POST", "/api/v2/uploads?filename=a.txt", undefined, {
      raw: "x",
      headers: { "content-type": "text/plain" },
    })
    const id = await acme.ticket({
      comment: { body: "b", public: true, uploads: [str(upload.body, "upload.token")] },
    })
    const show = async (path: string, member: string): Promise<unknown> => {
      const answer = await acme.call("GET", path)
      assert.strictEqual(answer.status, 200, path)
      return at(answer.body, member)
    }
    const user = await show(`/api/v2/tickets/${id}`, "ticket.requester_id")
    const job = await acme.call("PUT", `/api/v2/tickets/update_many?ids=${id}`, {
      ticket: { additional_tags: ["x"] },
    })
    const article = await show("/api/v2/help_center/articles.json", "articles.0")
    const articleId = num(article, "id")
    const unsetInReality = ["recipient", "forum_topic_id", "problem_id", "satisfaction_rating"]
    const cases: ReadonlyArray<
      readonly [ReadonlyArray<string>, string, unknown, ReadonlyArray<string>, ReadonlyArray<string>]
    > = [
      [spec, "TicketObject", await show(`/api/v2/tickets/${id}`, "ticket"), [], unsetInReality],
      [spec, "TicketCommentObject", await show(`/api/v2/tickets/${id}/comments.json`, "comments.0"), [], []],
      [spec, "TicketAuditObject", await show(`/api/v2/tickets/${id}/audits`, "audits.0"), [], []],
      [
        spec,
        "AttachmentObject",
        await show(`/api/v2/tickets/${id}/comments`, "comments.0.attachments.0"),
        [],
        ["width", "height"],
      ],
      [
        spec,
        "UserForAdmin",
        await show(`/api/v2/users/${String(user)}`, "user"),
        [],
        ["last_login_at", "default_group_id", "signature"],
      ],
      [
        spec,
        "UserIdentityObject",
        await show(`/api/v2/users/${String(user)}/identities`, "identities.0"),
        [],
        [],
      ],
      [
        spec,
        "TicketFieldObject",
        await show("/api/v2/ticket_fields", "ticket_fields.7"),
        [],
        ["agent_description"],
      ],
      [spec, "GroupObject", await show("/api/v2/groups", "groups.0"), [], []],
      [spec, "GroupMembershipObject", await show("/api/v2/group_memberships", "group_memberships.0"), [], []],
      [spec, "BrandObject", await show("/api/v2/brands", "brands.0"), [], ["host_mapping", "logo"]],
      [spec, "TriggerObject", await show("/api/v2/triggers", "triggers.0"), [], ["description"]],
      [spec, "TriggerCategory", await show("/api/v2/trigger_categories", "trigger_categories.0"), [], []],
      [spec, "JobStatusObject", at(job.body, "job_status"), [], []],
      [hcSpec, "ArticleObject", article, ["name"], []],
      [
        hcSpec,
        "TranslationObject",
        await show(`/api/v2/help_center/articles/${articleId}/translations.json`, "translations.0"),
        ["hidden"],
        [],
      ],
      [hcSpec, "SectionObject", await show("/api/v2/help_center/sections.json", "sections.0"), [], []],
      [hcSpec, "CategoryObject", await show("/api/v2/help_center/categories.json", "categories.0"), [], []],
      [
        hcSpec,
        "ArticleAttachmentObject",
        await show(`/api/v2/help_center/articles/${articleId}/attachments.json`, "article_attachments.0"),
        ["display_file_name", "relative_path"],
        ["locale"],
      ],
    ]
    for (const [text, name, sample, extra, nulls] of cases) {
      const schema = schemaOf(text, name)
      assert.isAbove(schema.size, 4, `the reader found nothing in ${name}`)
      assert.isAbove(Object.keys(Object(sample)).length, 3, `no sample of ${name}`)
      assert.deepStrictEqual(problems(schema, sample, extra, nulls), [], name)
    }
    const ticketSchema = schemaOf(spec, "TicketObject")
    const needed = [
      "id",
      "url",
      "status",
      "external_id",
      "requester_id",
      "updated_at",
      "tags",
      "custom_fields",
      "via",
      "is_public",
      "followup_ids",
    ]
    assert.deepStrictEqual(missing(ticketSchema, await show(`/api/v2/tickets/${id}`, "ticket"), needed), [])
    assert.isAbove(
      arr(await acme.call("GET", "/api/v2/ticket_fields").then((answer) => answer.body), "ticket_fields")
        .length,
      7,
    )
    await acme.emulator.close()
  })
})
