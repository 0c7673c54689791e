import { existsSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "@effect/vitest"
import { account, arr, at, num, str } from "./harness.ts"

/**
 * Checks answers against the published OpenAPI documents when they lie beside the repository. They are not part
 * of it. The reader below knows just enough of their layout: schemas at four blanks under `components`, their
 * own properties at eight.
 */
const root = join(dirname(fileURLToPath(import.meta.url)), "../../..")
const shared = process.env["OPENCX_SHARED"] ?? join(root, "../shared")
const support = join(shared, "specs/zendesk-support-openapi-2.0.0-2026-08-02.yaml")
const helpCenter = join(shared, "specs/zendesk-help-center-openapi-2.0.0-2026-08-02.yaml")
const present = existsSync(support) && existsSync(helpCenter)
if (!present)
  console.log(`skipped: no OpenAPI documents under ${shared}/specs (set OPENCX_SHARED to check against them)`)

interface Property {
  readonly type: string | undefined
  readonly nullable: boolean
  readonly writeOnly: boolean
}

type Schema = ReadonlyMap<string, Property>

const lines = (file: string): ReadonlyArray<string> => readFileSync(file, "utf8").split("\n")

const blockOf = (text: ReadonlyArray<string>, name: string): ReadonlyArray<string> => {
  const start = text.indexOf(`    ${name}:`)
  if (start === -1) throw new Error(`no schema ${name}`)
  const rest = text.slice(start + 1)
  const end = rest.findIndex((line) => /^ {0,4}\S/.test(line))
  return rest.slice(0, end === -1 ? undefined : end)
}

const schemaOf = (text: ReadonlyArray<string>, name: string): Schema => {
  const block = blockOf(text, name)
  const inherited = block.flatMap((line) => {
    const parent = /^ {8}- \$ref: '#\/components\/schemas\/(\w+)'/.exec(line)?.[1]
    return parent === undefined ? [] : [...schemaOf(text, parent)]
  })
  const properties = new Map<string, Property>(inherited)
  const indent = block.some((line) => /^ {6}properties:/.test(line)) ? 8 : 12
  let current: string | undefined
  let inProperties = false
  for (const line of block) {
    if (new RegExp(`^ {${indent - 2}}properties:`).test(line)) inProperties = true
    else if (new RegExp(`^ {0,${indent - 2}}\\S`).test(line)) inProperties = false
    if (!inProperties) continue
    const named = new RegExp(`^ {${indent}}(\\w+):`).exec(line)
    if (named?.[1] !== undefined) {
      current = named[1]
      properties.set(current, { type: undefined, nullable: false, writeOnly: false })
    }
    const detail = new RegExp(`^ {${indent + 2}}(type|nullable|writeOnly): (\\w+)`).exec(line)
    const known = current === undefined ? undefined : properties.get(current)
    if (detail === null || known === undefined || current === undefined) continue
    if (detail[1] === "type") properties.set(current, { ...known, type: detail[2] })
    else
      properties.set(current, {
        ...known,
        [detail[1] === "nullable" ? "nullable" : "writeOnly"]: detail[2] === "true",
      })
  }
  return properties
}

const typeOf = (value: unknown): string =>
  Array.isArray(value)
    ? "array"
    : Number.isInteger(value)
      ? "integer"
      : value === null
        ? "null"
        : typeof value

/** Members that answers are known to have beyond the document, or to leave null against it. */
const problems = (
  schema: Schema,
  sample: unknown,
  extra: ReadonlyArray<string>,
  nulls: ReadonlyArray<string>,
): ReadonlyArray<string> =>
  Object.entries(Object(sample)).flatMap(([name, value]) => {
    const property = schema.get(name)
    if (property === undefined) return extra.includes(name) ? [] : [`${name}: not in the document`]
    if (property.writeOnly) return [`${name}: is write-only`]
    if (value === null) return property.nullable || nulls.includes(name) ? [] : [`${name}: null`]
    const actual = typeOf(value)
    const fits =
      property.type === undefined ||
      property.type === actual ||
      (property.type === "number" && actual === "integer")
    return fits ? [] : [`${name}: ${actual} instead of ${property.type}`]
  })

const missing = (schema: Schema, sample: unknown, required: ReadonlyArray<string>): ReadonlyArray<string> =>
  required.filter((name) => !schema.has(name) || at(sample, name) === undefined)

describe.skipIf(!present)("answers and the published documents", () => {
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
