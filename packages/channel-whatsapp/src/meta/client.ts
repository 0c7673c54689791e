/** One call to Meta's Graph API, and what its failure means. */
import type { SendFailure } from "@opencx/core"
import { Effect, Redacted, Schema } from "effect"
import { type CallFailed, http, type Reply } from "../edge/http.ts"
import { ambiguous, hold, permanent, retry, slowdownMs } from "../outbound/failure.ts"
import { heldUntilTheyWrite } from "../outbound/window.ts"
import type { MetaSettings } from "../settings.ts"
import { classOf, explainCode } from "./errors.ts"
import * as Wire from "./wire.ts"

const MAX_ANSWER = 262_144

/** A call that did not succeed. `code`: Meta's; null when there was no readable answer. */
export class GraphFailed extends Schema.TaggedError<GraphFailed>("@opencx/channel-whatsapp/GraphFailed")(
  "GraphFailed",
  {
    status: Schema.NullOr(Schema.Number),
    code: Schema.NullOr(Schema.Number),
    details: Schema.NullOr(Schema.String),
    retryAfterMs: Schema.NullOr(Schema.Number),
    /** True when nobody can say whether Meta has acted. */
    doubtful: Schema.Boolean,
  },
) {}

const readErrorBody = Wire.reader(Schema.fromJsonString(Schema.Struct({ error: Schema.Unknown })))

const retryAfterOf = (reply: Reply): number | null => {
  const seconds = Number(reply.headers["retry-after"] ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 3600) * 1000 : null
}

const failedCall = (error: CallFailed) =>
  new GraphFailed({
    status: null,
    code: null,
    details: error.detail,
    retryAfterMs: null,
    doubtful: error.reached,
  })

/** Meta repeats a token that it cannot read. */
const failedReply = (reply: Reply, token: string) => {
  const error = Wire.readError(readErrorBody(new TextDecoder().decode(reply.body))?.error)
  return new GraphFailed({
    status: reply.status,
    code: error?.code ?? null,
    details: (error?.error_data?.details ?? error?.message)?.replaceAll(token, "…") ?? null,
    retryAfterMs: retryAfterOf(reply),
    // Meta's own error says that it refused. A bare 5xx may come from something in between, which has seen no answer;
    // 503 and 429 say that nothing was tried.
    doubtful: error === null && reply.status >= 500 && reply.status !== 503,
  })
}

/** Posts to `/<version>/<number>/<path>`; answers with the body of a 2xx. */
export const post = Effect.fnUntraced(function* (
  settings: MetaSettings,
  path: "messages" | "media",
  contentType: string,
  body: Uint8Array,
) {
  const token = Redacted.value(settings.accessToken)
  const reply = yield* http({
    method: "POST",
    url: `${settings.apiBaseUrl}/${settings.graphVersion}/${settings.phoneNumberId}/${path}`,
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": contentType,
      "content-length": String(body.length),
    },
    body,
    maxBytes: MAX_ANSWER,
    timeoutMs: settings.timeoutMs,
  }).pipe(Effect.mapError(failedCall))
  if (reply.status < 200 || reply.status > 299) return yield* failedReply(reply, token)
  return new TextDecoder().decode(reply.body)
})

const THROTTLED_MS = 60_000

/** What the engine should do. `slowdown` counts how often this delivery was throttled. */
export const sendFailureOf = (error: GraphFailed, slowdown: () => number): SendFailure => {
  const { code, details, doubtful, retryAfterMs, status } = error
  if (doubtful) return ambiguous(`no answer from WhatsApp (${details ?? `status ${status}`})`)
  const detail = `WhatsApp answered ${status ?? "nothing"}${code === null ? "" : `, code ${code}`}: ${details ?? ""}`
  if (status === null) return retry(`WhatsApp cannot be reached: ${details}`)
  if (code === null) {
    if (status === 429) return retry(detail, retryAfterMs ?? THROTTLED_MS)
    // Out of order, not full: the engine's own growing pauses do.
    if (status === 503) return retry(detail, retryAfterMs)
    return permanent(String(status), explainCode(null, `status ${status}`, null))
  }
  switch (classOf(code)) {
    case "pair":
      return retry(detail, Math.max(retryAfterMs ?? 0, slowdownMs(slowdown())))
    case "throttle":
      return retry(detail, retryAfterMs ?? THROTTLED_MS)
    case "server":
      return retry(detail, retryAfterMs)
    case "window":
      return hold(heldUntilTheyWrite(null))
    case "unknown":
      // A code that we do not know with a status that says "later" is believed.
      if (status === 429 || status >= 500) return retry(detail, retryAfterMs)
      return permanent(String(code), explainCode(code, details, null))
    case "auth":
    case "template":
    case "final":
      return permanent(String(code), explainCode(code, details, null))
  }
}
