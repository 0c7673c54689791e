/**
 * `/hooks/zendesk/ticketing/<signed token>`: Zendesk's webhook. The payload is only a signal. Status codes are policy:
 * 401 and 400 are final, 503 with a short Retry-After comes again, everything else is 200; never 500, which Zendesk
 * does not retry.
 */
import { Ingest } from "@opencx/core"
import { storedNames } from "@opencx/zendesk"
import { Effect, Layer } from "effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import { ZendeskAccounts } from "../layers/ZendeskAccounts.ts"
import { WebhooksSeen } from "../layers/WebhooksSeen.ts"
import { ticketingPurpose } from "../signing/purposes.ts"
import { answering, ok, unauthorized } from "./answers.ts"
import { AssistHooks } from "./assistHooks.ts"
import { isByUs, organizationNamed, signalIn, signalKeyOf, staleUrl } from "./zendeskRequest.ts"

const handle = Effect.fnUntraced(function* (request: HttpServerRequest, token: string) {
  const orgId = yield* organizationNamed(ticketingPurpose, token)
  if (orgId === null) return unauthorized(staleUrl)
  const connection = (yield* ZendeskAccounts).get(orgId)?.connection
  const configured = [connection?.webhookSigningSecret, connection?.previousWebhookSigningSecret]
  const signal = yield* signalIn({ orgId, name: storedNames.ticketing, configured }, request)
  yield* (yield* WebhooksSeen).seen(orgId, "zendesk_ticketing")
  // What follows is taken up later, in traces of its own: the session's id is what leads from this one to them.
  yield* Effect.annotateCurrentSpan({
    "opencx.session": signal.externalId ?? "",
    "zendesk.ticket": signal.ticketId,
  })
  const isOver = signal.statusHint !== null && /solved|closed/.test(signal.statusHint)
  if (!isOver && (yield* isByUs(orgId, signal))) return ok("ignored")
  const ingest = yield* Ingest
  const result = yield* ingest.ticketSignal({
    orgId,
    ticketId: signal.ticketId,
    externalId: signal.externalId,
    statusHint: signal.statusHint,
    signalKey: signalKeyOf(request),
  })
  return ok(result)
})

const TicketingHooks = HttpRouter.add("POST", "/hooks/zendesk/ticketing/:token", (request) =>
  Effect.flatMap(HttpRouter.params, ({ token = "" }) =>
    answering("zendesk_ticketing", handle(request, token)),
  ),
)

/** Every webhook of Zendesk Support. */
export const ZendeskHooks = Layer.mergeAll(TicketingHooks, AssistHooks)
