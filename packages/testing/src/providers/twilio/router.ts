/** The fake's HTTP interface: which call is what, and what Twilio would say to it. */
import { hexId } from "./edge.ts"
import { type Call, jsonReply, type Reply, type Route } from "./loopback.ts"
import { errorOf, type FakeMedia, resourceOf, type TwilioMessage } from "./model.ts"
import type { TwilioState } from "./State.ts"

const refusal = (
  status: number,
  code: number | string | undefined,
  message: string,
  retryAfter?: number,
): Reply =>
  jsonReply(
    status,
    errorOf(status, code, message),
    retryAfter === undefined ? {} : { "retry-after": String(retryAfter) },
  )

const isAuthorized = (call: Call, state: TwilioState): boolean =>
  call.headers["authorization"] ===
  `Basic ${Buffer.from(`${state.accountSid}:${state.authToken}`).toString("base64")}`

/** What Twilio checks before it takes a message. */
const problemOf = (form: URLSearchParams, state: TwilioState): Reply | null => {
  const to = form.get("To") ?? ""
  const from = form.get("From") ?? ""
  const body = form.get("Body") ?? ""
  const media = form.getAll("MediaUrl")
  if (to === "") return refusal(400, 21604, "A 'To' phone number is required.")
  if (!/^(?:whatsapp:)?\+?[0-9]{3,15}$/.test(to))
    return refusal(400, 21211, `Invalid 'To' Phone Number: ${to}`)
  if (from === "" && !form.has("MessagingServiceSid"))
    return refusal(400, 21603, "A 'From' phone number is required.")
  if (body === "" && media.length === 0 && !form.has("ContentSid"))
    return refusal(400, 21602, "Message body is required.")
  if (body.length > 1600)
    return refusal(400, 21617, "The concatenated message body exceeds the 1600 character limit")
  if (media.length > 10) return refusal(400, 21623, "Number of media files exceeds allowed limit")
  const host = URL.parse(form.get("StatusCallback") ?? "")?.hostname ?? ""
  if (host.includes("_")) return refusal(400, 21609, "Invalid 'StatusCallback' URL")
  return state.optedOut.has(`${to}|${from}`)
    ? refusal(400, 21610, "Attempt to send to unsubscribed recipient")
    : null
}

const create = (call: Call, state: TwilioState, created: (message: TwilioMessage) => void): Reply => {
  const form = new URLSearchParams(call.body)
  const problem = problemOf(form, state)
  if (problem !== null) return problem
  const mediaUrls = form.getAll("MediaUrl")
  const message: TwilioMessage = {
    sid: `${mediaUrls.length > 0 ? "MM" : "SM"}${hexId(16)}`,
    direction: "outbound-api",
    from: form.get("From") ?? "+15005550006",
    to: form.get("To") ?? "",
    body: form.get("Body") ?? "",
    mediaUrls,
    messagingServiceSid: form.get("MessagingServiceSid"),
    statusCallback: form.get("StatusCallback"),
    contentSid: form.get("ContentSid"),
    contentVariables: form.get("ContentVariables"),
    status: "queued",
    errorCode: null,
    createdAt: state.now(),
  }
  state.messages.push(message)
  created(message)
  return jsonReply(201, resourceOf(message, state.accountSid))
}

const list = (call: Call, state: TwilioState): Reply => {
  const wanted = (name: string, value: string) => {
    const asked = call.url.searchParams.get(name)
    return asked === null || asked === value
  }
  const size = Number(call.url.searchParams.get("PageSize") ?? "50")
  const found = state.messages
    .filter((m) => wanted("To", m.to) && wanted("From", m.from))
    .toReversed()
    .slice(0, Math.min(1000, Math.max(1, size)))
  return jsonReply(200, {
    messages: found.map((m) => resourceOf(m, state.accountSid)),
    page: 0,
    page_size: size,
    next_page_uri: null,
  })
}

const bytesOf = (media: FakeMedia): Reply => ({
  status: 200,
  headers: { "content-type": media.contentType },
  body: media.bytes,
})

/** Twilio's own URL of a file answers with a redirect to the CDN. */
const mediaReply = (state: TwilioState, media: FakeMedia, id: string): Reply =>
  media.redirect === null
    ? bytesOf(media)
    : { status: 307, headers: { location: media.redirect ?? `${state.cdnUrl}/${id}` }, body: "" }

/** The CDN is another host, and takes no credentials. */
export const makeCdn =
  (state: TwilioState) =>
  (call: Call): Route | null => {
    const file = state.media.get(call.url.pathname.slice(1))
    if (file === undefined) return null
    return { operation: "cdn", refuse: (fault) => jsonReply(fault.status, {}), run: () => bytesOf(file) }
  }

/** The route of a call, or null. */
export const makeRouter =
  (state: TwilioState, created: (message: TwilioMessage) => void) =>
  (call: Call): Route | null => {
    const account = `/2010-04-01/Accounts/${state.accountSid}/`
    const guarded = (operation: string, run: () => Reply): Route => ({
      operation,
      refuse: (fault) => refusal(fault.status, fault.code, fault.message ?? "refused", fault.retryAfter),
      run: () => (isAuthorized(call, state) ? run() : refusal(401, 20003, "Authenticate")),
    })
    const path = call.url.pathname
    if (!path.startsWith(account)) return null
    const rest = path.slice(account.length)
    if (rest === "Messages.json" && call.method === "POST")
      return guarded("create", () => create(call, state, created))
    if (rest === "Messages.json" && call.method === "GET") return guarded("list", () => list(call, state))
    const media = /^Messages\/\w+\/Media\/(ME\w+)$/.exec(rest)?.[1]
    const kept = media === undefined ? undefined : state.media.get(media)
    if (media !== undefined && kept !== undefined)
      return guarded("media", () => mediaReply(state, kept, media))
    const sid = /^Messages\/(\w+)\.json$/.exec(rest)?.[1]
    const message = state.messages.find((m) => m.sid === sid)
    return message === undefined || call.method !== "GET"
      ? null
      : guarded("fetch", () => jsonReply(200, resourceOf(message, state.accountSid)))
  }
