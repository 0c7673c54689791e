/**
 * `/hooks/zendesk/messaging/<signed token>`: Sunshine's webhook. Other rules than Support's: 5xx comes again (5 times in 15
 * minutes), 400, 401 and 404 are final, so that "not known yet" is never one of them.
 */
import { OrgId } from "@opencx/core"
import {
  chatEventOf,
  decodeMessagingEvents,
  maxMessagingBytes,
  messagingKeyHeader,
  storedNames,
  verifyMessagingKey,
} from "@opencx/zendesk"
import { Effect, Option, Schema } from "effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import { type MessagingAccount, MessagingAccounts } from "../layers/MessagingAccounts.ts"
import { Signing } from "../layers/Signing.ts"
import { WebhookSecrets } from "../layers/WebhookSecrets.ts"
import { WebhooksSeen } from "../layers/WebhooksSeen.ts"
import { takeChatEvent } from "../messaging/takeChatEvent.ts"
import { messagingPurpose } from "../signing/purposes.ts"
import { answering, ok, unauthorized } from "./answers.ts"
import { rawBody } from "./body.ts"
import { staleUrl, unlessDown } from "./zendeskRequest.ts"

const orgRef = Schema.decodeUnknownOption(Schema.Tuple([OrgId]))

const verify = Effect.fnUntraced(function* (
  orgId: OrgId,
  { connection }: MessagingAccount,
  request: HttpServerRequest,
) {
  const header = request.headers[messagingKeyHeader]
  const configured = [connection.webhookSecret, connection.previousWebhookSecret]
  const secrets = yield* WebhookSecrets
  yield* secrets.accept({ orgId, name: storedNames.messaging, configured }, (all) =>
    verifyMessagingKey({ header, secrets: all }),
  )
})

const handle = Effect.fnUntraced(function* (request: HttpServerRequest, token: string) {
  const signing = yield* Signing
  const ref = Option.getOrNull(orgRef(signing.urls.open(messagingPurpose, token)))
  if (ref !== null) yield* unlessDown(ref[0])
  const account = ref === null ? null : (yield* MessagingAccounts).get(ref[0])
  if (ref === null || account === null) return unauthorized(staleUrl)
  yield* verify(ref[0], account, request)
  const events = yield* decodeMessagingEvents(yield* rawBody(request, maxMessagingBytes))
  yield* (yield* WebhooksSeen).seen(ref[0], "zendesk_messaging")
  // In order: what a batch tells of one conversation builds on what it told before.
  for (const event of events)
    yield* takeChatEvent({ orgId: ref[0], account }, chatEventOf(event, account.connection))
  return ok("accepted")
})

export const MessagingHooks = HttpRouter.add("POST", "/hooks/zendesk/messaging/:token", (request) =>
  Effect.flatMap(HttpRouter.params, ({ token = "" }) =>
    answering("zendesk_messaging", handle(request, token)),
  ),
)
