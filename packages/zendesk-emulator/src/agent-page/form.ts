import { header, type ApiRequest } from "../http/Request.ts"
import { type ApiError, html, type Reply } from "../http/Reply.ts"
import { asArray, asObject, asString, get, parseJson } from "../world/json.ts"

/** No scripts at all, nothing from elsewhere, no framing. */
export const pageHeaders = {
  "content-security-policy":
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
} as const

export const page = (status: number, body: string): Reply => html(status, body, pageHeaders)

/** Always a download: a customer's HTML must not run on this origin. */
export const download = (fileName: string, body: Uint8Array): Reply => ({
  status: 200,
  headers: {
    ...pageHeaders,
    "content-type": "application/octet-stream",
    "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`,
  },
  body,
})

/** The form as an action: text fields, and at most a file per input. Rejects when it cannot be read. */
export const readForm = async (request: ApiRequest): Promise<object> => {
  const type = header(request, "content-type") ?? ""
  if (type.includes("application/x-www-form-urlencoded"))
    return Object.fromEntries(new URLSearchParams(request.body.toString("utf8")))
  const form = await new Response(new Uint8Array(request.body), {
    headers: { "content-type": type },
  }).formData()
  const fields: Record<string, unknown> = {}
  const attachments: Array<object> = []
  for (const [name, value] of form) {
    if (typeof value === "string") fields[name] = value
    else if (value.size > 0) {
      const content = Buffer.from(await value.arrayBuffer()).toString("base64")
      attachments.push({ file_name: value.name, content_type: value.type, content_base64: content })
    }
  }
  return attachments.length === 0 ? fields : { ...fields, attachments }
}

/** Why an action was refused, in words for the page: of the Support side or of the messaging side. */
export const problemOf = (error: ApiError): string => {
  const body = parseJson(String(error.reply.body))
  const details = Object.values(asObject(get(body, "details"))).flat()
  const texts = details.flatMap((item) => asString(get(item, "description")) ?? [])
  const first = asArray(get(body, "errors"))[0]
  const words = asString(get(body, "description")) ?? asString(get(first, "title"))
  return texts.join(" ") || (words ?? "The action was refused.")
}
