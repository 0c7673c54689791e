/** `/hooks/<channel>/<signed token>`: webhooks of channel providers. Verify, decode, journal, answer; nothing else. */
import {
  AccountId,
  type HookAnswer,
  type LiveChannel,
  Ingest,
  Organizations,
  OrgId,
  type RawRequest,
} from "@opencx/core"
import { Effect, Layer, Option, Schema } from "effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { Settings } from "../layers/Settings.ts"
import { Signing } from "../layers/Signing.ts"
import { Plugins } from "../layers/Plugins.ts"
import { WebhooksSeen } from "../layers/WebhooksSeen.ts"
import { answering, badRequest, unauthorized } from "./answers.ts"
import { rawBody } from "./body.ts"
import { unlessDown } from "./zendeskRequest.ts"

/** Providers send mails of up to 30 MB as JSON with base64 in it. */
const maxBytes = 45_000_000

const refs = Schema.decodeUnknownOption(Schema.Tuple([OrgId, AccountId]))

/** The account that a token names, if we signed it for this channel and it still exists. */
const channelOf = Effect.fnUntraced(function* (channelId: string, token: string) {
  const signing = yield* Signing
  const organizations = yield* Organizations
  const parts = Option.getOrNull(refs(signing.urls.open(`channel:${channelId}`, token)))
  if (parts === null) return null
  yield* unlessDown(parts[0])
  const organization = yield* Effect.orElseSucceed(organizations.get(parts[0]), () => null)
  const channel = organization?.channels.get(parts[1])
  return channel !== undefined && channel.bound.plugin.id === channelId ? channel : null
})

const said = ({ body, contentType, status }: HookAnswer) =>
  HttpServerResponse.text(body, { status, contentType })

const take = Effect.fnUntraced(function* (channel: LiveChannel, raw: RawRequest) {
  const { bound } = channel
  if (bound.receive === null)
    return badRequest("This account takes no webhooks.", "Check the account's settings.")
  const ingest = yield* Ingest
  const events = yield* bound.receive(raw)
  yield* (yield* WebhooksSeen).seen(bound.orgId, bound.plugin.id)
  yield* ingest.events(bound, events)
  return said(bound.answer(raw))
})

/** A provider's question whether this URL is ours. */
const shakeHands = ({ bound }: LiveChannel, raw: RawRequest) =>
  Effect.sync(() =>
    bound.handshake === null
      ? HttpServerResponse.text("This webhook takes POST.", { status: 405, headers: { allow: "POST" } })
      : said(bound.handshake(raw)),
  )

const handle = Effect.fnUntraced(function* (request: HttpServerRequest, channelId: string, token: string) {
  const { publicUrl } = yield* Settings
  const channel = yield* channelOf(channelId, token)
  if (channel === null) return unauthorized("This webhook URL is not valid (any more); copy the current one.")
  const raw: RawRequest = {
    method: request.method,
    url: publicUrl + request.originalUrl.replace(/^https?:\/\/[^/]+/, ""),
    headers: request.headers,
    body: request.method === "GET" ? new Uint8Array() : yield* rawBody(request, maxBytes),
    remoteAddress: Option.getOrNull(Option.map(request.remoteAddress, String)),
  }
  return yield* request.method === "GET" ? shakeHands(channel, raw) : take(channel, raw)
})

const hook = (method: "GET" | "POST") =>
  HttpRouter.add(method, "/hooks/:channel/:token", (request) =>
    Effect.gen(function* () {
      const { channel = "", token = "" } = yield* HttpRouter.params
      // A stranger's word is no label: there would be as many figures as words.
      const isOurs = (yield* Plugins).all.some(({ id }) => id === channel)
      return yield* answering(isOurs ? channel : "unknown", handle(request, channel, token))
    }),
  )

export const ChannelHooks = Layer.mergeAll(hook("POST"), hook("GET"))
