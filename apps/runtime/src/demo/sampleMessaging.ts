/** The messaging side of the sample account, set up as an administrator does it in Zendesk's Admin Center. */
import { messagingTriggers } from "@opencx/zendesk"
import { sampleSunshineApp } from "@opencx/zendesk-emulator"
import { Effect, Schema } from "effect"
import { HttpClient, HttpClientRequest, HttpClientResponse } from "effect/http"

const { appId, keyId, secret } = sampleSunshineApp

const Id = Schema.Struct({ id: Schema.String })
const Integration = Schema.Struct({
  integration: Schema.Struct({
    id: Schema.String,
    webhooks: Schema.Array(Schema.Struct({ secret: Schema.String })),
  }),
})
const Integrations = Schema.Struct({
  integrations: Schema.Array(Schema.Struct({ id: Schema.String, type: Schema.String })),
})
const Switchboards = Schema.Struct({ switchboards: Schema.Array(Id) })
const Responder = Schema.Struct({ id: Schema.String, name: Schema.String })
const Responders = Schema.Struct({ switchboardIntegrations: Schema.Array(Responder) })
const NewResponder = Schema.Struct({ switchboardIntegration: Responder })

/** Channels that a customer can use through Zendesk, on which we shall be the first to answer. */
const ours = new Set(["whatsapp", "messenger", "instagram", "web"])

/** Answers with the secret that the webhook carries. */
export const setUpMessaging = Effect.fn("setUpMessaging")(function* (emulatorUrl: string, hookUrl: string) {
  const base = `${emulatorUrl}/sc/v2/apps/${appId}`
  const http = HttpClient.filterStatusOk(yield* HttpClient.HttpClient).pipe(
    HttpClient.mapRequest(HttpClientRequest.basicAuth(keyId, secret)),
  )
  const send = (request: HttpClientRequest.HttpClientRequest, body: unknown) =>
    http.execute(HttpClientRequest.bodyJsonUnsafe(request, body))
  const read = <A, I>(path: string, schema: Schema.Codec<A, I>) =>
    http.get(base + path).pipe(Effect.flatMap(HttpClientResponse.schemaBodyJson(schema)))

  yield* send(HttpClientRequest.patch(base), { settings: { multiConvoEnabled: true } })
  const { integration } = yield* send(HttpClientRequest.post(`${base}/integrations`), {
    type: "custom",
    status: "active",
    displayName: "opencx",
    webhooks: [
      { target: hookUrl, triggers: messagingTriggers, includeFullUser: true, includeFullSource: true },
    ],
  }).pipe(Effect.flatMap(HttpClientResponse.schemaBodyJson(Integration)))
  const [switchboard] = (yield* read("/switchboards", Switchboards)).switchboards
  const responders = `${base}/switchboards/${switchboard?.id}/switchboardIntegrations`
  const { switchboardIntegrations } = yield* read(
    `/switchboards/${switchboard?.id}/switchboardIntegrations`,
    Responders,
  )
  const humans = switchboardIntegrations.find(({ name }) => name === "zd-agentWorkspace")
  const { switchboardIntegration } = yield* send(HttpClientRequest.post(responders), {
    name: "opencx",
    integrationId: integration.id,
    deliverStandbyEvents: true,
    nextSwitchboardIntegrationId: humans?.id,
    messageHistoryCount: 10,
  }).pipe(Effect.flatMap(HttpClientResponse.schemaBodyJson(NewResponder)))
  const channels = (yield* read("/integrations", Integrations)).integrations
  for (const { id, type } of channels) {
    if (!ours.has(type)) continue
    yield* send(HttpClientRequest.patch(`${base}/integrations/${id}`), {
      defaultResponderId: switchboardIntegration.id,
    })
  }
  return { webhookSecret: integration.webhooks[0]?.secret ?? "" }
})

/** The organization's `messaging` section. */
export const messagingConfig = (emulatorUrl: string, webhookSecret: string | null) => ({
  appId,
  keyId,
  secret,
  baseUrl: emulatorUrl,
  ...(webhookSecret === null ? {} : { webhookSecret }),
})
