import { invalidField } from "../http/Reply.ts"
import { asBool, asInt, asString, get, isObject, strings } from "../world/json.ts"
import type { Attachment } from "../world/model.ts"
import type { World } from "../world/World.ts"
import { cleanHtml, htmlToText, textToHtml } from "./text.ts"

export interface NewComment {
  readonly body: string
  readonly htmlBody: string
  readonly public: boolean | undefined
  readonly authorId: number | undefined
  readonly attachments: ReadonlyArray<Attachment>
  /** Uploads to mark as used once the comment is committed. */
  readonly uploadTokens: ReadonlyArray<string>
}

const hour = 3_600_000

/** Attachments behind upload tokens. A token lives 60 minutes and is good for one comment. */
const uploadsOf = (world: World, tokens: ReadonlyArray<string>): ReadonlyArray<Attachment> =>
  tokens.flatMap((token) => {
    const upload = world.uploads.get(token)
    if (upload === undefined || upload.consumed || upload.createdAt + hour <= world.now()) {
      throw invalidField("comment", "Comment: upload token is invalid or has expired", "InvalidUpload")
    }
    return upload.attachments
  })

export const readComment = (world: World, value: unknown): NewComment | undefined => {
  if (value === undefined || value === null) return undefined
  const source = typeof value === "string" ? { body: value } : value
  if (!isObject(source)) throw invalidField("comment", "Comment: is invalid", "InvalidValue")
  const html = asString(get(source, "html_body"))
  const plain = asString(get(source, "body"))
  const tokens = strings(get(source, "uploads"))
  const attachments = uploadsOf(world, tokens)
  const body = html === undefined ? (plain ?? "") : htmlToText(html)
  if (body.trim() === "" && attachments.length === 0) {
    throw invalidField("comment", "Comment: cannot be blank", "BlankValue")
  }
  const bytes = Buffer.byteLength(html ?? plain ?? "", "utf8")
  if (bytes > world.settings.limits.commentBytes) {
    const limit = world.settings.limits.commentBytes
    throw invalidField("comment", `Comment: is too long (maximum is ${limit} bytes)`, "TooLong")
  }
  return {
    body,
    htmlBody: html === undefined ? textToHtml(body) : cleanHtml(html),
    public: asBool(get(source, "public")),
    authorId: authorOf(world, get(source, "author_id")),
    attachments,
    uploadTokens: tokens,
  }
}

const authorOf = (world: World, value: unknown): number | undefined => {
  if (value === undefined || value === null) return undefined
  const user = world.users.byId.get(asInt(value) ?? 0)
  if (user === undefined || !user.active) throw invalidField("author", "Author: is invalid", "InvalidValue")
  return user.id
}
