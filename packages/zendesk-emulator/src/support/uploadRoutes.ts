import { header, type ApiRequest } from "../http/Request.ts"
import {
  ApiError,
  invalidField,
  json,
  noContent,
  recordNotFound,
  redirect,
  type Reply,
} from "../http/Reply.ts"
import { idParam } from "../http/paging.ts"
import type { Route } from "../http/Router.ts"
import { iso, secretToken, urlToken } from "../world/ids.ts"
import type { Upload } from "../world/model.ts"
import type { World } from "../world/World.ts"
import { viewAttachment } from "./ticketView.ts"

const hour = 3_600_000

const fresh = (world: World, upload: Upload | undefined): upload is Upload =>
  upload !== undefined && !upload.consumed && upload.createdAt + hour > world.now()

const uploadFor = (world: World, token: string | null): Upload => {
  if (token !== null) {
    const known = world.uploads.get(token)
    if (!fresh(world, known)) throw invalidField("token", "Token: is invalid or has expired", "InvalidValue")
    return known
  }
  if (world.uploads.size > 5_000) forgetOld(world)
  const created: Upload = { token: urlToken(), attachments: [], createdAt: world.now(), consumed: false }
  world.uploads.set(created.token, created)
  return created
}

const forgetOld = (world: World): void => {
  for (const [token, upload] of world.uploads) if (!fresh(world, upload)) world.uploads.delete(token)
}

const tooLarge = (limit: number): ApiError =>
  new ApiError(json(413, { error: "AttachmentTooLarge", description: `File is larger than ${limit} bytes` }))

const upload = (world: World, request: ApiRequest): Reply => {
  const fileName = request.query.get("filename")
  if (fileName === null || fileName.trim() === "") {
    throw invalidField("filename", "Filename: cannot be blank", "BlankValue")
  }
  const limit = world.settings.limits.uploadBytes
  if (request.body.length > limit) throw tooLarge(limit)
  const target = uploadFor(world, request.query.get("token"))
  const attachment = world.addAttachment({
    id: world.nextId(),
    fileName,
    contentType: header(request, "content-type") ?? "application/binary",
    token: urlToken(),
    bytes: request.body,
    createdAt: world.now(),
  })
  target.attachments.push(attachment)
  return json(201, {
    upload: {
      token: target.token,
      expires_at: iso(target.createdAt + hour),
      attachment: viewAttachment(world, attachment),
      attachments: target.attachments.map((item) => viewAttachment(world, item)),
    },
  })
}

const remove = (world: World, request: ApiRequest): Reply => {
  if (!world.uploads.delete(request.params["token"] ?? "")) throw recordNotFound()
  return noContent
}

/**
 * Private attachments: the Zendesk host wants credentials, then sends the caller to the CDN, another origin,
 * with a short-lived signature of its own.
 */
const content = (world: World, request: ApiRequest): Reply => {
  const attachment = world.attachments.get(request.params["token"] ?? "")
  if (attachment === undefined) throw recordNotFound()
  const name = encodeURIComponent(attachment.fileName)
  return redirect(
    `${world.cdnUrl}/${attachment.token}/${name}?Expires=${Math.floor(world.now() / 1_000) + 300}&Signature=${secretToken(8)}`,
  )
}

export const uploadRoutes = (world: World): ReadonlyArray<Route> => [
  {
    method: "POST",
    path: "/api/v2/uploads",
    access: "user",
    scope: "tickets",
    handle: (request) => upload(world, request),
  },
  {
    method: "DELETE",
    path: "/api/v2/uploads/:token",
    access: "user",
    scope: "tickets",
    handle: (request) => remove(world, request),
  },
  {
    method: "GET",
    path: "/api/v2/attachments/:id",
    access: "agent",
    scope: "tickets",
    handle: (request) => {
      const attachment = world.attachmentsById.get(idParam(request))
      if (attachment === undefined) throw recordNotFound()
      return json(200, { attachment: viewAttachment(world, attachment) })
    },
  },
  {
    method: "GET",
    path: "/attachments/token/:token",
    access: "user",
    scope: "tickets",
    pool: "none",
    handle: (request) => content(world, request),
  },
]
