/**
 * `/files/<signed token>/<name>`: a stored file for providers that fetch media by themselves, and for customers' browsers.
 * The token names organization, bytes, type and the moment until which it is good; the name at the end is for people.
 */
import { type Attachment, BlobId, Blobs, type OrgId, OrgId as OrgIdSchema, safeFileName } from "@opencx/core"
import { Clock, Effect, Option, Schema } from "effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { Signing } from "../layers/Signing.ts"
import type { UrlSigner } from "../signing/tokens.ts"

const purpose = "file"
/** Good for a day, and for up to two: the end falls on whole days, so that the same file keeps its address for a while. */
const dayMs = 86_400_000

const Grant = Schema.fromJsonString(
  Schema.Struct({ org: OrgIdSchema, blob: BlobId, type: Schema.String, until: Schema.Number }),
)
const decodeGrant = Schema.decodeUnknownOption(Grant)

/** The path of a file, signed; `now` in epoch milliseconds. */
export const filePath = (
  urls: UrlSigner,
  orgId: OrgId,
  { blobId, contentType, fileName }: Attachment,
  now: number,
): string => {
  const until = (Math.floor(now / dayMs) + 2) * dayMs
  const grant = JSON.stringify({ org: orgId, blob: blobId, type: contentType, until })
  const token = urls.sign(purpose, [Buffer.from(grant).toString("base64url")])
  return `/files/${token}/${encodeURIComponent(fileName)}`
}

const gone = HttpServerResponse.text("This link is not valid (any more).", { status: 404 })

/** Types that a browser may show in a page of ours; everything else is only ever saved. */
const shown = /^(?:image\/(?:png|jpeg|gif|webp)|audio\/[\w.+-]+|video\/[\w.+-]+)$/

const plainType = /^[\w.+-]{1,80}\/[\w.+-]{1,80}$/

const answer = (bytes: Uint8Array, type: string, name: string) => {
  const contentType = plainType.test(type) ? type : "application/octet-stream"
  const disposition = shown.test(contentType) ? "inline" : "attachment"
  return HttpServerResponse.uint8Array(bytes, {
    contentType,
    headers: {
      "content-disposition": `${disposition}; filename*=UTF-8''${encodeURIComponent(safeFileName(name))}`,
      "x-content-type-options": "nosniff",
      "content-security-policy": "default-src 'none'; sandbox",
      "cross-origin-resource-policy": "cross-origin",
      "referrer-policy": "no-referrer",
      "cache-control": "private, max-age=3600",
    },
  })
}

export const Files = HttpRouter.add("GET", "/files/:token/:name", () =>
  Effect.gen(function* () {
    const { name = "", token = "" } = yield* HttpRouter.params
    const { urls } = yield* Signing
    const [part] = urls.open(purpose, token) ?? []
    if (part === undefined) return gone
    const grant = Option.getOrNull(decodeGrant(Buffer.from(part, "base64url").toString("utf8")))
    if (grant === null || grant.until < (yield* Clock.currentTimeMillis)) return gone
    const bytes = yield* (yield* Blobs).get(grant.org, grant.blob)
    return bytes === null ? gone : answer(bytes, grant.type, name)
  }).pipe(
    Effect.catchTag("StoreError", () =>
      Effect.succeed(HttpServerResponse.text("Not now; please come again.", { status: 503 })),
    ),
  ),
)
