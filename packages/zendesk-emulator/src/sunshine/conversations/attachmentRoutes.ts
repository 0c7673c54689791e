import { ApiError, json, type Reply } from "../../http/Reply.ts"
import { header } from "../../http/Request.ts"
import { asString, get } from "../../world/json.ts"
import { ulid } from "../../world/ids.ts"
import type { Messaging } from "../context.ts"
import { badRequest, failure, tooLarge } from "../http/errors.ts"
import { bodyObject, empty, type SunshineRequest, type SunshineRoute } from "../http/route.ts"
import type { MessagingAttachment } from "../world/model.ts"

const maxBytes = 50 * 1024 * 1024

/** It becomes a header of an answer, where a line break would end the process. */
const headerSafe = (text: string): string => text.replace(/[^\x20-\x7e]+/g, "").trim()

export const storeAttachment = (
  messaging: Messaging,
  file: {
    readonly fileName: string
    readonly contentType: string
    readonly bytes: Uint8Array
    readonly conversationId: string | null
  },
): MessagingAttachment => {
  const id = ulid(messaging.world.now())
  const attachment = {
    ...file,
    contentType: headerSafe(file.contentType) || "application/octet-stream",
    id,
    mediaUrl: `${messaging.world.baseUrl}/sc/attachments/v2/${id}/${encodeURIComponent(file.fileName)}`,
  }
  messaging.store.attachments.set(id, attachment)
  return attachment
}

/** The part `source` of a multipart body. */
const fileIn = async (request: SunshineRequest): Promise<File> => {
  const type = header(request, "content-type") ?? ""
  let form: FormData
  try {
    form = await new Response(new Uint8Array(request.body), { headers: { "content-type": type } }).formData()
  } catch {
    throw badRequest("The body must be multipart/form-data with a file in source")
  }
  const file = form.get("source")
  if (file === null || typeof file === "string") throw badRequest("source is required")
  return file
}

const upload = async (messaging: Messaging, request: SunshineRequest): Promise<Reply> => {
  if (request.query.get("access") !== "public") throw badRequest("access must be public")
  const file = await fileIn(request)
  if (file.size > maxBytes) throw new ApiError(tooLarge)
  const attachment = storeAttachment(messaging, {
    fileName: file.name,
    contentType: file.type,
    bytes: new Uint8Array(await file.arrayBuffer()),
    conversationId: request.query.get("conversationId"),
  })
  return json(201, {
    attachment: { mediaUrl: attachment.mediaUrl, mediaType: attachment.contentType },
  })
}

const remove = (messaging: Messaging, request: SunshineRequest): Reply => {
  const mediaUrl = asString(get(bodyObject(request), "mediaUrl")) ?? ""
  const found = [...messaging.store.attachments.values()].find((file) => file.mediaUrl === mediaUrl)
  if (found === undefined) {
    if (!mediaUrl.startsWith(`${messaging.world.baseUrl}/sc/attachments/`))
      throw badRequest(`Unsupported media URL for attachment deletion: ${mediaUrl}`)
    throw failure(404, "not_found", "Attachment not found")
  }
  messaging.store.attachments.delete(found.id)
  return empty
}

/** The bytes behind a `mediaUrl`, or nothing when the path is not one. */
export const mediaReply = (messaging: Messaging, path: string): Reply | undefined => {
  const id = /^\/sc\/attachments\/v2\/([^/]+)\/[^/]*$/.exec(path)?.[1]
  if (id === undefined) return undefined
  const file = messaging.store.attachments.get(id)
  if (file === undefined) throw failure(404, "not_found", "Attachment not found")
  return {
    status: 200,
    headers: {
      "content-type": file.contentType,
      "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(file.fileName)}`,
      "x-content-type-options": "nosniff",
    },
    body: file.bytes,
  }
}

export const messagingAttachmentRoutes = (messaging: Messaging): ReadonlyArray<SunshineRoute> => [
  {
    method: "POST",
    path: "/attachments",
    scope: "integration",
    handle: (request) => upload(messaging, request),
  },
  {
    method: "POST",
    path: "/attachments/remove",
    scope: "integration",
    handle: (request) => remove(messaging, request),
  },
]
