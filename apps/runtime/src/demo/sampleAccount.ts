/** The Zendesk account of the demonstration: the emulator's seed, and what an administrator would set up in it. */
import { assistTriggerRequests, triggerRequest, webhookRequest } from "@opencx/zendesk"
import { sampleHelpCenter, type Seed } from "@opencx/zendesk-emulator"
import { Effect, Schema } from "effect"
import { HttpClient, HttpClientRequest, HttpClientResponse } from "effect/http"

export const clientId = "opencx"
export const clientSecret = "opencx-secret"

/** Users, agents, OAuth client and the whole sample Help Center. */
export const sampleSeed: Seed = {
  oauthClients: [{ id: clientId, secret: clientSecret }],
  helpCenter: sampleHelpCenter,
}

const Token = Schema.Struct({ access_token: Schema.String })
const CreatedWebhook = Schema.Struct({ webhook: Schema.Struct({ id: Schema.String }) })
const SigningSecret = Schema.Struct({ signing_secret: Schema.Struct({ secret: Schema.String }) })

const post = (url: string, body: unknown) =>
  HttpClientRequest.post(url).pipe(HttpClientRequest.bodyJsonUnsafe(body))

/** Somebody who may set up the account. */
const administrator = Effect.fnUntraced(function* (emulatorUrl: string) {
  const http = HttpClient.filterStatusOk(yield* HttpClient.HttpClient)
  const { access_token } = yield* http
    .execute(
      post(`${emulatorUrl}/oauth/tokens`, {
        grant_type: "client_credentials",
        client_id: clientId,
        client_secret: clientSecret,
        scope: "read write",
      }),
    )
    .pipe(Effect.flatMap(HttpClientResponse.schemaBodyJson(Token)))
  return http.pipe(HttpClient.mapRequest(HttpClientRequest.bearerToken(access_token)))
})

/** Makes a webhook with the triggers that fire it, and answers with the signing secret to copy. */
const setUp = Effect.fnUntraced(function* (
  emulatorUrl: string,
  webhookOf: Parameters<typeof webhookRequest>[0],
  triggersOf: (webhookId: string) => ReadonlyArray<unknown>,
) {
  const admin = yield* administrator(emulatorUrl)
  const { webhook } = yield* admin
    .execute(post(`${emulatorUrl}/api/v2/webhooks`, webhookRequest(webhookOf)))
    .pipe(Effect.flatMap(HttpClientResponse.schemaBodyJson(CreatedWebhook)))
  for (const trigger of triggersOf(webhook.id))
    yield* admin.execute(post(`${emulatorUrl}/api/v2/triggers`, trigger))
  const { signing_secret } = yield* admin
    .get(`${emulatorUrl}/api/v2/webhooks/${webhook.id}/signing_secret`)
    .pipe(Effect.flatMap(HttpClientResponse.schemaBodyJson(SigningSecret)))
  return { webhookId: webhook.id, signingSecret: signing_secret.secret }
})

/** Does what an administrator does by hand: webhook, trigger, and the signing secret to copy. */
export const setUpWebhook = Effect.fn("setUpWebhook")((emulatorUrl: string, hookUrl: string) =>
  setUp(emulatorUrl, { endpoint: hookUrl }, (webhookId) => [triggerRequest({ webhookId })]),
)

/** The same for drafts on tickets that humans work on. */
export const setUpAssist = Effect.fn("setUpAssist")((emulatorUrl: string, hookUrl: string) =>
  setUp(emulatorUrl, { endpoint: hookUrl, name: "OpenCX assist" }, (webhookId) => {
    const { customerComments, mentions } = assistTriggerRequests({ webhookId })
    return [customerComments, mentions]
  }),
)
