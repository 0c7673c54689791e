/**
 * `/hooks/zendesk/assist/<signed token>`: news on tickets that humans work on. The same signature and status codes as for
 * our own tickets; what is to be done, if anything, is decided when the ticket is read.
 */
import { assistLane, Engine, isAssistOn } from "@opencx/core"
import { storedNames } from "@opencx/zendesk"
import { Effect } from "effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import { WebhooksSeen } from "../layers/WebhooksSeen.ts"
import { LiveOrganizations } from "../organizations/LiveOrganizations.ts"
import { assistPurpose } from "../signing/purposes.ts"
import { answering, ok, unauthorized } from "./answers.ts"
import { isByUs, organizationNamed, staleUrl, signalIn, signalKeyOf } from "./zendeskRequest.ts"

const handle = Effect.fnUntraced(function* (request: HttpServerRequest, token: string) {
  const orgId = yield* organizationNamed(assistPurpose, token)
  const organization = orgId === null ? undefined : (yield* LiveOrganizations).get(orgId)?.live?.config
  if (orgId === null || organization === undefined) return unauthorized(staleUrl)
  const configured = [organization.assistSigningSecret, organization.previousAssistSigningSecret]
  const signal = yield* signalIn({ orgId, name: storedNames.assist, configured }, request)
  yield* (yield* WebhooksSeen).seen(orgId, "zendesk_assist")
  // A switch that is off keeps no journal of other people's tickets.
  if (!isAssistOn(organization.assist) || (yield* isByUs(orgId, signal))) return ok("ignored")
  yield* (yield* Engine).accept({
    lane: assistLane(orgId, signal.ticketId),
    eventKey: signalKeyOf(request),
    sessionId: null,
    event: { _tag: "TicketSignal", ticketId: signal.ticketId, statusHint: signal.statusHint },
  })
  return ok("accepted")
})

export const AssistHooks = HttpRouter.add("POST", "/hooks/zendesk/assist/:token", (request) =>
  Effect.flatMap(HttpRouter.params, ({ token = "" }) => answering("zendesk_assist", handle(request, token))),
)
